import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openLock } from '../../connectors/engines/open-engine.ts';
import { makeWorkplace, type Workplace } from '../pipelines/workplace.ts';
import { runCommand } from './run-command.ts';

const yaml = `
warehouse: { engine: duckdb, path: warehouse.duckdb }
reporting: { as_of: 2026-06-30, currency: GBP }
sources:
  shop:
    type: files
    path: shop
    tables:
      orders.csv: { entity: purchases, key: id, map: { purchase_ref: id, account_ref: client, ordered_at: day, net_amount: amount } }
`;
const orders = 'id,client,day,amount\n1,a,2026-01-01,1000.00\n2,b,2026-01-02,234.50\n';

let place: Workplace;
beforeAll(async () => {
  place = await makeWorkplace(yaml, { 'shop/orders.csv': orders });
});
afterAll(() => place.remove());

/** Every call is a minute later than the one before: the newest run is the last one. */
let minutes = 0;
function command(...words: string[]) {
  minutes += 1;
  const now = new Date(Date.UTC(2026, 10, 24, 2, minutes)).toISOString();
  return runCommand(words, { cwd: place.folder, now });
}

describe('whalecurve status', () => {
  it('before the first run says so: WC-RUN-003', async () => {
    const { exitCode, stderr } = await command('status');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('WC-RUN-003');
    expect(stderr).toContain('whalecurve run');
  });

  it('while the first run of all goes on names it', async () => {
    const since = new Date('2026-11-24T02:00:00Z');
    const lock = await openLock((await place.config()).warehouse, 'run').acquire('r_first', since);
    try {
      const { exitCode, stdout } = await command('status');
      expect(stdout).toContain('run r_first is going on since 2026-11-24T02:00:00.000Z');
      expect(exitCode).toBe(0);
    } finally {
      await lock.release();
    }
  });
});

describe('whalecurve run', () => {
  it('ends with the fate of every row, the customers, the money and the checks', async () => {
    const { exitCode, stdout, stderr } = await command('run');
    expect(stderr).not.toContain('"level":"error"');
    expect(stdout).toMatch(/^run r_20261124T0203\d\dZ_[0-9a-f]{6} done in \d+\.\d s, as of 2026-06-30/);
    expect(stdout).toMatch(/shop\.orders\.csv +purchases +2 +2 +0 +0 +0 +0/);
    expect(stdout).toContain('customers   2 out of 2 accounts');
    expect(stdout).toContain('purchases   1,234.5000 = 1,234.5000 GBP');
    expect(stdout).toMatch(/checks {6}\d+ passed, 0 failed/);
    expect(exitCode).toBe(0);
  }, 60_000);

  it('logs one JSON object per line where no person is watching', async () => {
    const { stderr } = await command('run');
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ message }) => message)).toContain('run started');
    // The extract and the settings go on at the same time; the others follow one another.
    const done = lines.filter(({ message }) => message === 'job done').map(({ job }) => job);
    expect(done.filter((job) => job !== 'settings')).toEqual([
      'extract:shop',
      'load:shop',
      'conform',
      'models:identity',
      'models:customers',
      'models:value',
      'verify',
      'publish',
    ]);
  }, 60_000);

  it('with --json prints the summary and nothing else on stdout', async () => {
    const { stdout } = await command('run', '--json', '--as-of', '2026-01-01');
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'done',
      asOf: '2026-01-01',
      customers: 1,
      moneyOut: '1000.0000',
      tables: [{ source: 'shop', table: 'orders.csv', rows: { extracted: 2, loaded: 1, after_as_of: 1 } }],
    });
  }, 60_000);

  it('with more in quarantine than the limit is done, and says so with exit code 3', async () => {
    await place.write({ 'shop/orders.csv': `${orders}2,b,2026-01-03,1.00\n` });
    const { exitCode, stdout } = await command('run');
    expect(stdout).toContain('33.3 % of shop.orders.csv');
    expect(exitCode).toBe(3);
  }, 60_000);

  it('that fails prints the error with its place, and ends with exit code 1', async () => {
    await place.write({ 'shop/orders.csv': `${orders}3,"cut` });
    const { exitCode, stderr, stdout } = await command('run');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('WC-FILE-002');
    expect(stdout).toBe('');
  }, 60_000);

  it('with a date that is none is wrong usage: exit code 2', async () => {
    expect(await command('run', '--as-of', 'yesterday')).toMatchObject({ exitCode: 2 });
    expect(await command('run', '--runner', 'cloud')).toMatchObject({ exitCode: 2 });
  });
});

describe('whalecurve status, after these runs', () => {
  it('shows the last one, which failed, and that the warehouse is as it was', async () => {
    const { exitCode, stdout } = await command('status');
    expect(stdout).toContain('failed');
    expect(stdout).toContain('WC-FILE-002');
    expect(stdout).toContain('as it was before this run');
    expect(exitCode).toBe(0);
  });

  it('shows more of them, newest first, as JSON', async () => {
    const { stdout } = await command('status', '--last', '3', '--json');
    const { runs, running, from } = JSON.parse(stdout);
    expect({ running, from }).toEqual({ running: null, from: 'state' });
    expect(runs).toHaveLength(3);
    expect(runs.map(({ status }: { status: string }) => status)).toEqual(['failed', 'done', 'done']);
  });

  it('with --max-age fails once no run has published for so long, whatever failed since', async () => {
    expect(await command('status', '--max-age', '2d')).toMatchObject({ exitCode: 0 });
    const { exitCode, stderr } = await command('status', '--max-age', '1m');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /WC-RUN-005.*the last run that published ended \d+ min ago \(2026-11-24 02:\d\d:\d\d UTC\); it may be 1 min/,
    );
    expect(await command('status', '--max-age', 'soon')).toMatchObject({ exitCode: 2 });
  });

  it('while a run has the state answers from the warehouse, and says which run that is', async () => {
    await place.write({ 'shop/orders.csv': orders });
    const running = command('run');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { stdout } = await command('status');
    expect((await running).exitCode).toBe(0);
    expect(stdout).toMatch(/run r_\w+ is going on since 2026-11-24T02:\d\d:00\.000Z \(process \d+ on /);
  }, 60_000);
});
