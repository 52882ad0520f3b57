import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConfigFolder, makeConfigFolder } from '../config/config-folder.ts';
import { createPostgresDatabase, type TestDatabase } from '../servers/postgres.ts';
import { redisServerUrl } from '../servers/redis.ts';
import { runCommand } from './run-command.ts';

let folder: ConfigFolder;
let database: TestDatabase;
beforeAll(async () => {
  folder = await makeConfigFolder();
  database = await createPostgresDatabase();
  await database.run(`
    create schema billing;
    create table billing.customers (customer_no integer primary key, display_name text, phone text);
    create table billing.payments (payment_id integer primary key, customer_no integer, amount_cents bigint);
  `);
});
afterAll(async () => {
  await database.drop();
  await folder.remove();
});

interface Line {
  group: string;
  subject: string;
  level: string;
  message: string;
  code?: string;
  where?: string;
  hint?: string;
}

async function check(text: string): Promise<{ exitCode: number; lines: Line[]; stdout: string }> {
  const file = await folder.write('whalecurve.yml', text);
  const { exitCode, stdout, stderr } = await runCommand(['check', '--json', '-c', file], {
    cwd: folder.path,
    environment: { FINANCE_URL: withPassword(database.url), REDIS_URL: redisServerUrl() },
  });
  // Whatever is wrong is a verdict: nothing may be thrown.
  expect(stderr).toBe('');
  return { exitCode, stdout, lines: JSON.parse(stdout) };
}

function withPassword(url: string): string {
  const parsed = new URL(url);
  if (parsed.password === '') parsed.password = 'hidden-77';
  return parsed.href;
}

const finance = (tables: string) => `sources:
  finance:
    type: postgres
    url: \${FINANCE_URL}
    tables:
${tables}
`;
const customers = `      billing.customers: { entity: accounts, map: { account_ref: customer_no, full_name: display_name } }`;

