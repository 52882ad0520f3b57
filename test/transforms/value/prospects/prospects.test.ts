import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine, Row } from '../../../../connectors/engines/engine.ts';
import { openOn } from '../../both-engines.ts';
import { uniformFloat64 } from '../lifetime/uniform.ts';
import { type ProspectNight, runProspectNight } from './prospect-night.ts';

/** Day 0; the horizon of 180 days puts the two days of the past at -180 and -360. */
const asOf = '2024-12-31';
const dayOf = (offset: number) => new Date(Date.parse(asOf) + offset * 86_400_000).toISOString().slice(0, 10);

/**
 * People who are known for three years. In each half year, one who looked at the shop four times or more in it buys with
 * .4 in the next one, another with .05.
 */
function simulated(people: number, seed: number, odds = { keen: 0.4, other: 0.05 }): ProspectNight {
  const random = uniformFloat64(seed);
  const visits: [string, string][] = [];
  const customers = Array.from({ length: people }, (_, index) => {
    const id = `c_${String(index).padStart(5, '0')}`;
    let firstPurchase: string | null = null;
    for (const start of [-900, -720, -540, -360, -180]) {
      if (firstPurchase !== null) break;
      const isKeen = random() < 0.3;
      for (let visit = 0; visit < (isKeen ? 5 : 1); visit++)
        visits.push([id, dayOf(start + 20 + 30 * visit)]);
      // Whether it buys in the half year after this one; the one after the last is the future.
      const isBuyer = random() < (isKeen ? odds.keen : odds.other);
      if (isBuyer && start < -180) firstPurchase = dayOf(start + 180 + 1 + Math.floor(random() * 179));
    }
    return { id, firstSeen: dayOf(-1_000), firstPurchase };
  });
  return { asOf, customers, visits };
}

let engines: Engine[];
const rowsOf = (engine: Engine, sql: string): Promise<Row[]> => engine.query(sql);

beforeAll(async () => {
  engines = [await openOn('duckdb'), await openOn('postgres')];
});

afterAll(async () => {
  for (const engine of engines) await engine.close();
});

const onFirst = () => engines[0] as Engine;

