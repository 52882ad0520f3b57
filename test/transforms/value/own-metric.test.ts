import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkModels } from '../../../cli/checks/check-models.ts';
import { runPipeline } from '../../../pipelines/run-pipeline.ts';
import { allSteps } from '../../../transforms/all-steps.ts';
import { makeWorkplace, type Workplace } from '../../pipelines/workplace.ts';

const config = (weights: string) => `warehouse: { engine: duckdb, path: warehouse.duckdb }
reporting: { as_of: 2024-12-31 }
sources:
  shop:
    type: files
    path: .
    tables:
      orders.csv:
        entity: purchases
        key: no
        map: { purchase_ref: no, account_ref: client, ordered_at: day, net_amount: amount, category: kind }
models: ./models
value:
  weights: ${weights}
`;
const onlyMine = `{ my_metric: 5, net_contribution: 0, recency_days: 0, frequency: 0, monetary: 0, days_to_pay: 0,
    return_rate: 0, tickets: 0, response_rate: 0 }`;
const orders = `no,client,day,amount,kind
1,a,2024-11-01,10.00,tea
2,a,2024-11-02,10.00,coffee
3,a,2024-11-03,10.00,milk
4,b,2024-11-03,500.00,tea
5,c,2024-11-03,20.00,tea
6,c,2024-11-04,20.00,coffee
`;
/** The whole of what a new metric takes, beside its weight. */
const myMetric = `/*
comment: Breadth of what customers buy
grain: one customer
key: customer_id
metrics: { my_metric: higher }
columns:
  customer_id: The customer
  my_metric: Different categories bought
*/
select customer_id, count(distinct category) as my_metric
from customers.purchases
group by customer_id
`;

let place: Workplace;

beforeAll(async () => {
  place = await makeWorkplace(config(onlyMine), { 'orders.csv': orders, 'models/breadth.sql': myMetric });
});

afterAll(() => place.remove());

describe('a metric of a user', () => {
  it('is one SQL file and one weight: a column of customer_value with its comment, and points of the score', async () => {
    await runPipeline(await place.config(), { now: new Date('2025-01-01T02:00:00Z') });
    const rows = await place.query(
      'warehouse',
      `select account.account_ref, worth.my_metric, worth.score, part.metric, part.points
       from warehouse.customer_value as worth
       inner join warehouse.customer_accounts as account on account.customer_id = worth.customer_id
       inner join warehouse.customer_value_parts as part on part.customer_id = worth.customer_id
       order by account.account_ref`,
    );
    // Of three, 3 categories are above two and half of itself: 2.5 / 3; 2 are 1.5 / 3, 1 is 0.5 / 3.
    expect(rows).toEqual([
      { account_ref: 'a', my_metric: '3', score: '83.3333', metric: 'my_metric', points: '83.3333' },
      { account_ref: 'b', my_metric: '1', score: '16.6667', metric: 'my_metric', points: '16.6667' },
      { account_ref: 'c', my_metric: '2', score: '50.0000', metric: 'my_metric', points: '50.0000' },
    ]);
    const [comment] = await place.query(
      'warehouse',
      `select comment from duckdb_columns() where table_name = 'customer_value' and column_name = 'my_metric'`,
    );
    expect(comment).toEqual({ comment: 'Different categories bought' });
  });

  it.each([
    ['{ my_metrik: 5 }', 'WC-CONFIG-003', 'unknown metric `my_metrik`', 'did you mean `my_metric`?'],
    ['{ first_purchase_on: 5 }', 'WC-CONFIG-002', '`first_purchase_on` cannot be weighed', undefined],
  ])('a weight that is none is told with its place: %s', async (weights, code, message, hint) => {
    await place.write({ 'whalecurve.yml': config(weights) });
    const loaded = await place.config();
    const told = {
      code,
      message: expect.stringContaining(message),
      where: expect.stringMatching(/whalecurve\.yml:14:14$/),
      ...(hint === undefined ? {} : { hint }),
    };
    await expect(allSteps(loaded)).rejects.toMatchObject(told);
    const verdicts = [];
    for await (const verdict of checkModels(loaded)) verdicts.push(verdict);
    expect(verdicts).toMatchObject([{ ...told, subject: 'models', level: 'failed' }]);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['takes the name of a table that there is', { 'models/buying.sql': myMetric }, /value\.buying already/],
    [
      'measures what another does',
      { 'models/twice.sql': myMetric },
      /my_metric is measured by breadth already/,
    ],
    [
      'does what the engines do differently',
      { 'models/breadth.sql': myMetric.replace('count(distinct category)', 'now()') },
      /now\(\) differs/,
    ],
    [
      'has no row for each customer',
      { 'models/breadth.sql': myMetric.replace('key: customer_id', 'key: my_metric') },
      /its key is customer_id/,
    ],
  ])('a model that %s is refused', async (_, files, message) => {
    const own = await makeWorkplace(config(onlyMine), { 'models/breadth.sql': myMetric, ...files });
    try {
      await expect(own.config().then(allSteps)).rejects.toMatchObject({
        message: expect.stringMatching(message),
      });
    } finally {
      await own.remove();
    }
  });
});
