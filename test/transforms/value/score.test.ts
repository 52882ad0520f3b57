import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { type Company, type EntityRow, openState, runStages } from '../hand-made-company.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await openState();
});

afterAll(() => engine.close());

function purchase(ref: string, orderedAt: string, amount: number): EntityRow {
  return {
    source: 'shop',
    account_ref: ref,
    purchase_ref: `${ref} ${orderedAt}`,
    ordered_at: orderedAt,
    net_amount: amount,
  };
}

/** Costs nothing to serve, so that contribution is 0.3 × the amount. */
const costless = {
  cost_rates: { order: 0, line: 0, delivery: 0, return: 0, statement: 0, reminder: 0, campaign_other: 0 },
};

const onlyContributionAndRecency = {
  ...costless,
  weights: {
    net_contribution: 3,
    recency_days: 1,
    frequency: 0,
    monetary: 0,
    days_to_pay: 0,
    return_rate: 0,
    tickets: 0,
    response_rate: 0,
  },
};

async function parts(): Promise<Record<string, unknown>[]> {
  return engine.query(
    `select account.account_ref, part.metric, part.percentile, part.weight, part.points
     from value.customer_value_parts as part
     inner join customers.customer_accounts as account on account.customer_id = part.customer_id
     order by account.account_ref, part.metric`,
  );
}

