import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Engine, PublishedTable } from '../../../connectors/engines/engine.ts';
import { openEngine } from '../../../connectors/engines/open-engine.ts';
import {
  createWarehouseDatabase,
  postgresServers,
  runOnce,
  type TestDatabase,
} from '../../servers/postgres.ts';
import { postgresWarehouse } from './engines.ts';

const customers: PublishedTable = {
  from: { schema: 'customers', table: 'golden' },
  name: 'customers',
  key: ['customer_id'],
  comment: "One row is one customer; it's the golden record",
  columnComments: { tier: 'gold, silver or bronze' },
};

describe.each(postgresServers())('publishing on $name', ({ url: server }) => {
  let database: TestDatabase;
  let state: Engine;

  beforeEach(async () => {
    database = await createWarehouseDatabase(server);
    state = await openEngine(postgresWarehouse(database.url, ''), { prelude: '' });
    await night("('c_2', 'silver'), ('c_1', 'gold'), ('c_3', 'gold')");
    await state.publish([customers]);
  });
  afterEach(async () => {
    await state.close();
    await database.drop();
  });

  async function night(values: string, columns = 'customer_id, tier'): Promise<void> {
    await state.buildTable(customers.from, `select * from (values ${values}) as found (${columns})`);
  }

  const asAnalyst = (sql: string) => runOnce(database.url, sql);

  it('has a primary key, comments, and texts in the order of bytes', async () => {
    expect(
      await state.query(
        `select pg_get_constraintdef(oid) as key from pg_constraint where conrelid = 'warehouse.customers'::regclass and contype = 'p'`,
      ),
    ).toEqual([{ key: 'PRIMARY KEY (customer_id)' }]);
    expect(
      await state.query(
        `select obj_description('warehouse.customers'::regclass) as on_table, col_description('warehouse.customers'::regclass, 2) as on_tier`,
      ),
    ).toEqual([{ on_table: customers.comment, on_tier: 'gold, silver or bronze' }]);
    expect(
      await state.query(
        `select collation_name from information_schema.columns where table_schema = 'warehouse' and column_name = 'tier'`,
      ),
    ).toEqual([{ collation_name: 'C' }]);
  });

  it('writes only the rows that differ', async () => {
    const before = await places();
    await night("('c_2', 'silver'), ('c_1', 'bronze'), ('c_4', 'gold')");
    await state.publish([customers]);
    const after = await places();
    expect(after.c_2).toBe(before.c_2);
    expect(after.c_1).not.toBe(before.c_1);
    expect(Object.keys(after)).toEqual(['c_1', 'c_2', 'c_4']);
    await state.publish([customers]);
    expect(await places()).toEqual(after);
  });

  /** Where each row stands in the table: a row that was written anew stands elsewhere. */
  async function places(): Promise<Record<string, string>> {
    const rows = await state.query<{ id: string; place: string }>(
      'select customer_id as id, cast(ctid as text) as place from warehouse.customers order by customer_id',
    );
    return Object.fromEntries(rows.map(({ id, place }) => [id, place]));
  }

  it('lets readers see the old night until the new one is whole, and never wait for it', async () => {
    const reader = new pg.Client({ connectionString: database.url });
    await reader.connect();
    await reader.query('begin isolation level repeatable read');
    const tiers = async () =>
      (await reader.query('select tier from warehouse.customers order by customer_id')).rows;
    expect(await tiers()).toEqual([{ tier: 'gold' }, { tier: 'silver' }, { tier: 'gold' }]);
    // The reader keeps its lock, and the publish does not need to wait for it.
    await night("('c_1', 'bronze')");
    await state.publish([customers]);
    expect(await tiers()).toEqual([{ tier: 'gold' }, { tier: 'silver' }, { tier: 'gold' }]);
    await reader.query('commit');
    expect(await tiers()).toEqual([{ tier: 'bronze' }]);
    await reader.end();
  });

  it('keeps the views, grants and indexes of analysts', async () => {
    await asAnalyst(
      `create schema reports; create view reports.tiers as select tier, count(*) as customers from warehouse.customers group by tier;
       create index by_tier on warehouse.customers (tier); grant select on warehouse.customers to public`,
    );
    await night("('c_1', 'bronze', 1.5)", 'customer_id, tier, value');
    expect(await state.publish([customers])).toEqual({ rows: { customers: 1 }, notCarriedOver: [] });
    expect(await state.query('select tier, customers from reports.tiers')).toEqual([
      { tier: 'bronze', customers: '1' },
    ]);
    expect(
      await state.query(
        `select to_regclass('warehouse.by_tier') is not null as has_index,
           has_table_privilege('public', 'warehouse.customers', 'select') as has_grant`,
      ),
    ).toEqual([{ has_index: true, has_grant: true }]);
  });

  it('keeps a column that a view reads, empty, and names the view', async () => {
    await asAnalyst('create view warehouse.tiers as select customer_id, tier from warehouse.customers');
    await night("('c_1')", 'customer_id');
    expect((await state.publish([customers])).notCarriedOver).toEqual([
      {
        name: 'warehouse.tiers',
        reason: 'it reads tier of warehouse.customers, which is no longer published and is null now',
      },
    ]);
    expect(await state.query('select * from warehouse.tiers')).toEqual([{ customer_id: 'c_1', tier: null }]);
    await asAnalyst('drop view warehouse.tiers');
    expect((await state.publish([customers])).notCarriedOver).toEqual([]);
    expect(await state.query('select * from warehouse.customers')).toEqual([{ customer_id: 'c_1' }]);
  });

  it('sets the old column aside where the type of one that a view reads changes', async () => {
    await asAnalyst('create view warehouse.tiers as select tier from warehouse.customers');
    await night("('c_1', 5)");
    expect((await state.publish([customers])).notCarriedOver).toMatchObject([
      { name: 'warehouse.tiers', reason: expect.stringContaining('as tier_before') },
    ]);
    expect(await state.query('select customer_id, tier from warehouse.customers')).toEqual([
      { customer_id: 'c_1', tier: 5 },
    ]);
  });

  it('names an index whose column is gone', async () => {
    await asAnalyst('create index by_tier on warehouse.customers (tier)');
    await night("('c_1')", 'customer_id');
    expect((await state.publish([customers])).notCarriedOver).toMatchObject([{ name: 'warehouse.by_tier' }]);
  });

  it('drops a constraint of an analyst that the rows break, and names it', async () => {
    await asAnalyst(
      `create unique index one_silver on warehouse.customers (tier) where tier = 'silver';
       create table warehouse.notes (customer_id text references warehouse.customers, note text);
       insert into warehouse.notes values ('c_3', 'call back')`,
    );
    await night("('c_1', 'silver'), ('c_2', 'silver')");
    const { notCarriedOver } = await state.publish([customers]);
    expect(notCarriedOver.map(({ name }) => name).sort()).toEqual([
      'warehouse.notes_customer_id_fkey',
      'warehouse.one_silver',
    ]);
    expect(
      await state.query('select customer_id, tier from warehouse.customers order by customer_id'),
    ).toEqual([
      { customer_id: 'c_1', tier: 'silver' },
      { customer_id: 'c_2', tier: 'silver' },
    ]);
    expect(await state.query('select note from warehouse.notes')).toEqual([{ note: 'call back' }]);
  });

  it('keeps a table that is no longer published while a view reads it, and the tables of analysts', async () => {
    const other = { ...customers, name: 'others' };
    await state.publish([customers, other]);
    await asAnalyst(
      'create view warehouse.of_others as select tier from warehouse.others; create table warehouse.own as select 1 as x',
    );
    expect((await state.publish([customers])).notCarriedOver).toEqual([
      {
        name: 'warehouse.others',
        reason: 'it is no longer published; it stays as it was, because warehouse.of_others reads it',
      },
    ]);
    await asAnalyst('drop view warehouse.of_others');
    expect((await state.publish([customers])).notCarriedOver).toEqual([]);
    expect(
      await state.query(
        `select to_regclass('warehouse.others') is null as is_gone, to_regclass('warehouse.own') is null as is_own_gone`,
      ),
    ).toEqual([{ is_gone: true, is_own_gone: false }]);
  });
});
