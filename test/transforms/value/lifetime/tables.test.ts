import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lifetimeSettings } from '../../../../config/lifetime-settings.ts';
import type { Engine, Row } from '../../../../connectors/engines/engine.ts';
import { fitLifetime } from '../../../../transforms/value/lifetime/fit-lifetime.ts';
import { lifetimeSteps } from '../../../../transforms/value/lifetime/tables/lifetime-steps.ts';
import { openOn } from '../../both-engines.ts';
import { type Night, nightOf, rowsOf, runNight } from './night.ts';
import { dayOf, lifetimeDataAt, type PurchaseLog, presentCells } from './purchase-log.ts';
import { cdnowProcess, simulateLog } from './simulate-log.ts';
import { uniformFloat64 } from './uniform.ts';

const asOf = '1970-10-31';
let log: PurchaseLog;
let duckdb: Engine;
let postgres: Engine;

beforeAll(async () => {
  log = withAmounts(simulateLog({ ...cdnowProcess, lastDay: dayOf(asOf) }, 330, 3));
  duckdb = await openOn('duckdb');
  postgres = await openOn('postgres');
});

afterAll(async () => {
  await duckdb.close();
  await postgres.close();
});

const keys: Record<string, string> = {
  lifetime_days: 'customer_id, occurred_on',
  lifetime_histories: 'customer_id',
  lifetime_state: 'segment',
  model_fits: 'model, segment, parameter',
  model_backtests: 'model, segment, cut_date, horizon_days',
  lifetime_scores: 'segment, repeats, last_days, age_days, recent_long, recent_short',
  lifetime: 'customer_id',
};