describe('the score', () => {
  it('is the weighted percentile among active customers, ties equal, in hand arithmetic', async () => {
    const company: Company = {
      purchases: [
        purchase('a', '2024-12-01 00:00:00', 300),
        purchase('b', '2024-06-01 00:00:00', 200),
        purchase('c', '2024-06-01 00:00:00', 200),
        purchase('d', '2024-01-15 00:00:00', 100),
      ],
    };
    await runStages(engine, company, { value: onlyContributionAndRecency });
    // Of 4: a is above 3 and half of itself: 3.5 / 4; b and c above 1 and half of two: 2 / 4; d 0.5 / 4. Both metrics agree.
    const expected = {
      a: ['87.5000', '65.6250', '21.8750'],
      b: ['50.0000', '37.5000', '12.5000'],
      c: ['50.0000', '37.5000', '12.5000'],
      d: ['12.5000', '9.3750', '3.1250'],
    };
    expect(await parts()).toEqual(
      Object.entries(expected).flatMap(([account_ref, [percentile, three, one]]) => [
        { account_ref, metric: 'net_contribution', percentile, weight: '75.0000', points: three },
        { account_ref, metric: 'recency_days', percentile, weight: '25.0000', points: one },
      ]),
    );
  });

  it('does not move when a customer who is inactive is added', async () => {
    const active = [purchase('a', '2024-12-01 00:00:00', 300), purchase('b', '2024-06-01 00:00:00', 200)];
    await runStages(engine, { purchases: active }, { value: onlyContributionAndRecency });
    const before = await parts();
    await runStages(
      engine,
      { purchases: [...active, purchase('z', '2019-06-01 00:00:00', 250)] },
      { value: onlyContributionAndRecency },
    );
    const after = await parts();
    expect(after.filter((part) => part.account_ref !== 'z')).toEqual(before);
    // z would stand between the two in contribution, and below both in recency.
    expect(after.filter((part) => part.account_ref === 'z').map((part) => part.percentile)).toEqual([
      '50.0000',
      '0.0000',
    ]);
  });

  it('does not move whoever is inactive and added, whatever they bought', async () => {
    const amount = fc.integer({ min: 1, max: 50_000 }).map((cents) => cents / 100);
    const active = fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), amount), {
      minLength: 1,
      maxLength: 8,
    });
    const gone = fc.array(fc.tuple(fc.integer({ min: 2015, max: 2022 }), amount), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(active, gone, async (bought, lost) => {
        const present = bought.map(([month, value], index) =>
          purchase(`a${index}`, `2024-${String(month).padStart(2, '0')}-15 00:00:00`, value),
        );
        const past = lost.map(([year, value], index) =>
          purchase(`z${index}`, `${year}-06-01 00:00:00`, value),
        );
        await runStages(engine, { purchases: present });
        const before = await parts();
        await runStages(engine, { purchases: [...present, ...past] });
        const after = await parts();
        expect(after.filter(({ account_ref: ref }) => String(ref).startsWith('a'))).toEqual(before);
      }),
      { numRuns: 2, seed: 11 },
    );
  });

  it('a metric that a customer lacks gives its weight to the others', async () => {
    await runStages(
      engine,
      {
        purchases: [purchase('a', '2024-12-01 00:00:00', 300)],
        tickets: [{ source: 'shop', account_ref: 'b', ticket_ref: 't', opened_at: '2024-12-01 00:00:00' }],
      },
      { value: onlyContributionAndRecency },
    );
    // b never bought: no recency, so its contribution (last of two: 25 %) is the whole score.
    expect((await parts()).slice(2)).toEqual([
      {
        account_ref: 'b',
        metric: 'net_contribution',
        percentile: '25.0000',
        weight: '100.0000',
        points: '25.0000',
      },
      { account_ref: 'b', metric: 'recency_days', percentile: null, weight: '0.0000', points: '0.0000' },
    ]);
  });

  it('is the exact sum of its points, and the whale curve falls in no rank, for any customers', async () => {
    const amount = fc.integer({ min: -5_000, max: 50_000 }).map((cents) => cents / 100);
    const day = fc
      .integer({ min: 1, max: 28 })
      .chain((of) =>
        fc
          .integer({ min: 1, max: 12 })
          .map((month) => `2024-${String(month).padStart(2, '0')}-${String(of).padStart(2, '0')} 10:00:00`),
      );
    const anyPurchase = fc.tuple(fc.integer({ min: 1, max: 30 }), day, amount);
    await fc.assert(
      fc.asyncProperty(fc.array(anyPurchase, { minLength: 1, maxLength: 40 }), async (purchases) => {
        await runStages(engine, {
          purchases: purchases.map(([ref, at, value], index) => ({
            ...purchase(String(ref), at, value),
            source_key: String(index),
          })),
        });
        const [broken] = await engine.query(
          `select count(*) as scores from value.customer_value as worth
           inner join (select customer_id, sum(points) as points from value.customer_value_parts group by customer_id) as parts
             on parts.customer_id = worth.customer_id
           where worth.score <> parts.points or worth.score not between 0 and 100`,
        );
        expect(broken).toEqual({ scores: '0' });
        const curve = await engine.query(
          'select profit, customers, cumulative_profit from value.whale_curve order by percentile',
        );
        const cumulative = curve.map((point) => Number(point.cumulative_profit));
        const total = cumulative.at(-1) ?? 0;
        const [summary] = await engine.query('select * from value.whale_summary');
        expect(Number(summary?.net_contribution)).toBeCloseTo(total, 4);
        expect(Number(summary?.peak_contribution)).toBeGreaterThanOrEqual(Math.max(0, ...cumulative) - 1e-9);
        // From the most to the least profitable: once the curve falls it never rises again.
        const steps = curve.map((point) => Math.sign(Number(point.profit))).filter((sign) => sign !== 0);
        const firstFall = steps.indexOf(-1);
        expect(firstFall === -1 || steps.slice(firstFall).every((sign) => sign === -1)).toBe(true);
      }),
      { numRuns: 2, seed: 7 },
    );
  });
});

