import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { engines } from '../../connectors/engines/engines.ts';
import { databaseServers } from '../../connectors/sources/databases/servers.ts';
import type { TestDatabase } from '../../servers/postgres.ts';
import { type Nights, rawRows, type SourceSettings, startNights } from './nights-of-a-table.ts';

const sourceTypes = { PostgreSQL: 'postgres', MariaDB: 'mysql' } as const;

/** Each engine with one server: `writers-between.test.ts` has all four. */
const pairs = engines.slice(0, 2).flatMap(({ name, start }, index) => {
  const server = databaseServers[index];
  return server === undefined ? [] : [{ name, start, server }];
});

describe.each(pairs)('into $name from $server.name', ({ start, server }) => {
  const type = sourceTypes[server.name as keyof typeof sourceTypes];
  const time = type === 'postgres' ? 'timestamp(6)' : 'datetime(6)';
  let database: TestDatabase;
  let nights: Nights;
  const source = (table: SourceSettings): SourceSettings => ({
    type,
    url: database.url,
    tables: { payments: { cursor: 'updated_at', ...table } },
  });
  // PostgreSQL also sends what any transaction has written since the last night began, of this database or another.
  const sent = (rows: number) => (type === 'mysql' ? { sentRows: rows } : {});
  const loaded = async (table: SourceSettings = {}) => (await nights.night(source(table))).tables.payments;

  beforeAll(async () => {
    database = await server.createDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await database.run(`drop table if exists payments;
        create table payments (id int primary key, amount numeric(12, 2), updated_at ${time});
        insert into payments values
          (1, 10, '2026-01-01 10:00:00.000001'), (2, 20, '2026-01-01 10:00:00.000002'), (3, 30, '2026-01-02 09:00:00')`);
    nights = await startNights(await start());
  });
  afterEach(() => nights.end());

  it('reads the whole table the first time, then only what changed, and touches nothing else', async () => {
    expect(await loaded()).toMatchObject({ strategy: 'full', reason: 'the first time', sentRows: 3 });
    await database.run(`update payments set amount = 11, updated_at = '2026-01-03 08:00:00.123456' where id = 1;
        insert into payments values (4, 40, '2026-01-03 08:00:00.123457')`);
    // Row 3 stands at the border, which is read again; it is as it was.
    expect(await loaded()).toMatchObject({ strategy: 'cursor', ...sent(3), changedRows: 2 });
    expect(await rawRows(nights.engine, 'shop__payments')).toMatchObject([
      { id: 1, amount: '11.00' },
      { id: 2, amount: '20.00' },
      { id: 3, amount: '30.00' },
      { id: 4, amount: '40.00' },
    ]);
    const stamps = await nights.engine.query('select id, _run_id from raw.shop__payments order by id');
    expect(stamps.map((row) => row._run_id)).toEqual(['r_2', 'r_1', 'r_1', 'r_2']);
  });

  it('keeps the cursor as the source writes it, to the microsecond, and compares it there', async () => {
    await loaded();
    await database.run(`insert into payments values (5, 1, '2026-01-04 00:00:00.000001')`);
    await loaded();
    const [cursor] = await nights.engine.query('select cursor_column, cursor_value from whalecurve.cursors');
    expect(cursor).toEqual({ cursor_column: 'updated_at', cursor_value: '2026-01-04 00:00:00.000001' });
    await database.run(`insert into payments values (6, 1, '2026-01-04 00:00:00.000002')`);
    expect(await loaded()).toMatchObject({ ...sent(2), changedRows: 1 });
  });

  it('a night without changes writes no row', async () => {
    await loaded();
    expect(await loaded()).toMatchObject({ ...sent(1), changedRows: 0 });
  });

  it('a row that came later with the value of the border is loaded, and none twice', async () => {
    await loaded();
    await database.run(`insert into payments values (4, 40, '2026-01-02 09:00:00')`);
    expect(await loaded()).toMatchObject({ changedRows: 1 });
    expect(await rawRows(nights.engine, 'shop__payments')).toHaveLength(4);
  });

  it('a row from the future hides none that come after it', async () => {
    await database.run(`insert into payments values (9, 90, '2999-01-01 00:00:00')`);
    await loaded();
    await database.run(`insert into payments values (10, 1, '2998-01-01 00:00:00')`);
    expect(await loaded()).toMatchObject({ changedRows: 1 });
  });

  it('a late row within the lookback is loaded', async () => {
    await loaded({ lookback: '3d' });
    await database.run(`insert into payments values (4, 40, '2025-12-31 09:00:00')`);
    expect(await loaded({ lookback: '3d' })).toMatchObject({ ...sent(4), changedRows: 1 });
  });

  it('a late row behind the lookback fails the gate, which names its day: WC-GATE-004', async () => {
    // The rows of a query do not tell who wrote them.
    const table = { lookback: '1d', query: 'select * from payments', key: 'id' };
    await loaded(table);
    await database.run(
      `insert into payments values (4, 40, '2025-12-24 09:00:00'), (5, 50, '2026-02-01 00:00:00')`,
    );
    await expect(loaded(table)).rejects.toMatchObject({
      code: 'WC-GATE-004',
      where: 'shop.payments',
      message: 'the source has 1 rows on 2025-12-24, raw has 0 rows on 2025-12-24',
    });
    // Raw and cursor are as they were.
    expect(await rawRows(nights.engine, 'shop__payments')).toHaveLength(3);
  });

  it('rows without a cursor end the run, are read every night, or never: WC-LOAD-002', async () => {
    await database.run('insert into payments values (7, 70, null)');
    await expect(loaded()).rejects.toMatchObject({
      code: 'WC-LOAD-002',
      message: '1 rows have no updated_at, by which what changed is read',
    });
    expect(await loaded({ null_cursor: 'exclude' })).toMatchObject({ sentRows: 3 });
    await database.run('update payments set amount = 71 where id = 7');
    // Another policy makes other rows: all are read again.
    expect(await loaded({ null_cursor: 'include' })).toMatchObject({ ...sent(4), changedRows: 1 });
    await database.run('update payments set amount = 72 where id = 7');
    expect(await loaded({ null_cursor: 'include' })).toMatchObject({ ...sent(2), changedRows: 1 });
  });

  it('a sequence is a cursor too, with a lookback in numbers', async () => {
    // Named in another case than the column.
    const bySequence = { cursor: ['id'], key: 'ID', lookback: 1 };
    await loaded(bySequence);
    await database.run(`insert into payments values (4, 40, null)`);
    expect(await loaded(bySequence)).toMatchObject({ ...sent(3), changedRows: 1 });
    await expect(loaded({ ...bySequence, lookback: '3d' })).rejects.toMatchObject({
      code: 'WC-CONFIG-007',
    });
  });

  it('a table whose rows nothing tells apart is refused, with what to name: WC-LOAD-001', async () => {
    await database.run(
      'alter table payments drop constraint payments_pkey'.replace(
        'constraint payments_pkey',
        type === 'postgres' ? 'constraint payments_pkey' : 'primary key',
      ),
    );
    await loaded({ key: 'id' });
    await database.run(`insert into payments values (3, 31, '2026-01-05 00:00:00')`);
    await expect(loaded({ key: 'id' })).rejects.toMatchObject({
      code: 'WC-LOAD-001',
      message: 'rows cannot be told apart by id: 1 keys stand twice',
    });
  });

  it('appends only rows of new keys, and leaves the others as they were', async () => {
    const append = { strategy: 'append', cursor: 'id' };
    await loaded(append);
    await database.run(
      `update payments set amount = 99 where id = 3; insert into payments values (4, 40, null)`,
    );
    expect(await loaded(append)).toMatchObject({ strategy: 'append', ...sent(2), changedRows: 1 });
    expect(await rawRows(nights.engine, 'shop__payments')).toMatchObject([
      {},
      {},
      { id: 3, amount: '30.00' },
      { id: 4 },
    ]);
  });

  it('the difference of two snapshots is written, of a table without a cursor', async () => {
    const difference = { strategy: 'snapshot_diff', cursor: undefined };
    await loaded(difference);
    await database.run(`update payments set amount = 99 where id = 3; delete from payments where id = 1;
        insert into payments values (4, 40, null)`);
    expect(await loaded(difference)).toMatchObject({ sentRows: 3, changedRows: 3, vanishedRows: 1 });
    expect(await rawRows(nights.engine, 'shop__payments')).toMatchObject([
      { id: 2 },
      { id: 3, amount: '99.00' },
      { id: 4 },
    ]);
    expect(await loaded(difference)).toMatchObject({ changedRows: 0, deletedRows: 1 });
  });
});

