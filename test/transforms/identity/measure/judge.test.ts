import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  bringTruth,
  judgeCustomers,
  judgeScored,
  missedPairs,
  wrongPairs,
} from '../../../../transforms/identity/measure/judge.ts';
import type { Truth } from '../../../../transforms/identity/measure/truth.ts';

/**
 * Ten accounts crm:0 … crm:9. In truth {0 1 2} {3 4} {5 6 7} and 8, 9 alone; found {0 1} {2} {3} {4} {5 6 8} {7} {9}. crm:9 is
 * not in the truth, and the truth has crm:99 and web:1 besides.
 */
const persons: Truth = {
  form: 'persons',
  accounts: [
    ...['0', '1', '2', '3', '4', '5', '6', '7', '8', '99'].map(crm),
    { source: 'web', accountRef: '1' },
  ],
  persons: ['a', 'a', 'a', 'b', 'b', 'c', 'c', 'c', 'd', 'd', 'e'],
};

function crm(accountRef: string) {
  return { source: 'crm', accountRef };
}

let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  await connection.run(`
    create temp table members as
      select 'crm' as source, node::varchar as account_ref, 'c' || customer as customer_id, node::integer as node
      from (values (0, 0), (1, 0), (2, 2), (3, 3), (4, 4), (5, 5), (6, 5), (7, 7), (8, 5), (9, 9)) as t (node, customer);
    create temp table scored as
      select l::integer as l, r::integer as r, weight::double as weight
      from (values (0, 1, 5.0), (0, 2, -2.0), (3, 4, 3.0), (5, 6, 6.0), (6, 8, 1.0), (1, 9, -4.0)) as t (l, r, weight);
    create temp table links as select 0 as l, 1 as r, 'name: equal' as evidence union all
      select 5, 6, 'rule tax_id' union all select 6, 8, 'phone: equal';
    create temp table cuts as select 3 as l, 4 as r, 'date_of_birth' as reason;
    create temp table certain as select 5 as l, 6 as r, 'tax_id' as rule, 1 as place;
    create temp table must_links as select 0 as l, 0 as r where false;
    create temp table cannot_links as select 0 as l, 0 as r where false`);
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

describe('judging customers', () => {
  it('counts what the state lacks by source, and what the truth does not name', async () => {
    expect(await bringTruth(connection, persons)).toEqual({
      given: 11,
      known: 9,
      unknown: [
        { source: 'crm', accounts: 1, examples: ['crm:99'] },
        { source: 'web', accounts: 1, examples: ['web:1'] },
      ],
      notJudged: 1,
    });
  });

  it('against persons: two of seven true pairs are found, and two wrong ones with them', async () => {
    await bringTruth(connection, persons);
    const { pairs, partition } = await judgeCustomers(connection, 'persons');
    // True: 3 + 1 + 3. Found: {0 1} and the three of {5 6 8}; right: 0–1 and 5–6.
    expect(pairs).toEqual({ found: 4, true: 7, right: 2 });
    expect(partition).toMatchObject({ accounts: 9, foundCustomers: 6, trueCustomers: 4, largestFound: 3 });
  });

  it('says of each missed pair what kept it apart: a cut, the threshold, or that nothing compared it', async () => {
    await bringTruth(connection, persons);
    await judgeScored(connection, 'persons', 2);
    const missed = await missedPairs(connection, { form: 'persons', missed: 5, examples: 2 });
    expect(missed).toEqual([
      {
        reason: 'never compared',
        pairs: 3,
        examples: [
          ['crm:1', 'crm:2'],
          ['crm:5', 'crm:7'],
        ],
      },
      { reason: 'below the threshold', pairs: 1, examples: [['crm:0', 'crm:2']] },
      { reason: 'date_of_birth', pairs: 1, examples: [['crm:3', 'crm:4']] },
    ]);
  });

  it('says of each wrong pair which evidence made it, or that others did', async () => {
    await bringTruth(connection, persons);
    const wrong = await wrongPairs(connection, { form: 'persons', wrong: 2, examples: 3 });
    expect(wrong).toEqual([
      { reason: 'no link of their own: by way of other accounts', pairs: 1, examples: [] },
      { reason: 'phone: equal', pairs: 1, examples: [['crm:6', 'crm:8']] },
    ]);
  });

  it('gives the evidence of the judged pairs in bits, a certain link above all', async () => {
    await bringTruth(connection, persons);
    expect(await judgeScored(connection, 'persons', 2)).toEqual([
      { bits: 1000, pairs: 1, right: 1 },
      { bits: 7, pairs: 1, right: 1 },
      { bits: 5, pairs: 1, right: 1 },
      { bits: 3, pairs: 1, right: 0 },
      { bits: 0, pairs: 1, right: 1 },
    ]);
  });

  it('against pairs judges these alone', async () => {
    const truth: Truth = {
      form: 'pairs',
      accounts: ['0', '1', '2', '6', '8', '9'].map(crm),
      pairs: [
        { one: 0, other: 1, isSame: true },
        { one: 1, other: 2, isSame: true },
        { one: 3, other: 4, isSame: false },
        { one: 1, other: 5, isSame: false },
      ],
    };
    await bringTruth(connection, truth);
    const { pairs, partition } = await judgeCustomers(connection, 'pairs');
    expect([pairs, partition]).toEqual([{ found: 2, true: 2, right: 1 }, null]);
    await judgeScored(connection, 'pairs', 2);
    const missed = await missedPairs(connection, { form: 'pairs', missed: 1, examples: 1 });
    expect(missed).toEqual([{ reason: 'never compared', pairs: 1, examples: [['crm:1', 'crm:2']] }]);
    const wrong = await wrongPairs(connection, { form: 'pairs', wrong: 1, examples: 1 });
    expect(wrong).toEqual([{ reason: 'phone: equal', pairs: 1, examples: [['crm:6', 'crm:8']] }]);
  });
});
