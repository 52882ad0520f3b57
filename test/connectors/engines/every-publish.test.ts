import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Engine, PublishedTable } from '../../../connectors/engines/engine.ts';
import { type EngineUnderTest, engines } from './engines.ts';

const customers: PublishedTable = {
  from: { schema: 'customers', table: 'golden' },
  name: 'customers',
  key: ['customer_id'],
  comment: "One row is one customer; it's the golden record",
  columnComments: { tier: 'gold, silver or bronze' },
};

describe.each(engines)('publishing on $name', ({ start }) => {
  let under: EngineUnderTest;
  let state: Engine;

  beforeEach(async () => {
    under = await start();
    state = await under.open();
  });
  afterEach(() => under.end());

  async function night(select: string): Promise<void> {
    await state.buildTable(customers.from, select);
  }

  async function inWarehouse(sql: string) {
    const reader = await under.open({ database: 'warehouse', isReadOnly: true });
    try {
      return await reader.query(sql);
    } finally {
      await reader.close();
    }
  }

  const firstNight = "select 'c_2' as customer_id, 'silver' as tier union all select 'c_1', 'gold'";

  it('makes the tables that analysts read, and gives their rows', async () => {
    await night(firstNight);
    expect(await state.publish([customers])).toEqual({ rows: { customers: 2 }, notCarriedOver: [] });
    expect(await inWarehouse('select * from warehouse.customers order by customer_id')).toEqual([
      { customer_id: 'c_1', tier: 'gold' },
      { customer_id: 'c_2', tier: 'silver' },
    ]);
  });

  it('makes them those of the next night: rows that are gone, changed and new, and columns as well', async () => {
    await night(firstNight);
    await state.publish([customers]);
    await night(
      "select 'c_1' as customer_id, 'bronze' as tier, 1.50 as value union all select 'c_3', null, null",
    );
    expect(await state.publish([customers])).toEqual({ rows: { customers: 2 }, notCarriedOver: [] });
    expect(
      await inWarehouse('select customer_id, tier, value from warehouse.customers order by customer_id'),
    ).toEqual([
      { customer_id: 'c_1', tier: 'bronze', value: '1.50' },
      { customer_id: 'c_3', tier: null, value: null },
    ]);
    await night("select 'c_1' as customer_id, 5 as tier");
    await state.publish([customers]);
    expect(await inWarehouse('select * from warehouse.customers')).toEqual([{ customer_id: 'c_1', tier: 5 }]);
  });

  it('takes rows whose key is no key: repeated, or missing', async () => {
    const rows =
      "select 'c_1' as customer_id, 'gold' as tier union all select 'c_1', 'gold' union all select null, 'silver'";
    await night(rows);
    await state.publish([customers]);
    await state.publish([customers]);
    expect(await inWarehouse('select * from warehouse.customers order by tier, customer_id')).toEqual([
      { customer_id: 'c_1', tier: 'gold' },
      { customer_id: 'c_1', tier: 'gold' },
      { customer_id: null, tier: 'silver' },
    ]);
    await night(firstNight);
    await state.publish([customers]);
    await night(rows);
    expect((await state.publish([customers])).rows).toEqual({ customers: 3 });
  });

  it('removes a table that is no longer published', async () => {
    await night(firstNight);
    const other = { ...customers, name: 'others' };
    await state.publish([customers, other]);
    await state.publish([customers]);
    await expect(inWarehouse('select * from warehouse.others')).rejects.toMatchObject({
      code: 'WC-ENGINE-002',
    });
  });

  it('leaves the old night when it fails', async () => {
    await night(firstNight);
    await state.publish([customers]);
    await night("select 'c_9' as customer_id, 'gold' as tier");
    const missing = { ...customers, name: 'missing', from: { schema: 'customers', table: 'nowhere' } };
    await expect(state.publish([customers, missing])).rejects.toMatchObject({ code: 'WC-ENGINE-002' });
    expect(await inWarehouse('select customer_id from warehouse.customers order by customer_id')).toEqual([
      { customer_id: 'c_1' },
      { customer_id: 'c_2' },
    ]);
  });
});