describe('a transaction of PostgreSQL that commits late', () => {
  it.each(engines.slice(0, 2))(
    'is loaded whatever its cursor says, without a lookback: $name',
    async ({ start }) => {
      const [server] = databaseServers;
      const database = await server?.createDatabase();
      const nights = await startNights(await start());
      if (database === undefined) throw new Error('no PostgreSQL');
      const writer = new pg.Client(database.url);
      try {
        await database.run(`create table payments (id int primary key, updated_at timestamptz default now());
        insert into payments values (1, '2026-01-01')`);
        await writer.connect();
        await writer.query('begin');
        await writer.query(`insert into payments values (2, '2025-01-01')`);
        // A row of a subtransaction carries its number, not that of the transaction.
        await writer.query(
          `savepoint part; insert into payments values (3, '2025-02-01'); release savepoint part`,
        );
        const source = {
          type: 'postgres',
          url: database.url,
          tables: { payments: { cursor: 'updated_at' } },
        };
        await nights.night(source);
        await writer.query('commit');
        const { tables } = await nights.night(source);
        expect(tables.payments).toMatchObject({ strategy: 'cursor', changedRows: 2 });
        expect(await rawRows(nights.engine, 'shop__payments')).toHaveLength(3);
      } finally {
        await writer.end();
        await nights.end();
        await database.drop();
      }
    },
  );
});
