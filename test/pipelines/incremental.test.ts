import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunSummary } from '../../jobs/run-summary.ts';
import { backfillPipeline } from '../../pipelines/backfill.ts';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { createPostgresDatabase, type TestDatabase } from '../servers/postgres.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

const yaml = `
warehouse: { engine: duckdb, path: warehouse.duckdb }
reporting: { currency: USD, as_of: 2026-06-30 }
quarantine: { max_share: 1 }
sources:
  shop:
    type: postgres
    url: \${SHOP_URL}
    tables:
      orders:
        entity: purchases
        cursor: changed_at
        deletes: compare_keys
        map: { purchase_ref: id, account_ref: client, ordered_at: changed_at, net_amount: amount }
      notes: { strategy: snapshot_diff, key: id }
`;

describe('nights that read only what changed', () => {
  let database: TestDatabase;
  let place: Workplace;
  let second: RunSummary;
  const night = async (day: string, pipeline?: ReturnType<typeof backfillPipeline>) =>
    runPipeline(await place.config(), {
      now: new Date(`2026-11-${day}T02:00:00Z`),
      ...(pipeline && { pipeline }),
    });

  beforeAll(async () => {
    database = await createPostgresDatabase();
    await database.run(`
      create table orders (id int primary key, client text, amount numeric(10, 2), changed_at timestamp);
      insert into orders values
        (1, 'a', 10.00, '2026-01-01'), (2, 'b', 20.00, '2026-01-02'), (3, null, 30.00, '2026-01-03'),
        (4, 'a', 40.00, '2026-12-31'), (5, 'b', 50.00, '2026-01-05');
      create table notes (id int, note text);
      insert into notes values (1, 'one'), (2, 'two')`);
    place = await makeWorkplace(yaml, {}, { SHOP_URL: database.url });
    await night('01');
    await database.run(`
      delete from orders where id in (2, 3);
      update orders set amount = 11.00, changed_at = '2026-02-01' where id = 1;
      insert into orders values (6, 'c', 60.00, '2026-02-02');
      delete from notes where id = 1`);
    second = await night('02');
  }, 120_000);
  afterAll(async () => {
    await place.remove();
    await database.drop();
  });

  it('count each row of raw by one fate: those gone at the source are deleted, also one that was refused', () => {
    const [notes, orders] = second.tables;
    // 6 of raw: 1, 5 and 6 loaded, 2 and 3 gone, 4 after the last day.
    expect(orders).toMatchObject({
      table: 'orders',
      rows: { extracted: 6, loaded: 3, quarantined: 0, deleted: 2, after_as_of: 1, filtered: 0 },
      money: { extracted: '211.0000', loaded: '121.0000', deleted: '50.0000', after_as_of: '40.0000' },
    });
    expect(notes).toMatchObject({ table: 'notes', rows: { extracted: 2, loaded: 1, deleted: 1 } });
  });

  it('give the values of today, and keep in raw what is gone', async () => {
    expect(
      await place.query('warehouse', 'select source_key, net_amount from warehouse.purchases order by 1'),
    ).toEqual([
      { source_key: '1', net_amount: '11.0000' },
      { source_key: '5', net_amount: '50.0000' },
      { source_key: '6', net_amount: '60.0000' },
    ]);
    expect(
      await place.query('state', 'select id from raw.shop__orders where _deleted_at is not null order by id'),
    ).toEqual([{ id: 2 }, { id: 3 }]);
  });

  it('say in the history how each table was read, and how much of it changed', async () => {
    const tables = await place.query(
      'warehouse',
      `select source_table, strategy, strategy_reason, changed_rows, vanished_rows
       from warehouse.run_tables order by run_id, source_table`,
    );
    expect(tables).toEqual([
      {
        source_table: 'notes',
        strategy: 'full',
        strategy_reason: 'the first time',
        changed_rows: null,
        vanished_rows: '0',
      },
      {
        source_table: 'orders',
        strategy: 'full',
        strategy_reason: 'the first time',
        changed_rows: null,
        vanished_rows: '0',
      },
      {
        source_table: 'notes',
        strategy: 'snapshot_diff',
        strategy_reason: null,
        changed_rows: '1',
        vanished_rows: '1',
      },
      {
        source_table: 'orders',
        strategy: 'cursor',
        strategy_reason: null,
        changed_rows: '4',
        vanished_rows: '2',
      },
    ]);
  });

  it('a backfill reads one table again through to the warehouse, and moves no cursor', async () => {
    const cursors = 'select cursor_value from whalecurve.cursors';
    const before = await place.query('state', cursors);
    // Nobody could see this change by the cursor; the row was written by a transaction of after the last night.
    await database.run('update orders set amount = 51.00 where id = 5');
    const window = { table: 'orders', from: '2026-01-05', until: '2026-01-06' };
    const summary = await night('03', backfillPipeline('shop', window));
    expect(summary).toMatchObject({ pipeline: 'backfill', status: 'done' });
    expect(
      await place.query('warehouse', `select net_amount from warehouse.purchases where source_key = '5'`),
    ).toEqual([{ net_amount: '51.0000' }]);
    expect(await place.query('state', cursors)).toEqual(before);
    const [orders] = await place.query(
      'state',
      `select strategy, strategy_reason, sent_rows, changed_rows from whalecurve.source_tables where source_table = 'orders'`,
    );
    expect(orders).toEqual({
      strategy: 'cursor',
      strategy_reason: 'backfill',
      sent_rows: '1',
      changed_rows: '1',
    });
  }, 120_000);
});