describe('Customers who have not bought yet', () => {
  it('are likelier to buy the more they did, by about the odds that they truly have, on both engines to the last bit', async () => {
    const night = simulated(3_000, 5);
    const found: Row[][][] = [];
    for (const engine of engines) {
      await runProspectNight(engine, night);
      found.push([
        await rowsOf(engine, 'select * from value.prospects order by rank'),
        await rowsOf(engine, 'select * from value.prospect_features order by customer_id, horizons_ago'),
        await rowsOf(engine, 'select * from value.model_fits order by model, parameter'),
        await rowsOf(engine, 'select * from value.model_backtests order by model'),
      ]);
    }
    const [ours, theirs] = found;
    expect(theirs).toEqual(ours);
    const [prospects = [], , fits = [], backtests = []] = ours ?? [];
    expect(prospects).toHaveLength(
      night.customers.filter(({ firstPurchase }) => firstPurchase === null).length,
    );
    expect(prospects.map(({ rank }) => Number(rank))).toEqual(prospects.map((_, index) => index + 1));
    const probabilities = prospects.map((row) => Number(row.probability_to_buy));
    expect(probabilities).toEqual([...probabilities].sort((one, other) => other - one));

    // What .4 and .05 come to, where the model sees the visits of a whole year.
    const recentVisits = new Map<string, number>();
    for (const [id, day] of night.visits ?? []) {
      if (day > dayOf(-180)) recentVisits.set(id, (recentVisits.get(id) ?? 0) + 1);
    }
    const meanOf = (isKeen: boolean) => {
      const those = prospects.filter(
        (row) => (recentVisits.get(String(row.customer_id)) ?? 0) > 3 === isKeen,
      );
      return those.reduce((sum, row) => sum + Number(row.probability_to_buy), 0) / those.length;
    };
    expect(meanOf(true)).toBeGreaterThan(0.3);
    expect(meanOf(true)).toBeLessThan(0.5);
    expect(meanOf(false)).toBeGreaterThan(0.02);
    expect(meanOf(false)).toBeLessThan(0.08);

    const [regression, share] = [
      backtests.find(({ model }) => model === 'prospect_logit'),
      backtests.find(({ model }) => model === 'prospect_share'),
    ];
    expect([regression?.chosen, share?.chosen]).toEqual([true, false]);
    expect(Number(regression?.rmse)).toBeLessThan(Number(share?.rmse));
    expect(Math.abs(Number(regression?.bias))).toBeLessThan(0.2);
    expect(regression?.cut_date).toBe(dayOf(-180));
    const chosen = fits.filter(({ chosen: isChosen }) => isChosen === true);
    expect(new Set(chosen.map(({ model }) => model))).toEqual(new Set(['prospect_logit']));
    // Nobody was referred or wrote to support: there is no coefficient of that.
    expect(chosen.map(({ parameter }) => parameter)).toEqual(['intercept', 'touch_level', 'visit_level']);
    expect(prospects[0]?.reason).toMatch(
      /^logistic regression: log loss 0\.\d{4} against 0\.\d{4} of one share/,
    );
  });

  it('count only what happened up to the day, and within the window', async () => {
    await runProspectNight(onFirst(), {
      asOf,
      customers: [
        { id: 'a', firstSeen: dayOf(-500) },
        { id: 'b', firstSeen: dayOf(-100), firstPurchase: dayOf(-100) },
        { id: 'c', firstSeen: dayOf(-400), firstPurchase: dayOf(-180) },
        { id: 'd', firstSeen: dayOf(-400), firstPurchase: dayOf(-179) },
      ],
      visits: [
        ['a', dayOf(-366)],
        ['a', dayOf(-365)],
        ['a', dayOf(-364)],
        ['a', dayOf(-180)],
        ['a', dayOf(-2)],
      ],
      responses: [
        ['a', dayOf(-30), null],
        ['a', dayOf(-30), 'opened'],
        ['a', dayOf(-29), 'clicked'],
        ['a', dayOf(-3), 'unsubscribed'],
      ],
      referrals: [
        ['b', 'a', dayOf(-200)],
        ['a', 'a', dayOf(-1)],
        ['b', 'd', null],
      ],
    });
    const features = await rowsOf(
      onFirst(),
      `select customer_id, horizons_ago, is_buyer, days_known, days_since_touch, messages, opened, responses, visits,
         is_referred, has_unsubscribed from value.prospect_features order by customer_id, horizons_ago`,
    );
    expect(
      features.map((row) => Object.values(row).map((cell) => (cell === null ? null : String(cell)))),
    ).toEqual([
      // Two of the three visits of last year are out of the window of 365 days.
      ['a', '0', null, '500', '2', '1', '1', '1', '3', '1', '1'],
      ['a', '1', '0', '320', '0', '0', '0', '0', '4', '1', '0'],
      ['a', '2', '0', '140', '4', '0', '0', '0', '3', '0', '0'],
      // c bought on the day that ends the second span; d a day later, so that it waited on that day.
      ['c', '2', '1', '40', null, '0', '0', '0', '0', '0', '0'],
      ['d', '1', '1', '220', null, '0', '0', '0', '0', '0', '0'],
      ['d', '2', '0', '40', null, '0', '0', '0', '0', '0', '0'],
    ]);
  });

  it('have no probability where too little is known, and are told why', async () => {
    await runProspectNight(onFirst(), {
      asOf,
      customers: [
        { id: 'a', firstSeen: dayOf(-500) },
        { id: 'b', firstSeen: null },
      ],
    });
    const rows = await rowsOf(
      onFirst(),
      'select customer_id, probability_to_buy, rank, reason, days_known from value.prospects order by customer_id',
    );
    const reason = `too little to learn from: of 1 who had not bought by ${dayOf(-180)}, 0 did within 180 days; value.prospects.minimum_prospects asks for 200`;
    expect(rows).toEqual([
      { customer_id: 'a', probability_to_buy: null, rank: null, reason, days_known: '500' },
      { customer_id: 'b', probability_to_buy: null, rank: null, reason, days_known: null },
    ]);
    expect(await rowsOf(onFirst(), 'select * from value.model_fits')).toEqual([]);
  });

  it('have no probability alone where no source says since when they are known', async () => {
    const night = simulated(1_500, 6);
    await runProspectNight(onFirst(), {
      ...night,
      customers: [...night.customers, { id: 'z', firstSeen: null }],
    });
    const unknown = await rowsOf(
      onFirst(),
      'select customer_id, reason from value.prospects where probability_to_buy is null',
    );
    expect(unknown).toEqual([
      {
        customer_id: 'z',
        reason: 'no source says since when it is known: nobody to compare it with',
      },
    ]);
  });

  it('share one probability where the model cannot be tested, or does not beat it', async () => {
    const known = simulated(1_500, 7);
    // Known for less than two horizons: what was learned cannot be tested.
    const young = {
      ...known,
      customers: known.customers
        .filter(({ firstPurchase }) => firstPurchase === null || (firstPurchase ?? '') > dayOf(-180))
        .map((customer) => ({ ...customer, firstSeen: dayOf(-200) })),
      visits: (known.visits ?? []).filter(([, day]) => day > dayOf(-200)),
    };
    await runProspectNight(onFirst(), young);
    const [untested, ...others] = await rowsOf(
      onFirst(),
      'select distinct probability_to_buy, reason from value.prospects',
    );
    expect(others).toEqual([]);
    const bought = young.customers.filter(({ firstPurchase }) => firstPurchase !== null).length;
    expect(untested?.probability_to_buy).toBeCloseTo(bought / young.customers.length, 12);
    expect(untested?.reason).toMatch(
      /^one share for all, since there is too little to test a model on: of 0/,
    );
    expect(await rowsOf(onFirst(), 'select distinct model from value.model_fits where chosen')).toEqual([
      { model: 'prospect_share' },
    ]);
  });

  it('are none where everybody has bought, or nobody is there', async () => {
    for (const customers of [[], [{ id: 'a', firstSeen: dayOf(-9), firstPurchase: dayOf(-9) }]]) {
      await runProspectNight(onFirst(), { asOf, customers });
      expect(await rowsOf(onFirst(), 'select * from value.prospects')).toEqual([]);
      expect(await rowsOf(onFirst(), 'select reason from value.prospect_fit')).toEqual([
        { reason: 'every customer has bought' },
      ]);
    }
  });
});
