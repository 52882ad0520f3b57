import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dateText, timeText } from '../../demo/calendar.ts';
import { moneyText } from '../../demo/csv-line.ts';
import { brokenTickets } from '../../demo/exports/service-exports.ts';
import { type SeedOptions, type SeedResult, seedCompany } from '../../demo/seed/seed-company.ts';
import { type SiloTableName, siloTable, type Value } from '../../demo/tables.ts';
import { writeDemoFolder } from '../../demo/write-demo-folder.ts';
import { runCommand } from '../cli/run-command.ts';
import { createMariadbDatabase } from '../servers/mariadb.ts';
import { freePort } from '../servers/own-postgres.ts';
import { createPostgresDatabase, type TestDatabase } from '../servers/postgres.ts';
import { askMysql, askPostgres } from './ask-servers.ts';
import { rowsOfCompany } from './rows-of-company.ts';

// More customers than are made at a time, so that every table is written in several parts.
const size = { seed: 11, customers: 280 };
const company = rowsOfCompany(size);
let folder: string;
let finance: TestDatabase;
let sales: TestDatabase;
let service: TestDatabase;
let seeded: SeedResult[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-seed-'));
  [finance, sales, service] = await Promise.all([
    createPostgresDatabase(),
    createMariadbDatabase(),
    createMariadbDatabase(),
  ]);
  seeded = await seed();
});
afterAll(async () => {
  await Promise.all([finance.drop(), sales.drop(), service.drop()]);
  await rm(folder, { recursive: true, force: true });
});

describe('the seeded company', () => {
  it('has in PostgreSQL the customers and payments that the embedded demo has', async () => {
    const rows = await askPostgres(finance.url, 'select * from billing.payments order by payment_id');
    expect(rows).toEqual(textsOf('billingPayments', { time: (at) => `${timeText(at)}+00` }));
    const customers = await askPostgres(finance.url, 'select * from billing.customers order by customer_no');
    expect(customers).toEqual(textsOf('billingCustomers', { time: (at) => `${timeText(at)}+00` }));
  });

  it('has in MariaDB the orders that the embedded demo has, times in UTC', async () => {
    for (const [table, name, order] of [
      ['shopCustomers', 'customers', 'customer_id'],
      ['shopOrders', '`order`', 'order_id'],
      ['shopOrderLines', 'order_lines', 'order_id, line_no'],
      ['shopReturns', 'returns', 'return_id'],
    ] as const) {
      expect(await askMysql(sales.url, `select * from ${name} order by ${order}`)).toEqual(
        textsOf(table, {}),
      );
    }
  });

  it('has in the desk the tickets of its exports: minutes, no seconds', async () => {
    const rows = await askMysql(
      service.url,
      "select * from tickets where ticket_no not like 'TX-%' order by ticket_no",
    );
    const toTheMinute = (at: number) => timeText(at).replace(/\d\d$/, '00');
    expect(rows).toEqual(textsOf('tickets', { time: toTheMinute }));
  });

  it('has the tickets that must end in quarantine, among them one of the thirty-first of February', async () => {
    const broken = await askMysql(
      service.url,
      "select ticket_no, opened, minutes, cost, satisfaction from tickets where ticket_no like 'TX-%' order by 1",
    );
    expect(broken).toHaveLength(brokenTickets.length);
    expect(broken[2]).toEqual(['TX-3', '2025-02-05 09:05:00', '6.00', 'zwölf Euro', null]);
    expect(broken[3]?.[1]).toBe('2025-02-31 16:40:00');
    expect(broken[5]?.[4]).toBe('sehr gut');
  });

  it('has the very files of marketing that the embedded demo has', async () => {
    const demo = join(folder, 'demo');
    await writeDemoFolder(size, demo);
    const ours = await contents(join(folder, 'files', 'marketing'));
    expect(ours).toEqual(await contents(join(demo, 'exports', 'marketing')));
    expect(Object.keys(ours)).toHaveLength(7);
    expect(await readFile(join(folder, 'files', 'rates.csv'), 'utf8')).toBe(
      await readFile(join(demo, 'rates.csv'), 'utf8'),
    );
  });

  it('says where it went and how many rows each table has, the odd ones counted', () => {
    expect(seeded.map(({ silo }) => silo)).toEqual(['finance', 'sales', 'service', 'marketing']);
    expect(seeded[0]?.place).toBe(new URL(finance.url).host + new URL(finance.url).pathname);
    expect(seeded[2]?.rows).toEqual({
      contacts: company.contacts.length,
      tickets: company.tickets.length + brokenTickets.length,
    });
  });

  it('has keys and references', async () => {
    await expect(finance.run("update billing.payments set customer_no = 'nobody'")).rejects.toThrow(
      /foreign key/,
    );
    await expect(sales.run('update order_lines set order_id = 1')).rejects.toThrow(/foreign key/);
    await expect(service.run('insert into contacts select * from contacts')).rejects.toThrow(/Duplicate/);
  });
});

