import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { retentionSettings } from '../../../config/retention-settings.ts';
import { clean } from '../../../jobs/clean.ts';
import { loadedTables } from '../../../jobs/known-tables.ts';
import { engines } from '../../connectors/engines/engines.ts';
import { databaseServers } from '../../connectors/sources/databases/servers.ts';
import type { TestDatabase } from '../../servers/postgres.ts';
import { type Nights, rawRows, type SourceSettings, startNights } from './nights-of-a-table.ts';

const sourceTypes = { PostgreSQL: 'postgres', MariaDB: 'mysql' } as const;

/** Each engine with one server: what is written to raw does not depend on where it came from. */
const pairs = engines.slice(0, 2).flatMap(({ name, start }, index) => {
  const server = databaseServers[index];
  return server === undefined ? [] : [{ name, start, server }];
});

describe.each(pairs)('rows that are gone at the source, in $name from $server.name', ({ start, server }) => {
  let database: TestDatabase;
  let nights: Nights;
  const source = (table: SourceSettings): SourceSettings => ({
    type: sourceTypes[server.name as keyof typeof sourceTypes],
    url: database.url,
    tables: { orders: { cursor: 'updated_at', deletes: 'compare_keys', ...table } },
  });
  const loaded = async (table: SourceSettings = {}, day?: number) =>
    (await nights.night(source(table), day === undefined ? {} : { day })).tables.orders;

  beforeAll(async () => {
    database = await server.createDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    // A key of two parts, one of them text: no two servers need agree on its order.
    await database.run(`drop table if exists orders;
        create table orders (order_no varchar(10), line int, updated_at date, primary key (order_no, line));
        insert into orders values ('a', 1, '2026-01-01'), ('B', 1, '2026-01-01'), ('Z', 1, '2026-01-02'), ('a', 2, '2026-01-02')`);
    nights = await startNights(await start());
  });
  afterEach(() => nights.end());

  it('stay in raw with the time of the load that missed them, and are found once', async () => {
    await loaded();
    await database.run(`delete from orders where order_no = 'a' and line = 1`);
    expect(await loaded()).toMatchObject({
      vanishedRows: 1,
      deletedRows: 1,
      changedRows: 1,
      extractedRows: 4,
    });
    const gone = await nights.engine.query(
      'select order_no, line, _deleted_at from raw.shop__orders where _deleted_at is not null',
    );
    expect(gone).toEqual([{ order_no: 'a', line: 1, _deleted_at: '2026-10-02T02:00:00Z' }]);
    expect(await loaded()).toMatchObject({ vanishedRows: 0, deletedRows: 1, changedRows: 0 });
  });

  it('that come back are as any other again', async () => {
    await loaded();
    await database.run(`delete from orders where order_no = 'B'`);
    await loaded();
    await database.run(`insert into orders values ('B', 1, '2026-02-01')`);
    expect(await loaded()).toMatchObject({ deletedRows: 0, changedRows: 1 });
    expect(await rawRows(nights.engine, 'shop__orders', 'order_no, line')).toHaveLength(4);
  });

  it('are looked for as often as the config says, and the gate allows for those not looked for', async () => {
    const weekly = { deletes_every: '7d' };
    await loaded(weekly, 1);
    await database.run(`delete from orders where order_no = 'B'`);
    expect(await loaded(weekly, 3)).toMatchObject({ vanishedRows: 0 });
    const [check] = await nights.engine.query(
      `select failures, found from whalecurve.checks where severity = 'warn' and run_id = 'r_2'`,
    );
    expect(check).toEqual({ failures: '1', found: 'deletes: compare_keys would find them' });
    expect(await loaded(weekly, 8)).toMatchObject({ vanishedRows: 1 });
  });

  it('are too many at once: the night is refused, and raw is as it was: WC-LOAD-003', async () => {
    const guarded = { max_vanished_share: 0.25 };
    await loaded(guarded);
    await database.run(`delete from orders where line = 1`);
    await expect(loaded(guarded)).rejects.toMatchObject({
      code: 'WC-LOAD-003',
      message: '3 of 4 rows have vanished from the source, more than the share of 0.25 that is allowed',
    });
    expect(await rawRows(nights.engine, 'shop__orders', 'order_no, line')).toHaveLength(4);
    expect(await loaded({ max_vanished_share: 1 })).toMatchObject({ vanishedRows: 3 });
  });

  it('of a table of hundred rows and more, half are the most without a setting, also of a full load', async () => {
    const days = Array.from({ length: 96 }, (_, index) => `('n${index}', 1, '2026-01-03')`);
    await database.run(`insert into orders values ${days.join(', ')}`);
    const full = { strategy: 'full', deletes: undefined };
    await loaded(full);
    await database.run(`delete from orders where line = 1 and order_no like 'n%' and order_no <> 'n0'`);
    await expect(loaded(full)).rejects.toMatchObject({ code: 'WC-LOAD-003' });
  });

  it('are kept when the table is read as a whole again, for whatever reason', async () => {
    await loaded();
    await database.run(`delete from orders where order_no = 'B'`);
    await loaded();
    expect(await loaded({ strategy: 'full', cursor: undefined, deletes: undefined })).toMatchObject({
      deletedRows: 1,
      changedRows: 0,
    });
  });

  it('are counted anew when `clean` has removed them from raw', async () => {
    await loaded();
    await database.run(`delete from orders where order_no = 'B'`);
    expect(await loaded({}, 2)).toMatchObject({ extractedRows: 4, deletedRows: 1 });
    const retention = retentionSettings.parse({ raw: '20d' });
    await clean(nights.engine, retention, { now: '2026-11-01T02:00:00Z', isDry: false });
    expect((await loadedTables(nights.engine)).shop?.orders).toMatchObject({
      extractedRows: 3,
      deletedRows: 0,
    });
    expect(await loaded()).toMatchObject({ extractedRows: 3, deletedRows: 0, changedRows: 0 });
  });
});