describe('whalecurve check', () => {
  it('has a verdict for the config, the connection, each table, each mapping and the folders, and ends with 0', async () => {
    const file = await folder.write('whalecurve.yml', finance(customers));
    const { exitCode, stdout } = await runCommand(['check', '-c', file], {
      cwd: folder.path,
      environment: { FINANCE_URL: withPassword(database.url) },
    });
    expect(exitCode).toBe(0);
    const lines = stdout.split('\n').map((line) => line.replace(/ {2,}/g, '  '));
    expect(lines).toEqual([
      'config',
      `  ✓ ${file}  1 source, 1 table, as of 2026-01-31 in UTC`,
      '',
      'finance (postgres)',
      expect.stringMatching(/^ {2}✓ finance {2}connected to PostgreSQL \d+.* as \w+, read-only$/),
      '  ✓ finance.billing.customers  3 columns, may be read',
      '  ✓ finance.billing.customers  accounts: 2 mapped, 1 matched by name (phone), 24 left empty',
      '',
      'warehouse (duckdb)',
      `  ✓ warehouse  ${folder.path}/warehouse.duckdb`,
      `  ✓ state  ${folder.path}/state.duckdb`,
      '',
      '6 ok',
      '',
    ]);
  });

  it('goes on after a table that does not exist and a mapping that cannot work, and ends with 1', async () => {
    const { exitCode, lines } = await check(
      finance(`${customers}
      billing.invoices: { entity: payments }
      billing.payments: { entity: payments, map: { payment_ref: payment_id, account_ref: custmer_no, amount: amount_cents } }`),
    );
    expect(exitCode).toBe(1);
    const failed = lines.filter(({ level }) => level === 'failed');
    expect(failed.map(({ subject, code }) => [subject, code])).toEqual([
      ['finance.billing.invoices', 'WC-SOURCE-004'],
      ['finance.billing.payments', 'WC-MAP-002'],
    ]);
    // `      billing.payments: { entity: payments, map: { payment_ref: payment_id, account_ref: ` is 89 characters.
    expect(failed[1]).toMatchObject({
      where: expect.stringMatching(/whalecurve\.yml:8:90$/),
      hint: 'did you mean `customer_no`?',
    });
    expect(lines.filter(({ level }) => level === 'ok').map(({ subject }) => subject)).toContain(
      'finance.billing.customers',
    );
  });

  it('tells of a required column that nothing gives (WC-MAP-003) and of an expression that is no SQL (WC-MAP-001)', async () => {
    const { lines } = await check(
      finance(`      billing.customers: { entity: accounts, map: { full_name: display_name } }
      billing.payments: { entity: payments, map: { payment_ref: payment_id, account_ref: customer_no, amount: amount_cents * } }`),
    );
    expect(lines.filter(({ level }) => level === 'failed').map(({ code }) => code)).toEqual([
      'WC-MAP-003',
      'WC-MAP-001',
    ]);
  });

  it('reports a host that is down and goes on with the other sources', async () => {
    const { exitCode, lines } = await check(
      `${finance(customers)}  sales: { type: postgres, url: "postgres://reader:hidden-88@127.0.0.1:1/x", tables: {} }\n`,
    );
    expect(exitCode).toBe(1);
    expect(
      lines.filter(({ level }) => level === 'failed').map(({ subject, code }) => [subject, code]),
    ).toEqual([['sales', 'WC-SOURCE-001']]);
  });

  it('warns of a password that stands in the file, with its place, and never shows one', async () => {
    const { lines, stdout } = await check(
      `${finance(customers)}  sales: { type: postgres, url: "postgres://reader:hidden-88@127.0.0.1:1/x", tables: {} }\n`,
    );
    expect(lines.find(({ level, group }) => level === 'warning' && group === 'config')).toMatchObject({
      message: 'a password stands in the file itself',
      where: expect.stringMatching(/whalecurve\.yml:7:33$/),
    });
    expect(stdout).not.toMatch(/hidden-(77|88)/);
  });

  it('tries Redis where the runner needs it (WC-QUEUE-001)', async () => {
    const runner = (url: string) => `runner: { type: bullmq, redis: "${url}" }\n${finance(customers)}`;
    const line = ({ lines }: { lines: Line[] }) => lines.find(({ subject }) => subject === 'redis');
    expect(line(await check(runner('redis://127.0.0.1:1')))).toMatchObject({
      level: 'failed',
      code: 'WC-QUEUE-001',
    });
    expect(line(await check(runner('${REDIS_URL}')))).toMatchObject({ level: 'ok' });
  });

  it('names a currency of the mappings without a rate, and a hole in the rates', async () => {
    await folder.write(
      'rates.csv',
      'date,from,to,rate\n2026-01-01,GBP,USD,1.2500\n2026-01-20,GBP,USD,1.2600\n2026-01-30,GBP,USD,1.2700\n',
    );
    const { lines } = await check(
      `reporting: { exchange_rates: { file: rates.csv } }
${finance(`      billing.payments: { entity: payments, map: { payment_ref: payment_id, account_ref: customer_no, amount: amount_cents, currency: "'SEK'" } }`)}`,
    );
    const rates = lines.filter(({ subject }) => subject === 'exchange rates');
    expect(rates.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'ok: 3 rates to USD from GBP',
      'failed: there is no rate from SEK to USD, in which amounts are mapped',
      // From the 1st to the 20th are 19 days, from the 20th to the 30th 10: two holes of more than a week.
      'warning: GBP has no rate between 2026-01-01 and 2026-01-20, and 1 more such hole',
    ]);
  });

  it('says that the warehouse cannot be written where its folder is a file', async () => {
    await folder.write('a-file', '');
    const { lines } = await check(
      `warehouse: { engine: duckdb, path: ./a-file/warehouse.duckdb }\n${finance(customers)}`,
    );
    expect(lines.find(({ subject }) => subject === 'warehouse')).toMatchObject({ level: 'failed' });
  });

  it('looks at a PostgreSQL warehouse: the server, its version, and the right to make schemas', async () => {
    const { exitCode, lines } = await check(
      `warehouse: { engine: postgres, url: '${database.url}' }\n${finance(customers)}`,
    );
    expect(exitCode).toBe(0);
    const ofWarehouse = lines.filter(({ group }) => group === 'warehouse (postgres)');
    expect(ofWarehouse.every(({ level }) => level === 'ok')).toBe(true);
    expect(ofWarehouse[0]?.message).toMatch(/PostgreSQL \d+/);
  });

  it('says what is wrong with a PostgreSQL warehouse that cannot be reached (WC-ENGINE-005)', async () => {
    const { exitCode, lines } = await check(
      `warehouse: { engine: postgres, url: 'postgres://x@127.0.0.1:1/x' }\n${finance(customers)}`,
    );
    expect(exitCode).toBe(1);
    expect(lines.find(({ group }) => group === 'warehouse (postgres)')).toMatchObject({
      level: 'failed',
      code: 'WC-ENGINE-005',
    });
  });
});