describe('seeding again', () => {
  it('gives the same content, whatever was changed in between', async () => {
    const before = await checksums();
    await finance.run("delete from billing.payments where status = 'settled'");
    await sales.run('update order_lines set net = net + 1');
    await service.run('drop table tickets');
    await writeFile(join(folder, 'files', 'marketing', 'surveys.csv'), 'nothing');
    expect(await checksums()).not.toEqual(before);
    await seed();
    expect(await checksums()).toEqual(before);
  });

  it('leaves the company as it is where that is asked for, unless it is another or not complete', async () => {
    await finance.run("delete from billing.payments where status = 'settled'");
    await service.run('drop table tickets');
    const kept = await seed({ keepsSame: true });
    expect(kept.map(({ silo, rows }) => [silo, rows === null])).toEqual([
      ['finance', true],
      ['sales', true],
      ['service', false],
      ['marketing', true],
    ]);
    expect(await askPostgres(finance.url, "select from billing.payments where status = 'settled'")).toEqual(
      [],
    );
    const other = await seed({ keepsSame: true, customers: 40 });
    expect(other.every(({ rows }) => rows !== null)).toBe(true);
    await seed();
  });

  it('refuses a database that holds other tables, before anything is written anywhere', async () => {
    const [strange, empty] = await Promise.all([createMariadbDatabase(), createPostgresDatabase()]);
    try {
      // One of ours by its name, but not by its comment: somebody's own customers.
      await strange.run('create table customers (id int); create view people as select * from customers');
      const refused = seed({ places: { finance: empty.url, sales: strange.url } });
      await expect(refused).rejects.toMatchObject({
        code: 'WC-DEMO-001',
        where: 'sales',
        message: expect.stringMatching(/did not make: customers, people$/),
      });
      expect(await askMysql(strange.url, 'show tables')).toEqual([['customers'], ['people']]);
      expect(await askPostgres(empty.url, "select from pg_namespace where nspname = 'billing'")).toEqual([]);

      await empty.run('create schema hr; create table hr.staff (id int)');
      await expect(seed({ places: { finance: empty.url } })).rejects.toThrow(/did not make: hr\.staff$/);
    } finally {
      await Promise.all([strange.drop(), empty.drop()]);
    }
  });

  it('refuses a folder of files that it did not make', async () => {
    const exports = join(folder, 'mine');
    await writeDemoFolder({ seed: 1, customers: 1 }, exports);
    await expect(seed({ places: { marketing: join(exports, 'exports') } })).rejects.toMatchObject({
      code: 'WC-DEMO-001',
      where: 'marketing',
    });
  });
});

describe('a seeding that fails', () => {
  it('says that the server cannot be reached, without the password', async () => {
    const port = await freePort();
    for (const places of [
      { finance: `postgres://me:s3cret@127.0.0.1:${port}/finance` },
      { sales: `mysql://me:s3cret@127.0.0.1:${port}/shop` },
    ]) {
      const error = await seed({ places }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'WC-SOURCE-001',
        message: expect.stringMatching(`127.0.0.1:${port}/.* cannot be reached`),
      });
      expect(String(error)).not.toContain('s3cret');
    }
  });

  it('says what the server said when it refuses the tables', async () => {
    const database = await createPostgresDatabase();
    const readOnly = `${database.url}?options=-c%20default_transaction_read_only%3Don`;
    try {
      await expect(seed({ places: { finance: readOnly } })).rejects.toMatchObject({
        code: 'WC-DEMO-002',
        where: 'finance',
        message: expect.stringContaining('read-only transaction'),
      });
    } finally {
      await database.drop();
    }
  });

  it('leaves the old company in PostgreSQL, and one that is known as incomplete in MariaDB', async () => {
    const before = await checksums();
    const stop = new AbortController();
    stop.abort();
    await expect(seed({ signal: stop.signal })).rejects.toMatchObject({ code: 'WC-DEMO-002' });
    expect((await checksums()).finance).toEqual(before.finance);
    const marks = await askMysql(
      sales.url,
      'select distinct table_comment from information_schema.tables where table_schema = database()',
    );
    expect(marks).toEqual([['Whalecurve demo company, not complete']]);
    await seed({ keepsSame: true });
    expect(await checksums()).toEqual(before);
  });
});