describe('The tables of the forecast', () => {
  it('say what the models say of the same log', async () => {
    await runNight(duckdb, nightOf(log, asOf));
    const fit = fitLifetime(lifetimeDataAt(log, dayOf(asOf), 1_096));
    const scores = fit.score(presentCells(log, dayOf(asOf)), [365, 1_096, 3_653]);
    const rows = await rowsOf(duckdb, 'lifetime', 'customer_id');
    expect(rows).toHaveLength(log.customers);
    for (const [index, row] of rows.entries()) {
      expect(row.probability_active).toBeCloseTo(scores.probabilityActive[index] as number, 7);
      for (const [horizon, suffix] of ['_12m', '_36m', ''].entries()) {
        const { expectedPurchases, low, high } = scores.horizons[horizon] ?? {
          expectedPurchases: [],
          low: [],
          high: [],
        };
        const expected = expectedPurchases[index] as number;
        expect((row[`expected_purchases${suffix}`] as number) / expected).toBeCloseTo(1, 6);
        expect([row[`expected_purchases${suffix}_low`], row[`expected_purchases${suffix}_high`]]).toEqual([
          low[index],
          high[index],
        ]);
      }
    }
    const [chosen] = await duckdb.query<{ model: string }>(
      "select distinct model from value.model_fits where chosen and model like '%nbd'",
    );
    expect(chosen?.model).toBe(fit.chosen);
  });

  it.each([
    ['of all customers', {}],
    [
      'of each kind of customer, every order an occasion',
      { segment: 'kind', same_day: 'keep', minimum_customers: 200 },
    ],
  ])('%s are the same on PostgreSQL as on DuckDB, to the last bit', async (_, settings) => {
    const night = nightOf(log, asOf);
    // Two orders on one day, a credit, a return, a cost, and a customer without an order.
    const more: Night = {
      ...night,
      customers: [...night.customers, ['c_999999', null]],
      orders: [
        ...night.orders,
        ...night.orders.slice(0, 90),
        { customer: 'c_000007', day: asOf, net: '-500', cost: '-70.125', isPurchase: false },
      ],
      returns: [{ customer: 'c_000003', day: asOf, refund: '33.3333' }],
      costs: Object.fromEntries(night.customers.map(([id], i) => [id, ((i * 7919) % 37).toFixed(2)])),
    };
    for (const engine of [duckdb, postgres]) {
      await engine.run('drop table if exists value.lifetime_state');
      await runNight(engine, more, settings);
    }
    for (const [table, order] of Object.entries(keys)) {
      const ours = await rowsOf(duckdb, table, order);
      expect({ table, rows: await rowsOf(postgres, table, order) }).toEqual({ table, rows: ours });
      expect(ours.length).toBeGreaterThan(0);
    }
  });

  it('give the same once more on the next night, but for the run', async () => {
    const night = nightOf(log, asOf);
    await runNight(duckdb, night);
    const first = await Promise.all(tablesOf(duckdb));
    await runNight(duckdb, { ...night, runId: 'r_next' });
    expect(await Promise.all(tablesOf(duckdb))).toEqual(first);
    expect(
      (await duckdb.query('select distinct run_id from value.model_fits')).map((row) => row.run_id),
    ).toEqual(['r_next']);
  });

  it('keep the fit of the night before where the total would jump, say so, and give in after seven nights', async () => {
    const night = nightOf(log, asOf);
    await runNight(duckdb, night);
    const fitOf = async () => {
      const [row] = await duckdb.query<{ state: string; kept_nights: number }>(
        'select state, kept_nights from value.lifetime_state',
      );
      return { parameters: JSON.parse(row?.state ?? '{}').parameters, keptNights: Number(row?.kept_nights) };
    };
    const before = await fitOf();
    // Every repeat is lost: as if a source had been loaded in part.
    const seen = new Set<string>();
    const firsts = night.orders.filter(({ customer }, row) => {
      const isFirst = !seen.has(customer);
      seen.add(customer);
      return isFirst || row % 5 === 0;
    });
    const lost = { ...night, orders: firsts };
    await runNight(duckdb, lost);
    expect(await fitOf()).toEqual({ parameters: before.parameters, keptNights: 1 });
    await runNight(duckdb, lost);
    expect(await fitOf()).toEqual({ parameters: before.parameters, keptNights: 2 });
    const reasons = await duckdb.query<{ reason: string }>(
      "select reason from value.model_fits where reason like '%kept'",
    );
    expect(reasons[0]?.reason).toMatch(/would move by -\d+ % against last night's fit, which is kept/);
    await duckdb.run('update value.lifetime_state set kept_nights = 7');
    await runNight(duckdb, lost);
    const after = await fitOf();
    expect(after.keptNights).toBe(0);
    expect(after.parameters).not.toEqual(before.parameters);
  });

  it('value a customer by arithmetic: discounted purchases x (margin - cost)', async () => {
    await runNight(duckdb, { ...nightOf(log, asOf), costs: { c_000001: '12' } });
    const [row] = await duckdb.query<Record<string, string>>(
      `select lifetime.*, score.discounted_12m, history.purchases, history.margin
       from value.lifetime as lifetime
       inner join value.lifetime_histories as history on history.customer_id = lifetime.customer_id
       inner join value.lifetime_scores as score on score.repeats = history.repeats and score.last_days = history.last_days
         and score.age_days = history.age_days and score.recent_long = history.recent_long
         and score.recent_short = history.recent_short
       where lifetime.customer_id = 'c_000001'`,
    );
    // Each customer spends about as much each time, so that the own mean wins the back-test of order values.
    expect(await chosenSpend(duckdb)).toEqual(['own_mean', 'population_mean_of_cost']);
    const margin = Number(row?.margin) / Number(row?.purchases);
    expect(Number(row?.expected_margin_per_purchase)).toBeCloseTo(margin, 3);
    // Only one customer costs anything, too few to fit: the mean of who costs anything, 12 over its purchases.
    expect(Number(row?.expected_cost_per_purchase)).toBeCloseTo(12 / Number(row?.purchases), 3);
    const worth = margin - Number(row?.expected_cost_per_purchase);
    expect(Number(row?.lifetime_value_12m)).toBeCloseTo(Number(row?.discounted_12m) * worth, 2);
  });
});

describe('The forecast has a defined result', () => {
  it('with the columns that the horizons of the settings name', () => {
    const config = lifetimeSettings.parse({ horizons: ['end', '364 days', '2 years'] });
    const columns = Object.keys(lifetimeSteps(config).at(-1)?.header.columns ?? {});
    expect(columns.filter((name) => name.startsWith('lifetime_value'))).toEqual(
      ['_364d', '_2y', ''].flatMap((suffix) =>
        ['', '_low', '_high'].map((end) => `lifetime_value${suffix}${end}`),
      ),
    );
  });

  it.each([
    ['no customer at all', { customers: [], orders: [] }],
    ['no purchase at all', { customers: [['c_1', null]], orders: [] }],
    [
      'one customer of today',
      { customers: [['c_1', null]], orders: [{ customer: 'c_1', day: asOf, net: '5' }] },
    ],
    [
      'a customer of yesterday, purchases in the future and a credit alone',
      {
        customers: [
          ['c_1', null],
          ['c_2', null],
          ['c_3', null],
        ],
        orders: [
          { customer: 'c_1', day: '1970-10-30', net: '5' },
          { customer: 'c_2', day: '1970-11-01', net: '5' },
          { customer: 'c_3', day: '1970-10-01', net: '-5', isPurchase: false },
        ],
      },
    ],
    [
      'free samples, orders at a loss, and returns of more than was bought',
      {
        customers: [
          ['c_1', null],
          ['c_2', null],
          ['c_3', null],
        ],
        orders: [
          { customer: 'c_1', day: '1970-08-01', net: '0' },
          { customer: 'c_2', day: '1970-08-02', net: '10', cost: '99' },
          { customer: 'c_3', day: '1970-08-03', net: '10' },
        ],
        returns: [{ customer: 'c_3', day: '1970-09-03', refund: '50' }],
      },
    ],
    [
      'all customers equal',
      {
        customers: Array.from({ length: 400 }, (_, i): [string, null] => [`c_${i}`, null]),
        orders: Array.from({ length: 800 }, (_, i) => ({
          customer: `c_${i % 400}`,
          day: i < 400 ? '1970-06-01' : '1970-08-01',
          net: '20',
        })),
      },
    ],
    [
      'amounts as large as an amount can be',
      {
        customers: Array.from({ length: 40 }, (_, i): [string, null] => [`c_${i}`, null]),
        orders: Array.from({ length: 400 }, (_, i) => ({
          customer: `c_${i % 40}`,
          day: new Date(i * 86_400_000 * 0.7).toISOString().slice(0, 10),
          net: '9999999999',
        })),
      },
    ],
  ] as [string, Omit<Night, 'asOf'>][])('where there is %s', async (_, night) => {
    for (const engine of [duckdb, postgres]) {
      await engine.run('drop table if exists value.lifetime_state');
      await runNight(engine, { asOf, ...night });
      await expectDefined(engine, night);
    }
    expect(await rowsOf(postgres, 'lifetime', 'customer_id')).toEqual(
      await rowsOf(duckdb, 'lifetime', 'customer_id'),
    );
  });

  it('whoever purchases whatever whenever', async () => {
    const order = fc.record({
      customer: fc.integer({ min: 1, max: 6 }).map((id) => `c_${id}`),
      day: fc
        .integer({ min: 0, max: dayOf(asOf) + 3 })
        .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10)),
      net: fc.integer({ min: -50_000, max: 50_000 }).map((pence) => (pence / 100).toFixed(2)),
      isPurchase: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(order, { maxLength: 40 }), async (orders) => {
        const night = {
          customers: ['c_1', 'c_2', 'c_3', 'c_4', 'c_5', 'c_6'].map((id): [string, null] => [id, null]),
          orders,
        };
        await runNight(duckdb, { asOf, ...night });
        await expectDefined(duckdb, night);
      }),
      { numRuns: 6 },
    );
  });
});

