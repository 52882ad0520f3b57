import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../config/load-config.ts';
import { type ConfigFolder, makeConfigFolder, problemsOf, shortForm } from './config-folder.ts';

let folder: ConfigFolder;
beforeAll(async () => {
  folder = await makeConfigFolder();
});
afterAll(() => folder.remove());

const smallest = `
warehouse: { engine: duckdb, path: ./warehouse.duckdb }
reporting: { currency: GBP, timezone: Europe/London, as_of: 2011-12-10 }
sources:
  shop:
    type: files
    path: .
    tables:
      online_retail.csv.gz:
        entity: purchases
        key: [InvoiceNo, StockCode, _row]        # _row: the row's number in its file
        where: CustomerID IS NOT NULL
        map: { purchase_ref: InvoiceNo, account_ref: CustomerID, ordered_at: InvoiceDate,
               product_ref: StockCode, quantity: Quantity, net_amount: Quantity * UnitPrice }
`;

function withSource(source: string): string {
  return `sources:\n  finance: ${source}\n`;
}

describe('a config that is right', () => {
  it('loads the smallest config as it stands, with paths absolute and the state beside the warehouse', async () => {
    const config = await loadConfig(await folder.write('smallest.yml', smallest), {});
    expect(config.warehouse).toMatchObject({
      path: join(folder.path, 'warehouse.duckdb'),
      state: join(folder.path, 'state.duckdb'),
    });
    expect(config.reporting).toEqual({ currency: 'GBP', timezone: 'Europe/London', as_of: '2011-12-10' });
    expect(config.sources.shop).toMatchObject({ type: 'files', path: folder.path });
    expect(config.sources.shop?.tables['online_retail.csv.gz']).toMatchObject({
      entity: 'purchases',
      key: ['InvoiceNo', 'StockCode', '_row'],
      where: 'CustomerID IS NOT NULL',
      map: { net_amount: 'Quantity * UnitPrice' },
    });
  });

  it('takes a variable inside braces, as in { url: ${FINANCE_URL}, tables: {} }', async () => {
    const file = await folder.write(
      'flow.yml',
      withSource('{ type: postgres, url: ${FINANCE_URL}, tables: {} }'),
    );
    const config = await loadConfig(file, { FINANCE_URL: 'postgres://reader@db/finance' });
    expect(config.sources.finance).toMatchObject({ url: 'postgres://reader@db/finance' });
  });

  it('reads .env beside the config, and lets the environment win over it', async () => {
    await folder.write('.env', 'FROM_FILE=postgres://file@db/one\nFROM_BOTH=postgres://file@db/two\n');
    const file = await folder.write(
      'env.yml',
      `sources:
  one: { type: postgres, url: "\${FROM_FILE}", tables: {} }
  two: { type: postgres, url: "\${FROM_BOTH}", tables: {} }
`,
    );
    const config = await loadConfig(file, { FROM_BOTH: 'postgres://environment@db/two' });
    expect(config.sources.one).toMatchObject({ url: 'postgres://file@db/one' });
    expect(config.sources.two).toMatchObject({ url: 'postgres://environment@db/two' });
  });

  it('reads a variable as a number where the schema wants one', async () => {
    const file = await folder.write(
      'number.yml',
      withSource('{ type: postgres, url: "postgres://db/x", connect_timeout: ${SECONDS}, tables: {} }'),
    );
    const config = await loadConfig(file, { SECONDS: '25' });
    expect(config.sources.finance).toMatchObject({ connect_timeout: 25 });
  });

  it('knows the rows of a file without key by their number, and those of a glob also by their file', async () => {
    const file = await folder.write(
      'keys.yml',
      'sources: { shop: { type: files, path: ., tables: { a.csv: {}, "b/*.csv": {}, folder: {}, c.csv.gz: {} } } }',
    );
    const tables = (await loadConfig(file, {})).sources.shop?.tables ?? {};
    expect(Object.entries(tables).map(([name, { key }]) => [name, key])).toEqual([
      ['a.csv', ['_row']],
      ['b/*.csv', ['_file', '_row']],
      ['folder', ['_file', '_row']],
      ['c.csv.gz', ['_row']],
    ]);
  });

  it('keeps as secrets the values of variables and the passwords of URLs, but not a time zone', async () => {
    const file = await folder.write(
      'secrets.yml',
      `reporting: { timezone: "\${ZONE}" }
sources:
  whole: { type: postgres, url: "\${WHOLE_URL}", tables: {} }
  plain: { type: mysql, url: "mysql://reader:p%40ss@db/x", tables: {} }
  parts: { type: mysql, url: "mysql://\${DB_USER}:\${DB_PASSWORD}@\${DB_HOST}/x", tables: {} }
`,
    );
    const environment = {
      ZONE: 'Europe/Paris',
      WHOLE_URL: 'postgres://reader:hidden-1@db/x',
      DB_USER: 'reader',
      DB_PASSWORD: 'hidden-2',
      DB_HOST: 'db.example.com',
    };
    const { secrets } = await loadConfig(file, environment);
    expect([...secrets].sort()).toEqual([
      'hidden-1',
      'hidden-2',
      'p%40ss',
      'p@ss',
      'postgres://reader:hidden-1@db/x',
    ]);
  });
});

