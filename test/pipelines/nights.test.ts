import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { type Company, companyFiles, companyYaml, foundCompany } from './company.ts';
import { engines, makeWorkplace, type Workplace } from './workplace.ts';

const now = new Date('2026-11-24T02:00:00Z');
const history = ['runs', 'run_jobs', 'run_tables', 'quarantine', 'checks'];
const exceptHistory = [
  ...history.map((name) => `warehouse.${name}`),
  ...[...history, 'run_jobs', 'published_runs', 'cursors', 'source_tables'].map(
    (name) => `whalecurve.${name}`,
  ),
];

describe.each(engines)('on engine %s, night after night', (engine) => {
  let company: Company;
  let place: Workplace;

  beforeAll(async () => {
    company = await foundCompany();
    place = await makeWorkplace(companyYaml, companyFiles, company.environment, engine);
  });
  afterAll(async () => {
    await place.remove();
    await company.drop();
  });

  it('unchanged sources give the same tables and customer ids, and a run beside is refused: WC-RUN-001', async () => {
    const first = await runPipeline(await place.config(), { now });
    const before = await place.tables('warehouse', { except: exceptHistory });
    const config = await place.config();
    let refused: Promise<unknown> | undefined;
    const second = await runPipeline(config, {
      now: new Date('2026-11-25T02:00:00Z'),
      onProgress: (event) => {
        if (event.kind === 'run_started') refused = runPipeline(config, { now }).catch((error) => error);
      },
    });
    // One that begins while another goes on is refused, and does not disturb it.
    expect(await refused).toMatchObject({ code: 'WC-RUN-001' });
    expect(await place.tables('warehouse', { except: exceptHistory })).toEqual(before);
    expect(second.runId > first.runId).toBe(true);
    expect(await place.query('warehouse', 'select status from warehouse.runs')).toEqual([
      { status: 'done' },
      { status: 'done' },
    ]);
  }, 120_000);

  it('a cancelled run is written down as such (WC-RUN-004), publishes nothing and gives the lock back', async () => {
    const config = await place.config();
    const before = await place.tables('warehouse');
    const stop = new AbortController();
    const night = runPipeline(config, {
      now,
      signal: stop.signal,
      onProgress: (event) => {
        if (event.kind === 'job_started' && event.job === 'conform') stop.abort();
      },
    });
    await expect(night).rejects.toMatchObject({ code: 'WC-RUN-004' });
    expect(await place.tables('warehouse')).toEqual(before);
    const [run] = await place.query(
      'state',
      'select status, error_code from whalecurve.runs where error_code is not null',
    );
    expect(run).toEqual({ status: 'failed', error_code: 'WC-RUN-004' });
    // The next test has the lock.
  }, 120_000);

  it('a back-test with an earlier as-of date counts what came after it, and leaves it out', async () => {
    const summary = await runPipeline(await place.config(), { now, asOf: '2026-03-01' });
    const orders = summary.tables.find(({ table }) => table === 'order_lines');
    // Orders 1 (two lines) and 2 are of 1 March or before; 3, 4 and 5 are later, and 5 has no rate in any case.
    expect(orders?.rows).toMatchObject({ extracted: 6, loaded: 3, quarantined: 1, after_as_of: 2 });
    // 20 + 0.125 in dollars, 10 euros at 1.1.
    expect(summary).toMatchObject({ asOf: '2026-03-01', moneyIn: '31.1250', moneyOut: '31.1250' });
  }, 120_000);

  it('an as-of that is no date is refused before anything starts', async () => {
    await expect(runPipeline(await place.config(), { now, asOf: '2026-02-30' })).rejects.toMatchObject({
      code: 'WC-USAGE-001',
    });
  });
});

describe.each(engines)('on engine %s, a config that knows only a part', (engine) => {
  const head =
    'warehouse: { engine: duckdb, path: warehouse.duckdb }\nreporting: { as_of: 2026-06-30 }\nsources:\n';

  it('only accounts: the customers are there, each without a purchase', async () => {
    const accounts = await makeWorkplace(
      `${head}  crm: { type: files, path: ., tables: { people.csv: { entity: accounts, map: { account_ref: id, full_name: name, email: mail } } } }\n`,
      { 'people.csv': 'id,name,mail\n1,Ada Byron,ada@example.org\n2,Ada Byron,ADA@example.org\n3,Kurt,\n' },
      {},
      engine,
    );
    try {
      expect(await runPipeline(await accounts.config(), { now })).toMatchObject({
        status: 'done',
        accounts: 3,
        customers: 2,
        moneyIn: '0.0000',
      });
    } finally {
      await accounts.remove();
    }
  }, 120_000);

  it('only purchases: each account that they name is a customer', async () => {
    const purchases = await makeWorkplace(
      `${head}  shop: { type: files, path: ., tables: { orders.csv: { entity: purchases, key: id, map: { purchase_ref: id, account_ref: client, ordered_at: day, net_amount: amount } } } }\n`,
      { 'orders.csv': 'id,client,day,amount\n1,a,2026-01-01,10\n2,b,2026-01-02,2.5\n3,a,2026-07-01,1\n' },
      {},
      engine,
    );
    try {
      const summary = await runPipeline(await purchases.config(), { now });
      expect(summary).toMatchObject({ status: 'done', accounts: 2, customers: 2, moneyOut: '12.5000' });
      expect(summary.tables[0]?.rows.after_as_of).toBe(1);
    } finally {
      await purchases.remove();
    }
  }, 120_000);
});
