import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '../../config/log.ts';
import { runQueueWorker } from '../../jobs/queue-worker.ts';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { makeWorkplace, type Workplace } from '../pipelines/workplace.ts';
import { createRedisPrefix } from '../servers/redis.ts';

const now = new Date('2026-11-24T02:00:00Z');
const redis = createRedisPrefix();
const yaml = (runner: string) => `
warehouse: { engine: duckdb, path: warehouse.duckdb }
reporting: { as_of: 2026-06-30 }
sources:
  shop:
    type: files
    path: shop
    tables:
      orders.csv: { entity: purchases, key: id, map: { purchase_ref: id, account_ref: client, ordered_at: day, net_amount: amount } }
${runner}
`;
const bullmq = `runner: { type: bullmq, redis: "${redis.url}", prefix: ${redis.prefix} }`;
const orders = 'id,client,day,amount\n1,a,2026-01-01,10.00\n2,b,2026-01-02,2.50\n';

let place: Workplace;
beforeAll(async () => {
  place = await makeWorkplace(yaml(bullmq), { 'shop/orders.csv': orders });
});
afterEach(() => place.write({ 'whalecurve.yml': yaml(bullmq), 'shop/orders.csv': orders }));
afterAll(async () => {
  await place.remove();
  await redis.drop();
});

async function withWorker<T>(work: () => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const worker = runQueueWorker(await place.config(), {
    concurrency: 2,
    environment: {},
    log: silentLog(),
    clock: () => now,
    signal: stop.signal,
  });
  try {
    return await work();
  } finally {
    stop.abort();
    await worker;
  }
}

describe('the runner bullmq', () => {
  it('says within seconds that Redis is down: WC-QUEUE-001', async () => {
    await place.write({
      'whalecurve.yml': yaml('runner: { type: bullmq, redis: "redis://:pass-word-1@127.0.0.1:1" }'),
    });
    const night = runPipeline(await place.config(), { now });
    await expect(night).rejects.toMatchObject({ code: 'WC-QUEUE-001' });
    await expect(night).rejects.not.toMatchObject({ message: expect.stringContaining('pass-word-1') });
  });

  it('asked for without a Redis in the config is WC-CONFIG-005', async () => {
    await place.write({ 'whalecurve.yml': yaml('') });
    await expect(runPipeline(await place.config(), { now, runner: 'bullmq' })).rejects.toMatchObject({
      code: 'WC-CONFIG-005',
    });
  });

  it('fails with the error that the worker met, its code and its place', async () => {
    await place.write({ 'shop/orders.csv': `${orders}3,"cut of` });
    await withWorker(async () => {
      await expect(runPipeline(await place.config(), { now })).rejects.toMatchObject({ code: 'WC-FILE-002' });
    });
    const [run] = await place.query('state', 'select status, error_code from whalecurve.runs');
    expect(run).toEqual({ status: 'failed', error_code: 'WC-FILE-002' });
  }, 60_000);

  it('does the run when a worker comes late, after it said that it waits for one', async () => {
    const notices: string[] = [];
    let said: () => void = () => {};
    const waits = new Promise<void>((resolve) => {
      said = resolve;
    });
    const night = runPipeline(await place.config(), {
      now,
      onProgress: (event) => {
        if (event.kind !== 'notice') return;
        notices.push(event.message);
        if (event.message.startsWith('no worker')) said();
      },
    });
    await waits;
    expect(notices).toContain('no worker takes the jobs yet: start one with `whalecurve worker`');
    await withWorker(async () => expect(await night).toMatchObject({ status: 'done', customers: 2 }));
  }, 60_000);

  it('that is cancelled while no worker is there writes that down: WC-RUN-004', async () => {
    const stop = new AbortController();
    const night = runPipeline(await place.config(), { now, signal: stop.signal });
    setTimeout(() => stop.abort(), 1_000);
    await expect(night).rejects.toMatchObject({ code: 'WC-RUN-004' });
    const cancelled = await place.query(
      'state',
      "select status from whalecurve.runs where error_code = 'WC-RUN-004'",
    );
    expect(cancelled).toEqual([{ status: 'failed' }]);
  }, 60_000);

  it('that is cancelled while a worker is at work stops the worker too', async () => {
    await withWorker(async () => {
      const stop = new AbortController();
      const night = runPipeline(await place.config(), {
        now: new Date('2026-11-25T02:00:00Z'),
        signal: stop.signal,
        onProgress: (event) => {
          if (event.kind === 'job_started') stop.abort();
        },
      });
      await expect(night).rejects.toMatchObject({ code: 'WC-RUN-004' });
    });
  }, 60_000);
});