describe('whalecurve demo seed', () => {
  it('takes the places from options or from the environment, and shows what it wrote', async () => {
    const { exitCode, stdout } = await runCommand(
      ['demo', 'seed', '--customers', '30', '--sales', sales.url, '--json'],
      { cwd: folder, environment: { SEED_MARKETING_FOLDER: 'files' } },
    );
    expect(exitCode).toBe(0);
    const results: SeedResult[] = JSON.parse(stdout);
    expect(results.map(({ silo, rows }) => [silo, Object.keys(rows ?? {}).length])).toEqual([
      ['sales', 4],
      ['marketing', 5],
    ]);
    const again = await runCommand(['demo', 'seed', '--customers', '30', '--keep', '--sales', sales.url], {
      cwd: folder,
    });
    expect(again.stdout).toMatch(/^sales {2}.*holds this company already, left as it is\n$/);
  });

  it('wants at least one place, and the URL of the right kind of server', async () => {
    const none = await runCommand(['demo', 'seed'], { cwd: folder });
    expect(none.exitCode).toBe(2);
    expect(none.stderr).toMatch(/WC-USAGE-001 no place was named/);
    const wrong = await runCommand(['demo', 'seed', '--finance', 'mysql://me:s3cret@host/finance'], {
      cwd: folder,
    });
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toMatch(/the URL of finance does not begin with postgres:/);
    expect(wrong.stderr).not.toContain('s3cret');
  });
});

function seed(changes: Partial<SeedOptions> = {}): Promise<SeedResult[]> {
  return seedCompany({
    ...size,
    places: {
      finance: finance.url,
      sales: sales.url,
      service: service.url,
      marketing: join(folder, 'files'),
    },
    keepsSame: false,
    signal: new AbortController().signal,
    ...changes,
  });
}

/** The generator's rows as a server's text, by their keys. */
function textsOf(table: SiloTableName, options: { time?: (at: number) => string }): (string | null)[][] {
  const { columns, key } = siloTable(table);
  const texts = {
    text: String,
    integer: String,
    boolean: String,
    money: (value: Value) => moneyText(Number(value)),
    date: (value: Value) => dateText(Number(value)),
    time: (value: Value) => (options.time ?? timeText)(Number(value)),
  };
  return [...company[table]]
    .sort((one, other) => {
      const differing = key.find((name) => one[name] !== other[name]);
      if (differing === undefined) return 0;
      return (one[differing] ?? 0) < (other[differing] ?? 0) ? -1 : 1;
    })
    .map((row) =>
      Object.entries(columns).map(([name, kind]) => {
        const value = row[name] ?? null;
        return value === null ? null : texts[kind](value);
      }),
    );
}

async function checksums() {
  const tables = {
    [sales.url]: ['customers', '`order`', 'order_lines', 'returns'],
    [service.url]: ['contacts', 'tickets'],
  };
  const sums: Record<string, unknown> = {
    finance: await askPostgres(
      finance.url,
      `select md5(string_agg(t::text, '|' order by t::text)) from billing.customers as t
       union all select md5(string_agg(t::text, '|' order by t::text)) from billing.payments as t`,
    ),
    files: await contents(join(folder, 'files')),
  };
  for (const [url, names] of Object.entries(tables)) {
    for (const name of names) sums[`${url} ${name}`] = await askMysql(url, `checksum table ${name}`);
  }
  return sums;
}

async function contents(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const pairs = files.map(async (file) => [
    file.slice(root.length),
    (await readFile(file)).toString('base64'),
  ]);
  return Object.fromEntries(await Promise.all(pairs));
}
