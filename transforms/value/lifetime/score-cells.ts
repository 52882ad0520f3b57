import { rateForecast } from './backtest/baselines.ts';
import { correctionFactors } from './backtest/recency-correction.ts';
import { CountForecast } from './forecast/count-interval.ts';
import { planDiscounting } from './forecast/discounting.ts';
import { expectedByPair, indexPairs, meanOverHidden, type PairIndex } from './forecast/pair-table.ts';
import { parameterCloud } from './forecast/parameter-cloud.ts';
import type { CustomerCells } from './lifetime-data.ts';
import type { LifetimeState } from './lifetime-state.ts';
import type { ModelJudgement } from './models/purchase-model.ts';
import { totalInterval } from './total-interval.ts';

/** One row per cell, in the order of the cells. */
export interface CellScores {
  /** Probability that a customer of the cell still is one. */
  probabilityActive: Float64Array;
  /** What the back-test multiplies the model's expectation by. */
  correctionFactor: Float64Array;
  horizons: HorizonScores[];
}

export interface HorizonScores {
  days: number;
  expectedPurchases: Float64Array;
  /** The smallest pair of counts that covers the share of the settings. */
  low: Float64Array;
  high: Float64Array;
  /** Expected purchases, each discounted by the time until it: times a purchase's margin they are its value. */
  discountedPurchases: Float64Array;
  /** Sum over all customers with its interval, which comes from the errors of past back-tests. */
  total: { expected: number; low: number | null; high: number | null };
}

/** Where the logarithm of the expectation is compared to see how it bends, as a share of the horizon. */
const bendingPoint = 0.9;

/**
 * Scores every cell: nothing is sampled and nothing depends on the other cells but the centre of the correction and
 * the total.
 *
 * The correction multiplies the expectation by its factor at every horizon. For the interval it is a change of pace of
 * those who are alive, such that the expectation moves by that factor: with E ~ t^ε at the horizon, by its 1/ε-th power.
 *
 * @param horizonsDays ascending
 */
export function scoreCells(
  state: LifetimeState,
  cells: CustomerCells,
  horizonsDays: readonly number[],
  { discountRateYear, intervalShare }: { discountRateYear: number; intervalShare: number },
): CellScores {
  const judgement = state.fit.model.judge(state.fit.parameters);
  const pairs = indexPairs(cells);
  const plan = planDiscounting(horizonsDays, discountRateYear);
  const tables = plan.timesDays.map((days) => expectedByPair(judgement, pairs, days));
  const expectedTables = tables.slice(tables.length - horizonsDays.length);
  const discountedTables = plan.weights.map((weights) => weightedTable(tables, weights));
  const bending = horizonsDays.map((days, index) =>
    exponents(expectedTables[index] as Float64Array, expectedByPair(judgement, pairs, bendingPoint * days)),
  );

  const rows = cells.repeats.length;
  const correctionFactor = factorsOf(state, cells, judgement, pairs);
  const probabilityActive = new Float64Array(rows);
  const horizons = horizonsDays.map((days) => ({
    days,
    expectedPurchases: new Float64Array(rows),
    low: new Float64Array(rows),
    high: new Float64Array(rows),
    discountedPurchases: new Float64Array(rows),
    total: { expected: 0, low: null as number | null, high: null as number | null },
  }));
  const forecast = new CountForecast(parameterCloud(state.fit), intervalShare);
  const hidden = new Float64Array(judgement.hiddenStates);
  const pair = new Float64Array(2);
  const customer = { repeats: 0, lastDays: 0, ageDays: 0 };
  for (let row = 0; row < rows; row++) {
    customer.repeats = cells.repeats[row] as number;
    customer.lastDays = cells.lastDays[row] as number;
    customer.ageDays = cells.ageDays[row] as number;
    const alive = judgement.aliveProbability(customer);
    probabilityActive[row] = alive;
    judgement.hiddenProbabilities(customer, hidden);
    forecast.lookAt(customer);
    const factor = correctionFactor[row] as number;
    const index = pairs.pairOf[row] as number;
    for (let h = 0; h < horizons.length; h++) {
      const horizon = horizons[h] as HorizonScores;
      const expected = factor * alive * meanOverHidden(expectedTables[h] as Float64Array, index, hidden);
      horizon.expectedPurchases[row] = expected;
      horizon.discountedPurchases[row] =
        factor * alive * meanOverHidden(discountedTables[h] as Float64Array, index, hidden);
      horizon.total.expected += expected * (cells.customers[row] as number);
      const exponent = bending[h]?.[index * hidden.length] as number;
      forecast.interval(paceOf(factor, exponent), horizon.days, pair);
      horizon.low[row] = pair[0] as number;
      horizon.high[row] = pair[1] as number;
    }
  }
  for (const horizon of horizons) {
    const interval = totalInterval(horizon.total.expected, state.totalError);
    if (interval !== undefined) Object.assign(horizon.total, interval);
  }
  return { probabilityActive, correctionFactor, horizons };
}

/** Factors of the correction, or what turns the model's expectation into the customer's own rate. */
function factorsOf(
  state: LifetimeState,
  cells: CustomerCells,
  judgement: ModelJudgement,
  pairs: PairIndex,
): Float64Array {
  const rows = cells.repeats.length;
  const { correction, forecast } = state;
  const days = forecast === 'rate' ? 365 : correction?.windowDays;
  if (days === undefined || (forecast === 'model' && correction === undefined)) {
    return new Float64Array(rows).fill(1);
  }
  const table = expectedByPair(judgement, pairs, days);
  const hidden = new Float64Array(judgement.hiddenStates);
  const customer = { repeats: 0, lastDays: 0, ageDays: 0 };
  const expected = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    customer.repeats = cells.repeats[row] as number;
    customer.lastDays = cells.lastDays[row] as number;
    customer.ageDays = cells.ageDays[row] as number;
    judgement.hiddenProbabilities(customer, hidden);
    const mean = meanOverHidden(table, pairs.pairOf[row] as number, hidden);
    expected[row] = judgement.aliveProbability(customer) * mean;
  }
  if (forecast === 'rate') {
    return rateForecast(cells, days).map((rate, row) => rate / Math.max(expected[row] as number, 1e-9));
  }
  return correction === undefined ? expected.fill(1) : correctionFactors(correction, cells, expected);
}

function weightedTable(tables: readonly Float64Array[], weights: Float64Array): Float64Array {
  const sum = new Float64Array(tables[0]?.length ?? 0);
  for (let time = 0; time < tables.length; time++) {
    const weight = weights[time] as number;
    if (weight === 0) continue;
    const table = tables[time] as Float64Array;
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + weight * (table[i] as number);
  }
  return sum;
}

/** ε of E ~ t^ε near the horizon, between 0.1 (hardly anything is still to come) and 1 (as much as ever). */
function exponents(atHorizon: Float64Array, before: Float64Array): Float64Array {
  return atHorizon.map((value, i) => {
    const exponent = Math.log((before[i] as number) / value) / Math.log(bendingPoint);
    return Number.isFinite(exponent) ? Math.min(Math.max(exponent, 0.1), 1) : 1;
  });
}

function paceOf(factor: number, exponent: number): number {
  return factor === 1 ? 1 : Math.min(Math.max(factor ** (1 / exponent), 0.01), 100);
}