describe('ranks and tiers', () => {
  it('by rank share: of ten customers one is A+ by 5 %, two are in A, three in B, three in C, two in D', async () => {
    const purchases = Array.from({ length: 10 }, (_, index) =>
      purchase(`k${index}`, '2024-12-01 00:00:00', 1000 - index * 100),
    );
    await runStages(engine, { purchases }, { value: costless });
    const rows = await engine.query('select rank, tier from value.customer_value order by rank');
    // Before rank r stand r − 1 of 10: A+ below 0.5, A below 2, B below 5, C below 8.
    expect(rows.map((row) => row.tier)).toEqual(['A+', 'A', 'B', 'B', 'B', 'C', 'C', 'C', 'D', 'D']);
    expect(rows.map((row) => row.rank)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
  });

  it('by score: the cut itself belongs to the better tier', async () => {
    const purchases = [purchase('a', '2024-12-01 00:00:00', 300), purchase('b', '2024-12-01 00:00:00', 300)];
    // All equal: every percentile and so every score is 50.
    await runStages(engine, { purchases }, { value: { ...costless, tiers: { by: 'score', B: 50 } } });
    expect(await engine.query('select score, tier from value.customer_value')).toEqual([
      { score: '50.0000', tier: 'B' },
      { score: '50.0000', tier: 'B' },
    ]);
  });
});

describe('the whale curve', () => {
  it('peak, erosion, share at the peak and Gini, in hand arithmetic', async () => {
    const company: Company = {
      purchases: [
        purchase('a', '2024-12-01 00:00:00', 300),
        purchase('b', '2024-12-01 00:00:00', 100),
        purchase('c', '2024-12-01 00:00:00', 10),
      ],
      tickets: [
        {
          source: 'shop',
          account_ref: 'd',
          ticket_ref: 't',
          opened_at: '2024-12-01 00:00:00',
          cost_amount: 20,
        },
        {
          source: 'shop',
          account_ref: 'c',
          ticket_ref: 'u',
          opened_at: '2024-12-01 00:00:00',
          cost_amount: 13,
        },
      ],
    };
    await runStages(engine, company, { value: costless });
    // Contributions 90, 30, 3 − 13 = −10, −20: peak 120, total 90. Gini: 2 × (1×−20 + 2×−10 + 3×30 + 4×90) / (4 × 90) − 5/4
    // = 2 × 410 / 360 − 1.25 = 1.02777…
    const [summary] = await engine.query('select * from value.whale_summary');
    expect(summary).toMatchObject({
      customers: '4',
      profitable_customers: '2',
      unprofitable_customers: '2',
      net_contribution: '90.0000',
      peak_contribution: '120.0000',
      erosion: '30.0000',
      peak_share: '1.3333',
      peak_customer_share: '0.5000',
    });
    expect(summary?.gini).toBeCloseTo(820 / 360 - 1.25, 12);
    const curve = await engine.query(
      'select percentile, customers, cumulative_profit, cumulative_profit_share from value.whale_curve where percentile in (24, 25, 50, 75, 100) order by percentile',
    );
    expect(
      curve.map((point) => [
        point.percentile,
        point.customers,
        point.cumulative_profit,
        point.cumulative_profit_share,
      ]),
    ).toEqual([
      [24, '0', '0.0000', '0.0000'],
      [25, '1', '90.0000', '1.0000'],
      [50, '2', '120.0000', '1.3333'],
      [75, '3', '110.0000', '1.2222'],
      [100, '4', '90.0000', '1.0000'],
    ]);
  });
});

describe('too little to work with', () => {
  it('no entities at all give empty tables, a flat curve and no ratio', async () => {
    await runStages(engine, {});
    expect(await engine.query('select count(*) as rows from value.customer_value')).toEqual([{ rows: '0' }]);
    const [summary] = await engine.query('select * from value.whale_summary');
    expect(summary).toMatchObject({
      customers: '0',
      net_contribution: '0.0000',
      peak_share: null,
      peak_customer_share: null,
      top_20_percent_share: null,
      gini: null,
    });
    expect(await engine.query('select count(*) as rows from value.whale_curve')).toEqual([{ rows: '100' }]);
  });

  it('accounts alone give customers without a score, because nobody is active', async () => {
    await runStages(engine, { accounts: [{ source: 'crm', account_ref: '1', full_name: 'Ada Alone' }] });
    const [worth] = await engine.query(
      'select score, rank, tier, net_contribution, lifetime_value from value.customer_value',
    );
    expect(worth).toEqual({
      score: null,
      rank: '1',
      tier: 'A+',
      net_contribution: '0.0000',
      lifetime_value: null,
    });
  });

  it('no account table: each account_ref is a customer', async () => {
    await runStages(engine, {
      purchases: [purchase('17', '2024-12-01 00:00:00', 5), purchase('18', '2024-12-01 00:00:00', 5)],
    });
    expect(
      await engine.query(
        'select account_ref, rule, is_implied from customers.customer_accounts order by account_ref',
      ),
    ).toEqual([
      { account_ref: '17', rule: 'only_account', is_implied: true },
      { account_ref: '18', rule: 'only_account', is_implied: true },
    ]);
  });
});