describe('a config that is wrong', () => {
  it('without a file is WC-CONFIG-001, with what to do', async () => {
    await expect(loadConfig(join(folder.path, 'none.yml'), {})).rejects.toMatchObject({
      code: 'WC-CONFIG-001',
      hint: expect.stringContaining('whalecurve init'),
    });
  });

  it('that is not YAML is WC-CONFIG-001 at the place', async () => {
    const [problem] = await problemsOf(folder, 'sources:\n  finance: { type: postgres\n');
    expect(problem).toMatchObject({ code: 'WC-CONFIG-001' });
    expect(problem?.where).toMatch(/whalecurve\.yml:3:1$/);
  });

  it('with a glob that is not quoted is told to quote it', async () => {
    const text = 'sources:\n  shop:\n    type: files\n    path: .\n    tables:\n      *.csv: {}\n';
    const [problem, ...others] = await problemsOf(folder, text);
    expect(problem).toMatchObject({
      code: 'WC-CONFIG-001',
      hint: 'a name that begins with * stands in quotes: "*.csv"',
    });
    expect(others).toEqual([]);
  });

  it('that is empty, or no mapping, says so', async () => {
    const messages = async (text: string) => (await problemsOf(folder, text)).map(({ message }) => message);
    expect(await messages('')).toEqual(['the config is empty, expected a mapping of keys to values']);
    expect(await messages('- a\n')).toEqual(['the config is `- a`, expected a mapping of keys to values']);
  });

  it('with a key that stands twice is WC-CONFIG-006 at the second one', async () => {
    const problems = await problemsOf(folder, 'reporting:\n  currency: EUR\n  currency: USD\nsources: {}\n');
    expect(problems.map(shortForm)).toEqual([
      'WC-CONFIG-006 3:3 the key `currency` stands twice in the same mapping',
    ]);
  });

  it('with an unknown key is WC-CONFIG-003 at the key, with the nearest name and the line under a caret', async () => {
    const text = withSource('{ type: postgres, url: "postgres://db/x", tabels: {} }');
    const [problem, ...others] = await problemsOf(folder, text);
    // `  finance: { type: postgres, url: "postgres://db/x", tabels: {} }`: 11 + 18 + 24 = 53 characters stand before the key.
    expect(problem).toMatchObject({
      code: 'WC-CONFIG-003',
      message: 'unknown key `tabels` in `sources.finance`',
      where: expect.stringMatching(/whalecurve\.yml:2:54$/),
      hint: 'did you mean `tables`?',
    });
    expect(problem?.excerpt).toBe(
      `2 │   finance: { type: postgres, url: "postgres://db/x", tabels: {} }\n  │ ${' '.repeat(53)}^^^^^^`,
    );
    // That `tables` is missing is the same mistake, and is not told twice.
    expect(others).toEqual([]);
  });

  it('with a map key that the entity does not have is WC-CONFIG-003 with the nearest column', async () => {
    const text = `sources:
  shop:
    type: files
    path: .
    tables:
      orders.csv:
        entity: purchases
        map:
          net_ammount: total
`;
    const problems = await problemsOf(folder, text);
    expect(problems.map(shortForm)).toEqual([
      'WC-CONFIG-003 9:11 unknown column `net_ammount`: the entity purchases has none of that name',
    ]);
    expect(problems[0]?.hint).toBe('did you mean `net_amount`?');
  });

  it('with a variable that is not set is WC-CONFIG-004 where it is named', async () => {
    const problems = await problemsOf(
      folder,
      withSource('{ type: postgres, url: ${NO_SUCH_URL}, tables: {} }'),
    );
    expect(problems.map(shortForm)).toEqual([
      'WC-CONFIG-004 2:35 the environment variable NO_SUCH_URL is not set',
    ]);
  });

  it('with a ${ that begins no variable is WC-CONFIG-004 too', async () => {
    const problems = await problemsOf(folder, withSource('{ type: postgres, url: "${MY URL}", tables: {} }'));
    expect(problems.map(shortForm)).toEqual(['WC-CONFIG-004 2:36 `${` begins no variable']);
  });

  it('without a required key is WC-CONFIG-005 at its parent', async () => {
    const problems = await problemsOf(folder, withSource('{ type: postgres, tables: {} }'));
    expect(problems.map(shortForm)).toEqual([
      'WC-CONFIG-005 2:3 the required key `url` is missing in `sources.finance`',
    ]);
  });

  it('with a wrong type is WC-CONFIG-002, naming what was found and what was expected', async () => {
    const text = `warehouse: { engine: duckdb, threads: many }\n${withSource('{ type: oracle, tables: {} }')}`;
    expect((await problemsOf(folder, text)).map(shortForm)).toEqual([
      'WC-CONFIG-002 1:39 `warehouse.threads` is `many`, expected a number',
      'WC-CONFIG-002 3:20 `sources.finance.type` is `oracle`, expected one of postgres, mysql, files',
    ]);
  });

  it('reports every problem at once, each with its own place, in the order of the file', async () => {
    const text = `reporting: { currency: eur, timezone: Europe/Londn, as_of: 2011-13-10 }
sources:
  shop:
    type: files
    path: .
    tables:
      a.csv: { entity: purchase, account_source: shpo }
identity: { trust: [shop, finance] }
schedule: { cron: "0 2 * *" }
`;
    const problems = await problemsOf(folder, text);
    expect(
      problems.map(({ code, where, hint }) => [code, where?.split(':').slice(-2).join(':'), hint]),
    ).toEqual([
      ['WC-CONFIG-002', '1:24', undefined],
      ['WC-CONFIG-002', '1:39', 'did you mean `Europe/London`?'],
      ['WC-CONFIG-002', '1:60', undefined],
      ['WC-CONFIG-002', '7:24', 'did you mean `purchases`?'],
      ['WC-CONFIG-002', '7:50', 'did you mean `shop`?'],
      ['WC-CONFIG-002', '8:27', 'known are: shop'],
      ['WC-CONFIG-002', '9:19', 'every night at two is `0 2 * * *`'],
    ]);
  });

  it('says all problems in the message of the one error, for logs that keep nothing else', async () => {
    const file = await folder.write('two.yml', 'reporting: { currency: eur }\nsource: {}\n');
    await expect(loadConfig(file, {})).rejects.toThrow(/2 problems in .*\n.*:1:24 .*\n.*:2:1 .*/);
  });

  it('with keys that contradict each other is WC-CONFIG-007', async () => {
    const text = `sources:
  shop:
    type: files
    path: .
    tables:
      a-b.csv: {}
      a_b.csv: {}
      c.csv: { map: { email: mail } }
`;
    expect((await problemsOf(folder, text)).map(shortForm)).toEqual([
      'WC-CONFIG-007 7:7 `shop.a_b.csv` and `shop.a-b.csv` would both be copied to raw.shop__a_b_csv',
      'WC-CONFIG-007 8:16 there is a `map`, but no `entity` that it maps to',
    ]);
  });

  it('with a query of an entity but no key is told that a query has no primary key', async () => {
    const text = withSource(
      '{ type: mysql, url: "mysql://db/x", tables: { lines: { entity: purchases, query: select 1 } } }',
    );
    expect((await problemsOf(folder, text)).map(({ code, message }) => `${code} ${message}`)).toEqual([
      'WC-CONFIG-005 the required key `key` is missing: a query has no primary key',
    ]);
  });

  it('never shows a secret: not the password of a broken URL, nor that of a variable', async () => {
    const text = `sources:
  one: { type: postgres, url: "postgres://reader:visible#here@db/x", tables: {}, tabels: {} }
  two: { type: postgres, url: "\${TWO_URL}", tables: {}, "\${TWO_URL}": {} }
  three: { type: "\${TWO_URL}", tables: {} }
`;
    const problems = await problemsOf(folder, text, { TWO_URL: 'mysql://reader:hidden-9@db/x' });
    expect(problems.length).toBeGreaterThanOrEqual(4);
    const told = problems
      .map(({ message, hint, excerpt, where }) => [message, hint, excerpt, where].join('\n'))
      .join('\n');
    expect(told).not.toContain('visible#here');
    expect(told).not.toContain('hidden-9');
  });
});
