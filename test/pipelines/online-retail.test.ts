import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunSummary } from '../../jobs/run-summary.ts';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

/** Online Retail with the smallest config; every expected number stands in the README of the data. */
const data = resolve('../shared/data/online_retail');
const hasData = existsSync(`${data}/online_retail.csv.gz`);
if (!hasData) console.log(`skipped: ${data} is not there`);

const yaml = `
warehouse: { engine: duckdb, path: ./warehouse.duckdb }
reporting: { currency: GBP, timezone: Europe/London, as_of: 2011-12-10 }
sources:
  shop:
    type: files
    path: ${data}
    tables:
      online_retail.csv.gz:
        entity: purchases
        key: [InvoiceNo, StockCode, _row]        # _row: the row's number in its file
        where: CustomerID IS NOT NULL
        map: { purchase_ref: InvoiceNo, account_ref: CustomerID, ordered_at: InvoiceDate,
               product_ref: StockCode, quantity: Quantity, net_amount: Quantity * UnitPrice }
`;

let place: Workplace;
let summary: RunSummary | undefined;

beforeAll(async () => {
  place = await makeWorkplace(yaml);
  if (hasData) summary = await runPipeline(await place.config(), { now: new Date('2026-11-24T02:00:00Z') });
}, 240_000);
afterAll(() => place.remove());

describe('Online Retail with the smallest config', () => {
  it('counts every row: 541,909 extracted, 135,080 without a customer filtered, 406,829 loaded', () => {
    if (summary === undefined) return;
    expect(summary.tables.map(({ rows }) => rows)).toEqual([
      { extracted: 541_909, filtered: 135_080, loaded: 406_829, quarantined: 0, deleted: 0, after_as_of: 0 },
    ]);
  });

  it('finds 4,372 customers with a revenue of 8,300,065.8140, into the warehouse as out of the file', async () => {
    if (summary === undefined) return;
    expect(summary).toMatchObject({
      status: 'done',
      customers: 4_372,
      accounts: 4_372,
      moneyIn: '8300065.8140',
      moneyOut: '8300065.8140',
    });
    const [total] = await place.query(
      'warehouse',
      'select count(*) as customers, sum(net_revenue) as revenue from warehouse.customer_value',
    );
    expect(total).toEqual({ customers: '4372', revenue: '8300065.8140' });
  });

  it('values customer 14646 at 279,489.02 and customer 12346, who returned all of it, at 0.00', async () => {
    if (summary === undefined) return;
    const customers = await place.query(
      'warehouse',
      `select account.account_ref, value.net_revenue
       from warehouse.customer_value as value
       inner join warehouse.customer_accounts as account on account.customer_id = value.customer_id
       where account.account_ref in ('14646', '12346')
       order by account.account_ref`,
    );
    expect(customers).toEqual([
      { account_ref: '12346', net_revenue: '0.0000' },
      { account_ref: '14646', net_revenue: '279489.0200' },
    ]);
  });

  it('publishes what it counted: the run, its table and its checks', async () => {
    if (summary === undefined) return;
    const runs = await place.query('warehouse', 'select run_id, status, customers from warehouse.runs');
    expect(runs).toEqual([{ run_id: summary.runId, status: 'done', customers: '4372' }]);
    const [tables] = await place.query(
      'warehouse',
      'select loaded_money, extracted_rows from warehouse.run_tables',
    );
    expect(tables).toEqual({ loaded_money: '8300065.8140', extracted_rows: '541909' });
    expect(summary.checks.failed).toEqual([]);
  });
});
