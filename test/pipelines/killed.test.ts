import { type ChildProcess, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Row } from '../../connectors/engines/engine.ts';
import { runsFolder } from '../../connectors/engines/open-engine.ts';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { engines, makeWorkplace, type Workplace } from './workplace.ts';

const now = new Date('2026-11-24T02:00:00Z');
const yaml = `
warehouse: { engine: duckdb, path: warehouse.duckdb }
reporting: { as_of: 2026-06-30 }
sources:
  shop:
    type: files
    path: shop
    tables:
      orders.csv:
        entity: purchases
        key: order
        map: { purchase_ref: order, account_ref: client, ordered_at: day, net_amount: amount }
`;
const header = 'order,client,day,amount\n';
const oldOrders = `${header}1,a,2026-01-01,10.00\n2,b,2026-01-02,5.50\n`;
const newOrders = `${oldOrders}3,c,2026-01-03,1.25\n`;

describe.each(engines)('on engine %s', (engine) => {
  let place: Workplace;
  let oldNight: Record<string, Row[]>;

  beforeAll(async () => {
    place = await makeWorkplace(yaml, { 'shop/orders.csv': oldOrders }, {}, engine);
    await runPipeline(await place.config(), { now });
    oldNight = await warehouse(place);
    await place.write({ 'shop/orders.csv': newOrders });
  }, 120_000);
  afterAll(() => place.remove());

  describe('a run that is killed', () => {
    const instants = ['extract:shop', 'load:shop', 'conform', 'models:value', 'publish'];

    it.each(instants)(
      'while %s is at work leaves the warehouse of one night or the other, whole',
      async (job) => {
        await killedAt(place, job);
        const found = await warehouse(place);
        const orders = found['warehouse.purchases']?.length;
        if (orders === 2) expect(found).toEqual(oldNight);
        else expect([job, orders]).toEqual(['publish', 3]);
      },
      120_000,
    );

    it('hinders no later one: it takes the lock over, cleans up, and ends with the tables of the new night', async () => {
      const summary = await runPipeline(await place.config(), { now: new Date('2026-11-26T02:00:00Z') });
      expect(summary).toMatchObject({ status: 'done', customers: 3, moneyOut: '16.7500' });
      expect(await readdir(runsFolder((await place.config()).warehouse)).catch(() => [])).toEqual([]);
      const ended = await place.query(
        'state',
        `select distinct status, error_code from whalecurve.runs where status <> 'done'
       order by status nulls last, error_code nulls last`,
      );
      expect(ended).toEqual([{ status: 'failed', error_code: 'WC-RUN-002' }]);
      const [killed] = await place.query(
        'state',
        "select count(*) >= 4 as is_enough from whalecurve.runs where status = 'failed'",
      );
      // Five were killed; the first of them perhaps before it had opened the state to write itself down.
      expect(killed).toEqual({ is_enough: true });
    }, 120_000);
  });

  describe('a run that is stopped by SIGTERM', () => {
    it('ends in order: exit code 1, WC-RUN-004, and the lock is free at once', async () => {
      const { child, ended, reached } = command(place, 'conform');
      await reached;
      child.kill('SIGTERM');
      const { exitCode, stderr } = await ended;
      expect(stderr).toContain('WC-RUN-004');
      expect(exitCode).toBe(1);
      expect((await readdir(place.folder)).filter((name) => name.includes('.run'))).toEqual([]);
    }, 120_000);
  });
});

/** What analysts read, apart from the history. */
async function warehouse(place: Workplace): Promise<Record<string, Row[]>> {
  const except = ['runs', 'run_tables', 'quarantine', 'checks'].map((name) => `warehouse.${name}`);
  return place.tables('warehouse', { except });
}

async function killedAt(place: Workplace, job: string): Promise<void> {
  const { child, ended, reached } = command(place, job);
  await reached;
  child.kill('SIGKILL');
  await ended;
}

/** The command in a process of its own; `reached` once the log says that the job was started. */
function command(
  place: Workplace,
  job: string,
): {
  child: ChildProcess;
  ended: Promise<{ exitCode: number | null; stderr: string }>;
  reached: Promise<void>;
} {
  const child = spawn(process.execPath, [resolve('bin/whalecurve.js'), 'run', '-c', place.configFile], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  let reach: () => void = () => {};
  const reached = new Promise<void>((done) => {
    reach = done;
  });
  const ended = new Promise<{ exitCode: number | null; stderr: string }>((done) => {
    child.once('close', (exitCode) => {
      reach();
      done({ exitCode, stderr });
    });
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
    const isReached = stderr
      .split('\n')
      .some((line) => line.includes('"message":"job started"') && line.includes(`"job":"${job}"`));
    if (isReached) reach();
  });
  return { child, ended, reached };
}
