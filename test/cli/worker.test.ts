import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { makeWorkplace, type Workplace } from '../pipelines/workplace.ts';
import { createRedisPrefix } from '../servers/redis.ts';
import { runCommand } from './run-command.ts';

const redis = createRedisPrefix();
const yaml = `
warehouse: { engine: duckdb, path: warehouse.duckdb }
reporting: { as_of: 2026-06-30 }
sources:
  shop:
    type: files
    path: shop
    tables:
      orders.csv: { entity: purchases, key: id, map: { purchase_ref: id, account_ref: client, ordered_at: day, net_amount: amount } }
runner: { type: bullmq, redis: "${redis.url}", prefix: ${redis.prefix} }
`;
let place: Workplace;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  place = await makeWorkplace(yaml, {
    'shop/orders.csv': 'id,client,day,amount\n1,a,2026-01-01,10.00\n2,b,2026-01-02,2.50\n',
  });
});
afterEach(() => {
  for (const worker of workers.splice(0)) worker.kill('SIGKILL');
});
afterAll(async () => {
  await place.remove();
  await redis.drop();
});

describe('whalecurve worker', () => {
  it('takes the jobs of a run in a process of its own, and ends in order on SIGTERM', async () => {
    const worker = await startedWorker();
    const summary = await runPipeline(await place.config(), { now: new Date('2026-11-24T02:00:00Z') });
    expect(summary).toMatchObject({ status: 'done', customers: 2, moneyOut: '12.5000' });
    const ended = new Promise((done) => worker.child.once('close', done));
    worker.child.kill('SIGTERM');
    expect(await ended).toBe(0);
    const jobs = worker
      .log()
      .filter(({ message }) => message === 'job done')
      .map(({ job }) => job);
    expect(jobs).toEqual(['extract:shop', 'build']);
  }, 60_000);

  it('with a number of jobs that is none is wrong usage: exit code 2', async () => {
    expect(await runCommand(['worker', '--concurrency', '0'], { cwd: place.folder })).toMatchObject({
      exitCode: 2,
    });
  });
});

async function startedWorker(): Promise<{ child: ChildProcess; log: () => Record<string, unknown>[] }> {
  const words = [resolve('bin/whalecurve.js'), 'worker', '-c', place.configFile];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  workers.push(child);
  let stderr = '';
  await new Promise<void>((ready) => {
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
      if (stderr.includes('worker ready')) ready();
    });
    child.once('close', () => ready());
  });
  return {
    child,
    log: () =>
      stderr
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line)),
  };
}
