import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { loadConfig } from '../../config/load-config.ts';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { runCommand } from '../cli/run-command.ts';
import { engines, makeWorkplace, type Workplace } from '../pipelines/workplace.ts';
import { createPostgresDatabase, type TestDatabase } from '../servers/postgres.ts';
import { expectGoodNight, nextNight, paymentsYaml } from './night.ts';

let database: TestDatabase;
let place: Workplace | undefined;
beforeAll(async () => {
  database = await createPostgresDatabase();
});
afterEach(async () => {
  await place?.remove();
  place = undefined;
});
afterAll(() => database.drop());

async function ask(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const failure = async () => {
  if (place === undefined) throw new Error('no workplace');
  return runPipeline(await place.config(), { now: nextNight() }).then(
    () => ({ code: 'no failure' }),
    (error: unknown) => error,
  );
};

describe.each(engines)('on %s, a source', (engine) => {
  const limited = (yaml: string) => `${yaml}\nlimits: { table: 2MB }\n`;

  it('that never ends is cut off at limits.table, and its server works on it no longer', async () => {
    const endless =
      'with recursive endless(id) as (select cast(1 as bigint) union all select id + 1 from endless)';
    const query = `query: "${endless} select id, 'c1' as client, cast(1.5 as numeric(4, 2)) as amount from endless"
        key: id`;
    const yaml = paymentsYaml(`type: postgres\n    url: "${database.url}"`, query);
    place = await makeWorkplace(limited(yaml), {}, {}, engine);
    expect(await failure()).toMatchObject({
      code: 'WC-LIMIT-001',
      where: 'finance.payments',
      message: expect.stringContaining('more than 2.0 MB'),
      hint: expect.stringContaining('limits: { table: … }'),
    });
    const running = `select pid from pg_stat_activity
      where query ilike '%with recursive endless%' and pid <> pg_backend_pid() and state = 'active'`;
    while ((await ask(running)).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  });

  it('that packs 40 MB into 40 KB is cut off there too', async () => {
    const bomb = gzipSync(
      Buffer.concat([Buffer.from('id,client,amount\n'), Buffer.alloc(40_000_000, '1,c1,2\n')]),
    );
    expect(bomb.length).toBeLessThan(100_000);
    const yaml = paymentsYaml('type: files\n    path: .').replace('payments:\n', 'payments.csv.gz:\n');
    place = await makeWorkplace(limited(yaml), { 'payments.csv.gz': bomb }, {}, engine);
    expect(await failure()).toMatchObject({ code: 'WC-LIMIT-001', where: 'finance.payments.csv.gz' });
  });
});

describe('a disk', () => {
  it('with less room than limits.free_disk keeps free ends the run before it begins', async () => {
    const yaml = `${paymentsYaml('type: files\n    path: .').replace('payments:\n', 'payments.csv:\n')}\nlimits: { free_disk: 900000TB }\n`;
    place = await makeWorkplace(yaml, { 'payments.csv': 'id,client,amount\n1,c1,2\n' });
    expect(await failure()).toMatchObject({
      code: 'WC-LIMIT-002',
      hint: expect.stringContaining('whalecurve clean --dry-run'),
    });
  });
});

describe('SQL', () => {
  it('in the name of a table, of a column and of a value stays a name and a value', async () => {
    await database.run(`
      create table "x""; drop table kept; --" ("id" int primary key, "client"" or 1=1 --" text, amount numeric(12, 2));
      insert into "x""; drop table kept; --" values (1, 'c1''); drop table kept; --', 7);
      create table kept (id int)`);
    place = await makeWorkplace(`
warehouse: { engine: duckdb, path: warehouse.duckdb }
reporting: { as_of: 2026-06-30 }
sources:
  finance:
    type: postgres
    url: "${database.url}"
    tables:
      'x"; drop table kept; --':
        entity: payments
        map: { payment_ref: id, account_ref: '"client"" or 1=1 --"', amount: amount }
`);
    await expectGoodNight(place);
    expect(await place.query('warehouse', 'select account_ref, amount from warehouse.payments')).toEqual([
      { account_ref: "c1'); drop table kept; --", amount: '7.0000' },
    ]);
    expect(await ask('select count(*) as tables from kept')).toEqual([{ tables: '0' }]);
  });
});

describe('a config', () => {
  it('whose aliases would grow to a billion nodes is refused with WC-CONFIG-001', async () => {
    const lines = ['a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]'];
    for (const [index, name] of [...'bcdefghi'].entries()) {
      const before = 'abcdefgh'[index];
      lines.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`);
    }
    place = await makeWorkplace(lines.join('\n'));
    await expect(loadConfig(place.configFile, {})).rejects.toMatchObject({ code: 'WC-CONFIG-001' });
  });

  it('cannot name a file outside of the folder of its source', async () => {
    const yaml = paymentsYaml('type: files\n    path: data').replace('payments:\n', '../secret.csv:\n');
    place = await makeWorkplace(yaml, { 'secret.csv': 'id\n1\n', 'data/other.csv': 'id\n1\n' });
    expect(await failure()).toMatchObject({
      code: 'WC-FILE-001',
      message: expect.stringContaining('leads out of'),
    });
  });
});

describe('a customer whose name is a formula', () => {
  it('comes out of `query --csv` with an apostrophe before it; a negative number does not', async () => {
    const yaml = paymentsYaml('type: files\n    path: .').replace('payments:\n', 'payments.csv:\n');
    place = await makeWorkplace(yaml, {
      'payments.csv': 'id,client,amount\n1,"=HYPERLINK(""http://evil.example"")",-2.50\n',
    });
    await expectGoodNight(place);
    const sql = 'select account_ref, amount from warehouse.payments';
    const { stdout } = await runCommand(['query', sql, '--csv'], { cwd: place.folder });
    expect(stdout).toBe(`account_ref,amount\n"'=HYPERLINK(""http://evil.example"")",-2.5000\n`);
  });
});
