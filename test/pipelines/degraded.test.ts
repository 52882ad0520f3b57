import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exitCode } from '../../jobs/run-summary.ts';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { freePort } from '../servers/own-postgres.ts';
import { createPostgresDatabase, type TestDatabase } from '../servers/postgres.ts';
import { engines, makeWorkplace, type Workplace } from './workplace.ts';

const yaml = (onFailure: string, run = 'backoff: 0s') => `
warehouse: { engine: duckdb, path: warehouse.duckdb }
reporting: { as_of: 2026-06-30 }
sources:
  finance:
    type: postgres
    url: \${FINANCE_URL}
    attempts: 2
    on_source_failure: ${onFailure}
    tables: { orders: { entity: purchases, map: { purchase_ref: id, account_ref: client, ordered_at: day, net_amount: amount } } }
  shop:
    type: files
    path: shop
    tables: { orders.csv: { entity: purchases, key: id, map: { purchase_ref: id, account_ref: client, ordered_at: day, net_amount: amount } } }
run: { ${run} }
`;
const header = 'id,client,day,amount\n';
const oldOrders = `${header}1,a,2026-01-01,10.00\n`;
const newOrders = `${oldOrders}2,b,2026-01-02,2.50\n`;

describe.each(engines)('on engine %s, with a source that is down', (engine) => {
  let finance: TestDatabase;
  let place: Workplace;
  let nobody: string;
  const environment: Record<string, string> = {};

  beforeAll(async () => {
    finance = await createPostgresDatabase();
    await finance.run(`
      create table orders (id int primary key, client text, day date, amount numeric(12, 2));
      insert into orders values (7, 'z', '2026-02-01', 100), (8, 'y', '2026-02-02', 50)`);
    nobody = `postgres://reader@127.0.0.1:${await freePort()}/finance`;
    environment.FINANCE_URL = finance.url;
    place = await makeWorkplace(yaml('publish_stale'), { 'shop/orders.csv': oldOrders }, environment, engine);
  });
  afterAll(async () => {
    await place.remove();
    await finance.drop();
  });

  it('a first night fails: no earlier one has rows that could stand in', async () => {
    environment.FINANCE_URL = nobody;
    const now = new Date('2026-11-23T02:00:00Z');
    const notices: string[] = [];
    const night = runPipeline(await place.config(), {
      now,
      onProgress: (event) => event.kind === 'notice' && notices.push(event.message),
    });
    await expect(night).rejects.toMatchObject({ code: 'WC-SOURCE-001' });
    // Tried twice, as the source says, and told so.
    expect(notices[0]).toMatch(/^extract:finance: connection lost; attempt 2 in 0\.0 s \(/);
    const [job] = await place.query(
      'state',
      "select status, retries from whalecurve.run_jobs where job = 'extract:finance'",
    );
    expect(job).toEqual({ status: 'failed', retries: '1' });
  }, 120_000);

  it('a later one goes on with the rows of the last that read it, marks them as stale and ends with 3', async () => {
    environment.FINANCE_URL = finance.url;
    const fresh = await runPipeline(await place.config(), { now: new Date('2026-11-24T02:00:00Z') });
    expect([fresh.moneyOut, exitCode(fresh), fresh.staleSources]).toEqual(['160.0000', 0, []]);
    environment.FINANCE_URL = nobody;
    await place.write({ 'shop/orders.csv': newOrders });
    const stale = await runPipeline(await place.config(), { now: new Date('2026-11-25T02:00:00Z') });
    // 100 + 50 of the night before, 10 + 2.50 of this one.
    expect([stale.moneyOut, exitCode(stale)]).toEqual(['162.5000', 3]);
    expect(stale.staleSources).toEqual([
      { source: 'finance', since: expect.stringMatching(/^2026-11-24T02:00:0/) },
    ]);
    expect(stale.checks.failed).toMatchObject([
      { name: 'source: read in this run', subject: 'finance', severity: 'warn' },
    ]);
    const tables = await place.query(
      'warehouse',
      `select source, extracted_rows, stale_since is not null as is_stale from warehouse.run_tables
       where run_id = '${stale.runId}' order by source`,
    );
    expect(tables).toEqual([
      { source: 'finance', extracted_rows: '2', is_stale: true },
      { source: 'shop', extracted_rows: '2', is_stale: false },
    ]);
    const [run] = await place.query(
      'warehouse',
      `select stale_sources from warehouse.runs where run_id = '${stale.runId}'`,
    );
    expect(run).toEqual({ stale_sources: 'finance' });
  }, 120_000);

  it('a night that must stop is continued when the source is back, without reading the others again', async () => {
    await place.write({ 'whalecurve.yml': yaml('stop') });
    const failed = runPipeline(await place.config(), { now: new Date('2026-11-26T02:00:00Z') });
    await expect(failed).rejects.toMatchObject({ code: 'WC-SOURCE-001' });
    environment.FINANCE_URL = finance.url;
    // Not seen by the night that goes on: its rows of the shop were read at two.
    await place.write({ 'shop/orders.csv': `${newOrders}3,c,2026-01-03,1000.00\n` });
    const summary = await runPipeline(await place.config(), { now: new Date('2026-11-26T03:00:00Z') });
    expect(summary).toMatchObject({ status: 'done', moneyOut: '162.5000', staleSources: [] });
    expect(summary.runId).toMatch(/^r_20261126T020000Z_/);
    const [run] = await place.query(
      'state',
      `select starts, error_code from whalecurve.runs where run_id = '${summary.runId}'`,
    );
    expect(run).toEqual({ starts: '2', error_code: null });
  }, 120_000);

  it('and `--fresh` reads them again', async () => {
    environment.FINANCE_URL = nobody;
    const failed = runPipeline(await place.config(), { now: new Date('2026-11-27T02:00:00Z') });
    await expect(failed).rejects.toMatchObject({ code: 'WC-SOURCE-001' });
    environment.FINANCE_URL = finance.url;
    await place.write({ 'shop/orders.csv': newOrders });
    const now = new Date('2026-11-27T03:00:00Z');
    const summary = await runPipeline(await place.config(), { now, isFresh: true });
    expect(summary.moneyOut).toBe('162.5000');
    expect(summary.runId).toMatch(/^r_20261127T030000Z_/);
  }, 120_000);
});

describe('a deadline', () => {
  let finance: TestDatabase;
  let place: Workplace;
  const slow = (run: string) =>
    yaml('stop', run).replace(
      'orders: { entity',
      "orders: { query: 'select *, pg_sleep(600)::text as nothing from orders', key: id, entity",
    );
  beforeAll(async () => {
    finance = await createPostgresDatabase();
    await finance.run(`
      create table orders (id int primary key, client text, day date, amount numeric(12, 2));
      insert into orders values (7, 'z', '2026-02-01', 100)`);
    place = await makeWorkplace('', { 'shop/orders.csv': oldOrders }, { FINANCE_URL: finance.url });
  });
  afterAll(async () => {
    await place.remove();
    await finance.drop();
  });

  it.each([
    ['job_deadline', /^job extract:finance took longer than 1 s$/],
    ['deadline', /^run r_\S+ took longer than 1 s$/],
  ])(
    'of `run.%s` ends the night: WC-RUN-006, which says what took too long',
    async (setting, message) => {
      await place.write({ 'whalecurve.yml': slow(`${setting}: 1s`) });
      const night = runPipeline(await place.config(), { now: new Date('2026-11-24T02:00:00Z') });
      await expect(night).rejects.toMatchObject({
        code: 'WC-RUN-006',
        message: expect.stringMatching(message),
        where: `run.${setting}`,
      });
      const failed = await place.query('state', 'select distinct error_code from whalecurve.runs');
      expect(failed).toEqual([{ error_code: 'WC-RUN-006' }]);
    },
    120_000,
  );
});