/** A row for each customer; either all of a forecast or none, with a reason; numbers that are numbers, in order. */
async function expectDefined(engine: Engine, { customers, orders }: Omit<Night, 'asOf'>): Promise<void> {
  const rows = await rowsOf(engine, 'lifetime', 'customer_id');
  expect(rows).toHaveLength(customers.length);
  const buyers = new Set(
    orders.filter(({ day, isPurchase = true }) => day <= asOf && isPurchase).map(({ customer }) => customer),
  );
  for (const row of rows) {
    const { customer_id, lifetime_model, lifetime_reason, ...numbers } = row;
    expect(String(lifetime_reason).length).toBeGreaterThan(20);
    const hasForecast = buyers.has(String(customer_id));
    expect([customer_id, lifetime_model !== null]).toEqual([customer_id, hasForecast]);
    for (const value of Object.values(numbers)) {
      if (hasForecast) expect(Number.isFinite(Number(value ?? Number.NaN))).toBe(true);
      else expect(value).toBeNull();
    }
    if (hasForecast) expectOrder(row);
  }
  const nulls = await engine.query(
    'select reason from value.model_fits where reason is null or value is null',
  );
  expect(nulls).toEqual([]);
}

function expectOrder(row: Row): void {
  for (const suffix of ['_12m', '_36m', '']) {
    const [low, value, high] = ['_low', '', '_high'].map((end) =>
      Number(row[`lifetime_value${suffix}${end}`]),
    );
    expect(low).toBeLessThanOrEqual(value as number);
    expect(value).toBeLessThanOrEqual(high as number);
  }
  expect(Number(row.expected_purchases_12m)).toBeLessThanOrEqual(Number(row.expected_purchases_36m));
}

function tablesOf(engine: Engine): Promise<unknown>[] {
  return Object.entries(keys).map(async ([table, order]) =>
    (await rowsOf(engine, table, order)).map(({ run_id: _, ...row }) => row),
  );
}

async function chosenSpend(engine: Engine): Promise<string[]> {
  const rows = await engine.query<{ model: string }>(
    "select distinct model from value.model_fits where chosen and (model like '%mean%' or model like 'gamma%') order by model",
  );
  return rows.map(({ model }) => model);
}

function withAmounts(bare: PurchaseLog): PurchaseLog {
  const random = uniformFloat64(17);
  const mean = Float64Array.from({ length: bare.customers + 1 }, () => 10 + 60 * random());
  return {
    ...bare,
    amount: bare.amount.map(
      (_, row) => Math.round((mean[bare.customer[row] as number] as number) * (50 + 100 * random())) / 100,
    ),
  };
}
