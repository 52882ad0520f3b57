import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../connectors/engines/engine.ts';
import { openEngine } from '../../connectors/engines/open-engine.ts';
import type { Job, OwnerContext } from '../../jobs/job.ts';
import { runInline } from '../../jobs/run-inline.ts';
import { verify } from '../../jobs/verify.ts';
import { nightly } from '../../pipelines/nightly.ts';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { readPrelude } from '../../transforms/prelude/read-prelude.ts';
import { makeWorkplace, type Workplace } from '../pipelines/workplace.ts';

const yaml = `
warehouse: { engine: duckdb, path: warehouse.duckdb }
reporting: { as_of: 2026-06-30 }
sources:
  shop:
    type: files
    path: shop
    tables:
      orders.csv: { entity: purchases, key: id, map: { purchase_ref: id, account_ref: client, ordered_at: day, net_amount: amount } }
`;
let place: Workplace;
let engine: Engine;
let context: OwnerContext;

beforeAll(async () => {
  place = await makeWorkplace(yaml, {
    'shop/orders.csv': 'id,client,day,amount\n1,a,2026-01-01,10.00\n2,b,2026-01-02,2.50\n',
  });
  const config = await place.config();
  const { runId, startedAt, asOf, pipeline } = await runPipeline(config, {
    now: new Date('2026-11-24T02:00:00Z'),
  });
  engine = await openEngine(config.warehouse, { prelude: await readPrelude('duckdb') });
  context = {
    run: { runId, start: 1, startedAt, asOf, pipeline },
    config,
    folder: place.folder,
    engine,
    staleSources: new Map(),
    clock: () => new Date('2026-11-24T02:00:00Z'),
    signal: new AbortController().signal,
    report: () => {},
    resultOf: () => {
      throw new Error('verify needs no result');
    },
    assertStillOwner: async () => {},
  };
}, 60_000);
afterAll(async () => {
  await engine.close();
  await place.remove();
});

/** Spoils one table, judges, and puts it back. */
async function verdictAfter(table: string, spoil: string): Promise<unknown> {
  await engine.run(`create or replace temporary table kept as select * from ${table}`);
  await engine.run(spoil);
  try {
    return await verify(context).catch((error: unknown) => error);
  } finally {
    await engine.run(`delete from ${table}`);
    await engine.run(`insert into ${table} select * from kept`);
  }
}

describe('the gates before the publish', () => {
  it('hold for a night that is right', async () => {
    expect(await verify(context)).toMatchObject({ rowsOut: 0 });
  });

  it('stop at a customer that appears twice: WC-GATE-002 with the table and the test', async () => {
    expect(
      await verdictAfter(
        'customers.customers',
        'insert into customers.customers select * from customers.customers limit 1',
      ),
    ).toMatchObject({
      code: 'WC-GATE-002',
      where: 'customers.customers',
      message: expect.stringContaining('unique'),
    });
  });

  it('stop at a purchase that was lost on the way to its customer: WC-GATE-001 with both counts', async () => {
    expect(
      await verdictAfter('customers.purchases', "delete from customers.purchases where purchase_ref = '2'"),
    ).toMatchObject({
      code: 'WC-GATE-001',
      where: 'customers.purchases',
      message: expect.stringContaining('expected 2, found 1'),
    });
  });

  it('stop at one cent too much: WC-GATE-001', async () => {
    expect(
      await verdictAfter(
        'customers.purchases',
        'update customers.purchases set net_amount_reporting = net_amount_reporting + 0.01',
      ),
    ).toMatchObject({
      code: 'WC-GATE-001',
      message: expect.stringContaining('expected 12.5000, found 12.5200'),
    });
  });

  it('stop where the fates of a table do not add up: WC-GATE-001', async () => {
    expect(
      await verdictAfter('whalecurve.run_tables', 'update whalecurve.run_tables set filtered_rows = 1'),
    ).toMatchObject({
      code: 'WC-GATE-001',
      where: 'shop.orders.csv',
    });
  });

  it('let nothing through to the warehouse when they stop a night', async () => {
    const config = await place.config();
    const before = await place.tables('warehouse');
    await engine.run('insert into customers.customers select * from customers.customers limit 1');
    await engine.close();
    const gateAndPublish = nightly(config)
      .filter(({ kind }) => kind === 'verify' || kind === 'publish')
      .map((job): Job => (job.kind === 'verify' ? { ...job, needs: [] } : job));
    const run = { ...context.run, runId: 'r_20261125T020000Z_gated1' };
    const night = runInline(run, gateAndPublish, context);
    await expect(night).rejects.toMatchObject({ code: 'WC-GATE-002' });
    expect(await place.tables('warehouse')).toEqual(before);
    engine = await openEngine(config.warehouse, { prelude: await readPrelude('duckdb') });
  });
});
