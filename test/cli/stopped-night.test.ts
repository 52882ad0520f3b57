import { mkdir } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { main } from '../../cli/main.ts';
import type { Row } from '../../connectors/engines/engine.ts';
import { openLock } from '../../connectors/engines/open-engine.ts';
import { reportToFile } from '../../jobs/progress-file.ts';
import { runFolder } from '../../jobs/run-folder.ts';
import { makeWorkplace, type Workplace } from '../pipelines/workplace.ts';
import { runCommand } from './run-command.ts';

const yaml = `
warehouse: { engine: duckdb, path: warehouse.duckdb }
reporting: { as_of: 2026-06-30 }
sources:
  shop:
    type: files
    path: shop
    tables:
      orders.csv: { entity: purchases, key: id, map: { purchase_ref: id, account_ref: client, ordered_at: day, net_amount: amount } }
tests:
  entities.purchases:
    - volume: { max_change: 0.5 }
  customer_value:
    - expression: net_contribution <= 0
      severity: warn
    - score_shift: { max_share: 1 }
`;
const header = 'id,client,day,amount\n';
const orders = [1, 2, 3, 4, 5].map((id) => `${id},client-${id},2026-01-0${id},${id}000.00\n`).join('');

let place: Workplace;
let published: Record<string, Row[]>;
const whalecurve = (...words: string[]) =>
  runCommand(words, { cwd: place.folder, now: '2026-07-02T02:00:00Z' });

beforeAll(async () => {
  place = await makeWorkplace(yaml, { 'shop/orders.csv': `${header}${orders}6,client-6,2026-01-06,many\n` });
  const first = await runCommand(['run'], { cwd: place.folder, now: '2026-07-01T02:00:00Z' });
  // One of six rows is refused, which is more than the limit of 5 %.
  expect([first.exitCode, first.stderr]).toEqual([3, expect.not.stringContaining('WC-')]);
  published = await place.tables('warehouse');
  await place.write({ 'shop/orders.csv': `${header}1,client-1,2026-01-01,1.00\n` });
}, 60_000);
afterAll(() => place.remove());

describe('a night that a test of the config stops', () => {
  it('leaves the warehouse as it was, and says how to look at what it built: WC-GATE-003', async () => {
    const { exitCode, stderr } = await whalecurve('run', '--json');
    expect(exitCode).toBe(1);
    const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
    expect(error).toMatchObject({
      code: 'WC-GATE-003',
      where: 'entities.purchases',
      message:
        'volume: within 50 % of the last 7 runs: expected 3 to 7 rows (median of 1 runs: 5), found 1 rows',
      hint: expect.stringContaining('whalecurve query --candidate "select * from entities.purchases"'),
    });
    expect(await place.tables('warehouse')).toEqual(published);
  });

  it('lets the candidate be asked by the names of the warehouse, beside what is published', async () => {
    const sql = 'select count(*) as customers from warehouse.customer_value';
    expect((await whalecurve('query', sql, '--json')).stdout).toBe('[{"customers":"5"}]\n');
    expect((await whalecurve('query', '--candidate', sql, '--json')).stdout).toBe('[{"customers":"1"}]\n');
    const runs = 'select status from warehouse.runs order by started_at';
    expect((await whalecurve('query', '--candidate', runs, '--json')).stdout).toBe(
      '[{"status":"done"},{"status":"failed"}]\n',
    );
  });

  it('warns of a test that warns, and publishes all the same', async () => {
    const { stdout } = await whalecurve('runs', 'show', 'r_20260701', '--json');
    const { summary } = JSON.parse(stdout);
    expect(summary.status).toBe('done');
    expect(summary.checks.failed).toMatchObject([
      { name: 'net_contribution <= 0', subject: 'warehouse.customer_value', severity: 'warn', failures: 5 },
    ]);
  });
});

describe('whalecurve runs', () => {
  it('lists the runs, the newest first', async () => {
    const { stdout } = await whalecurve('runs', '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      { status: 'failed', errorCode: 'WC-GATE-003', extracted: 1, failedChecks: 1 },
      { status: 'done', errorCode: null, extracted: 6, quarantined: 1, customers: 5, failedChecks: 1 },
    ]);
    const text = (await whalecurve('runs')).stdout.split('\n');
    expect(text[0]).toMatch(/^run +status +as of +started +seconds +rows/);
    expect(text).toHaveLength(5);
  });

  it('show draws the jobs of a run on one line of time, with rows, bytes and memory', async () => {
    const { stdout } = await whalecurve('runs', 'show', 'last');
    expect(stdout).toMatch(/extract:shop +█+·+ /);
    expect(stdout).toMatch(/verify +·+█+ /);
    expect(stdout).toContain('verify WC-GATE-003');
    const { jobs } = JSON.parse((await whalecurve('runs', 'show', 'last', '--json')).stdout);
    const jobOf = (name: string) =>
      jobs.find((one: { job: string; table: null }) => one.job === name && !one.table);
    expect(jobOf('extract:shop')).toMatchObject({ status: 'done', rowsOut: 1, retries: 0 });
    expect(jobOf('extract:shop').peakMemoryBytes).toBeGreaterThan(10_000_000);
    expect(jobOf('conform')).toMatchObject({ rowsIn: 1, rowsOut: 1, rowsRefused: 0 });
    expect(jobOf('verify')).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('WC-GATE-003'),
    });
  });

  it('show says that a run is not there, and which there are', async () => {
    const { exitCode, stderr } = await whalecurve('runs', 'show', 'r_1999', '--json');
    expect([exitCode, JSON.parse(stderr).error.code]).toEqual([2, 'WC-USAGE-001']);
    const several = await whalecurve('runs', 'show', 'r_2026', '--json');
    expect(JSON.parse(several.stderr).error.message).toBe('r_2026 begins the id of 2 runs');
  });
});

describe('whalecurve status --watch', () => {
  it('is done at once where no run is going on', async () => {
    const { exitCode, stdout } = await whalecurve('status', '--watch');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('WC-GATE-003');
  });

  it('shows the jobs of the run that is going on, until it ends', async () => {
    const config = await place.config();
    const now = new Date('2026-07-03T02:00:00Z');
    const runId = 'r_20260703T020000Z_abcdef';
    await mkdir(runFolder(config, runId), { recursive: true });
    const report = reportToFile(config, runId, () => {});
    report({ kind: 'run_started', runId, asOf: '2026-06-30', jobs: ['extract:shop', 'load:shop'] });
    report({ kind: 'job_started', job: 'extract:shop' });
    report({ kind: 'bytes', job: 'extract:shop', table: 'orders.csv', bytes: 20_000_000 });
    const lock = await openLock(config.warehouse, 'run').acquire(runId, now);
    const printed: string[] = [];
    const stdout = new Writable({
      write: (chunk, _encoding, done) => {
        // What was seen once is enough: the run ends.
        if (printed.push(String(chunk)) === 1) void lock.release().then(() => done());
        else done();
      },
    });
    const exitCode = await main(['status', '--watch'], {
      stdout,
      stderr: stdout,
      environment: {},
      isTerminal: false,
      now: () => now,
      cwd: place.folder,
    });
    expect(exitCode).toBe(0);
    expect(printed[0]).toMatch(/^run r_20260703T020000Z_abcdef on .*: 0 of 2 jobs done/);
    expect(printed[0]).toMatch(/extract:shop {2}running {2}20\.0 MB/);
    expect(printed[0]).toMatch(/load:shop +waiting/);
    expect(printed.join('')).toContain('WC-GATE-003');
  });
});
