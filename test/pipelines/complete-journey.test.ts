import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../config/package-root.ts';
import type { RunSummary } from '../../jobs/run-summary.ts';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

/** The Complete Journey with the config among the examples; expected numbers stand in the README of the data. */
const data = resolve('../shared/data/complete_journey');
const hasData = existsSync(`${data}/transactions_sample.csv.gz`);
if (!hasData) console.log(`skipped: ${data} is not there`);

let place: Workplace;
let summary: RunSummary | undefined;

beforeAll(async () => {
  const example = await readFile(join(packageRoot(), 'config', 'examples', 'complete-journey.yml'), 'utf8');
  place = await makeWorkplace(example.replace('path: .\n', `path: ${data}\n`));
  if (hasData) summary = await runPipeline(await place.config(), { now: new Date('2026-11-24T02:00:00Z') });
}, 240_000);
afterAll(() => place.remove());

describe('The Complete Journey', () => {
  it('has every line, household and dollar of the data (CJ1)', async () => {
    if (summary === undefined) return;
    expect(summary.tables.map(({ rows }) => [rows.extracted, rows.loaded])).toEqual([
      [2_102, 2_102],
      [75_000, 75_000],
    ]);
    const [total] = await place.query(
      'warehouse',
      `select count(*) as lines, count(distinct purchase_ref) as baskets, count(distinct account_ref) as households,
         sum(net_amount) as sales, sum(discount_amount) as discounts from warehouse.purchases`,
    );
    // Discounts: 40,180.91 of the shop and 242.10 to match coupons.
    expect(total).toEqual({
      lines: '75000',
      baskets: '47243',
      households: '2377',
      sales: '233935.2400',
      discounts: '40423.0100',
    });
  });

  it('has the best households by sales (CJ4)', async () => {
    if (summary === undefined) return;
    const best = await place.query(
      'warehouse',
      `select account.account_ref, value.net_revenue from warehouse.customer_value as value
       inner join warehouse.customer_accounts as account on account.customer_id = value.customer_id
       order by value.net_revenue desc, account.account_ref limit 3`,
    );
    expect(best.map(({ account_ref, net_revenue }) => [account_ref, net_revenue])).toEqual([
      ['1023', '1156.0500'],
      ['400', '699.8300'],
      ['707', '698.3700'],
    ]);
  });

  it('foretells purchases better than any arithmetic, and says that it has seen no season', async () => {
    if (summary === undefined) return;
    const [chosen] = await place.query(
      'warehouse',
      `select * from warehouse.model_backtests where chosen order by cut_date desc, horizon_days limit 1`,
    );
    const rmse = Number(chosen?.rmse);
    for (const baseline of ['rate', 'last_period', 'zero']) {
      expect(rmse).toBeLessThan(Number(chosen?.[`rmse_${baseline}_baseline`]));
    }
    expect(Math.abs(Number(chosen?.bias))).toBeLessThan(0.1);
    const [said] = await place.query(
      'warehouse',
      `select count(*) as fits from warehouse.model_fits where chosen and reason like '%under 60 weeks of history%'`,
    );
    expect(Number(said?.fits)).toBeGreaterThan(0);
  });
});
