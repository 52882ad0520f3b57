import { spawnSync } from 'node:child_process';
import { appendFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { makeWorkplace, type Workplace } from '../pipelines/workplace.ts';
import { expectFailedNight, expectGoodNight, nextNight, publishedBy } from './night.ts';
import { mountSmallDisk, notMounted } from './small-disk.ts';

const yamlWith = (warehouse = '', more = '') => `
warehouse: { engine: duckdb, path: warehouse.duckdb${warehouse} }
reporting: { as_of: 2026-06-30 }
quarantine: { max_share: 1 }
sources:
  shop:
    type: files
    path: shop
    tables:
      orders.csv:
        entity: purchases
        key: order
        max_vanished_share: 1
        ${more}
        map: { purchase_ref: order, account_ref: client, ordered_at: day, net_amount: amount }
`;
const orders = (count: number, line = (n: number) => `${n},c${n % 9},2026-01-02,${n}.50`) =>
  `order,client,day,amount\n${Array.from({ length: count }, (_, n) => `${line(n)}\n`).join('')}`;

let place: Workplace;
beforeAll(async () => {
  place = await makeWorkplace(yamlWith(), { 'shop/orders.csv': orders(20) });
  await expectGoodNight(place);
}, 300_000);
afterEach(() => place.write({ 'whalecurve.yml': yamlWith(), 'shop/orders.csv': orders(20) }));
afterAll(() => place.remove());

describe('a night', () => {
  it('whose clock was set back works, and each run keeps the times that the clock gave', async () => {
    const back = new Date('2020-01-01T00:00:00Z');
    await place.write({ 'shop/orders.csv': orders(21) });
    const summary = await runPipeline(await place.config(), { now: back });
    expect(summary).toMatchObject({ status: 'done', tables: [{ rows: { extracted: 21, loaded: 21 } }] });
    expect(summary.runId).toMatch(/^r_20200101T000000Z_/);
    expect(await place.query('warehouse', 'select count(*) as n from warehouse.purchases')).toEqual([
      { n: '21' },
    ]);
    const runs = await place.query('warehouse', 'select status, seconds >= 0 as is_sane from warehouse.runs');
    expect(runs).toEqual(runs.map(() => ({ status: 'done', is_sane: true })));
    expect(runs.length).toBe(2);
  }, 300_000);

  it('whose memory limit is too small for its work fails with WC-ENGINE-002 and names the setting', async () => {
    await place.write({ 'whalecurve.yml': yamlWith(', memory_limit: 1MB') });
    const told = await expectFailedNightOrRefusal('WC-ENGINE-002');
    expect(told.hint).toContain('`warehouse.memory_limit`');
  }, 300_000);

  it('whose disk is full when it publishes leaves the old night: WC-ENGINE-002', async () => {
    const disk = await mountSmallDisk(32);
    if (disk === null) return console.log(notMounted);
    try {
      const moved = yamlWith().replace(
        'path: warehouse.duckdb',
        `path: ${disk.folder}/warehouse.duckdb, state: state.duckdb`,
      );
      await place.write({ 'whalecurve.yml': moved });
      await expectGoodNight(place);
      await writeFile(join(disk.folder, 'others'), Buffer.alloc(20 * 1024 * 1024));
      await place.write({ 'shop/orders.csv': orders(60_000) });
      const told = await expectFailedNight(place, 'WC-ENGINE-002');
      expect(told.hint).toContain('the disk is full');
      await writeFile(join(disk.folder, 'others'), '');
      await place.write({ 'shop/orders.csv': orders(30) });
      await expectGoodNight(place);
    } finally {
      await disk.remove();
    }
  }, 300_000);

  it('whose file grows while it is read fails with WC-SOURCE-006', async () => {
    await place.write({ 'shop/orders.csv': orders(50_000) });
    const told = await expectFailedNight(place, 'WC-SOURCE-006', {
      onBytes: () => appendFileSync(join(place.folder, 'shop/orders.csv'), 'x,y,z,1\n'),
    });
    expect(told.message).toContain('changed while the source was read');
  }, 300_000);

  it('whose file vanishes while it is read fails with WC-SOURCE-006', async () => {
    await place.write({ 'shop/orders.csv': orders(50_000) });
    const told = await expectFailedNight(place, 'WC-SOURCE-006', {
      onBytes: () => rmSync(join(place.folder, 'shop/orders.csv'), { force: true }),
    });
    expect(told.message).toContain('orders.csv');
    await place.write({ 'shop/orders.csv': orders(30) });
  }, 300_000);

  it('whose keys are doubled or missing puts those rows in quarantine, and loads the others', async () => {
    await place.write({
      'shop/orders.csv': `${orders(10)}5,c1,2026-01-02,9.00\n5,c1,2026-01-02,8.00\n,c1,2026-01-02,7.00\n`,
    });
    const summary = await runPipeline(await place.config(), { now: nextNight() });
    expect(summary.tables[0]?.rows).toMatchObject({ extracted: 13, loaded: 10, quarantined: 3 });
    const rows = await place.query(
      'warehouse',
      `select rule from warehouse.quarantine where run_id = '${summary.runId}'`,
    );
    expect(rows.length).toBe(3);
  }, 300_000);

  it('that refuses a million rows ends in bounded memory, with each of them in quarantine', async () => {
    await place.write({
      'whalecurve.yml': yamlWith(', memory_limit: 300MB'),
      'shop/orders.csv': orders(1_000_010, (n) => `${n},c${n % 9},${n < 10 ? '2026-01-02' : 'no day'},1.00`),
    });
    // A heap in which so many rows would have no room.
    const words = [
      '--max-old-space-size=100',
      resolve('bin/whalecurve.js'),
      'run',
      '-c',
      place.configFile,
      '--json',
    ];
    const { status, stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(JSON.parse(stdout).tables[0].rows).toMatchObject({
      extracted: 1_000_010,
      loaded: 10,
      quarantined: 1_000_000,
    });
    const [counted] = await place.query('state', 'select count(*) as n from whalecurve.quarantine');
    expect(Number(counted?.n)).toBeGreaterThanOrEqual(1_000_000);
  }, 300_000);

  it('whose warehouse is damaged is told so, and leaves it: WC-ENGINE-004', async () => {
    await place.write({ 'warehouse.duckdb': Buffer.alloc(100_000, 'no database') });
    await expect(runPipeline(await place.config(), { now: nextNight() })).rejects.toMatchObject({
      code: 'WC-ENGINE-004',
      hint: expect.stringContaining('restore it from a copy'),
    });
    const [run] = await place.query(
      'state',
      "select error_code from whalecurve.runs where status = 'failed' order by started_at desc nulls last limit 1",
    );
    expect(run).toEqual({ error_code: 'WC-ENGINE-004' });
  }, 300_000);
});

/** Like a failed night; but where not even the state can be opened, there is no history to stand in. */
async function expectFailedNightOrRefusal(code: string) {
  const before = await publishedBy(place).catch(() => null);
  const told = await runPipeline(await place.config(), { now: nextNight() }).then(
    () => ({ code: 'no failure', message: '', hint: '' }),
    (error: { code: string; message: string; hint?: string }) => error,
  );
  expect(told).toMatchObject({ code });
  await place.write({ 'whalecurve.yml': yamlWith() });
  if (before !== null) expect(await publishedBy(place)).toEqual(before);
  return told;
}
