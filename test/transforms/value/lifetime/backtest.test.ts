import { describe, expect, it } from '@jest/globals';
import { baselinePredictions } from '../../../../transforms/value/lifetime/backtest/baselines.ts';
import {
  devianceOfShape,
  measurePredictions,
} from '../../../../transforms/value/lifetime/backtest/measures.ts';
import { poissonRegression } from '../../../../transforms/value/lifetime/backtest/poisson-regression.ts';
import {
  correctionFactors,
  learnCorrection,
} from '../../../../transforms/value/lifetime/backtest/recency-correction.ts';
import { chooseByBacktest } from '../../../../transforms/value/lifetime/choose-model.ts';
import { coarsenTriples } from '../../../../transforms/value/lifetime/coarsen-triples.ts';
import { planDiscounting } from '../../../../transforms/value/lifetime/forecast/discounting.ts';
import { planWindows } from '../../../../transforms/value/lifetime/plan-windows.ts';
import { wheatMorrison } from '../../../../transforms/value/lifetime/regularity.ts';
import { totalErrorOf, totalInterval } from '../../../../transforms/value/lifetime/total-interval.ts';
import { weightedSum } from '../../../../transforms/value/lifetime/triples.ts';
import { uniformFloat64 } from './uniform.ts';

describe('The measures', () => {
  // Five customers: 0 0 1 2 3 purchases, expected 0.5 0.5 1 1 4.
  const later = Float64Array.of(0, 1, 2, 3);
  const predicted = Float64Array.of(0.5, 1, 1, 4);
  const customers = Float64Array.of(2, 1, 1, 1);

  it('are those of arithmetic by hand', () => {
    const measures = measurePredictions(later, predicted, customers);
    expect(measures.actual).toBe(6);
    expect(measures.predicted).toBe(7);
    expect(measures.bias).toBeCloseTo(1 / 6, 12);
    expect(measures.rmse).toBeCloseTo(Math.sqrt((2 * 0.25 + 0 + 1 + 1) / 5), 12);
    expect(measures.mae).toBeCloseTo((2 * 0.5 + 0 + 1 + 1) / 5, 12);
    const deviance = 2 * (2 * 0.5 + 0 + (2 * Math.log(2) - 1) + (3 * Math.log(3 / 4) + 1));
    expect(measures.poissonDeviance).toBeCloseTo(deviance / 5, 12);
    // The top 20 % is the one customer with 4 expected, who did 3 of 6.
    expect(measures.top20Share).toBeCloseTo(0.5, 12);
    // Ranks 1.5 1.5 3 4 5 against 1.5 1.5 3.5 3.5 5: covariance 9, variances 9.5 and 9.
    expect(measures.rankCorrelation).toBeCloseTo(9 / Math.sqrt(9.5 * 9), 3);
  });

  it('have nulls, not infinities, where nothing happened', () => {
    const measures = measurePredictions(new Float64Array(4), predicted, customers);
    expect([measures.bias, measures.top20Share, measures.rankCorrelation]).toEqual([null, null, null]);
    expect(Number.isFinite(measures.poissonDeviance)).toBe(true);
  });

  it('of the shape do not see a wrong level', () => {
    const shape = devianceOfShape(later, predicted, customers);
    expect(
      devianceOfShape(
        later,
        predicted.map((value) => 3 * value),
        customers,
      ),
    ).toBeCloseTo(shape, 12);
  });
});

describe('The windows', () => {
  it('leave out the last 40 %, and halve that', () => {
    expect(planWindows(0, 272, 365)).toEqual({
      whole: { cut: 163, end: 272 },
      learn: { cut: 163, end: 217 },
      test: { cut: 217, end: 272 },
    });
  });

  it('leave out at most the horizon, and nothing of a history that is too short', () => {
    expect(planWindows(0, 2_000, 365)?.whole).toEqual({ cut: 1_635, end: 2_000 });
    expect(planWindows(0, 60, 365)).toBeUndefined();
  });
});

describe('The recency correction', () => {
  it('learns what was put in: twice the rate for those with a recent repeat', () => {
    const rows = 400;
    const recent = Float64Array.from({ length: rows }, (_, row) => row % 2);
    const offset = new Float64Array(rows).fill(3);
    const coefficients = poissonRegression(
      {
        later: recent.map((value) => (value === 1 ? 8 : 4)),
        offset,
        customers: new Float64Array(rows).fill(1),
        features: [new Float64Array(rows).fill(1), recent],
      },
      [0, 0],
    );
    expect(coefficients[0]).toBeCloseTo(Math.log(4 / 3), 8);
    expect(coefficients[1]).toBeCloseTo(Math.log(2), 8);
  });

  it('leaves alone what was right, and stays finite where nobody purchased', () => {
    const column = (value: (row: number) => number) =>
      Float64Array.from({ length: 300 }, (_, row) => value(row));
    const cells = {
      repeats: column((row) => row % 4),
      lastDays: column((row) => (row % 4) * 30),
      ageDays: column(() => 200),
      recentLong: column((row) => row % 3),
      recentShort: column((row) => row % 2),
      customers: column(() => 1),
      later: column((row) => 1 + (row % 4)),
    };
    const settings = { ridge: 50, levelSpread: 0.12 };
    const right = learnCorrection(cells, cells.later, 90, settings);
    for (const factor of correctionFactors(right, cells, cells.later)) expect(factor).toBeCloseTo(1, 9);
    const nobody = { ...cells, later: column(() => 0) };
    const silent = learnCorrection(nobody, cells.later, 90, settings);
    expect(
      correctionFactors(silent, cells, cells.later).every((factor) => factor >= 0.2 && factor <= 5),
    ).toBe(true);
  });
});

describe('The choice', () => {
  const tested = (name: string, plainDeviance: number, correctedDeviance: number) => ({
    name,
    title: name,
    whole: new Float64Array(0),
    test: new Float64Array(0),
    corrected: new Float64Array(0),
    correctionHelps: correctedDeviance < plainDeviance,
    plainDeviance,
    correctedDeviance,
    correction: () => {
      throw new TypeError('not asked for');
    },
  });
  const models = [tested('A', 0.9, 0.8), tested('B', 0.85, 0.86)];

  it('takes the lowest deviance in the test window and says against what', () => {
    const choice = chooseByBacktest(models, [1, 1], { rate: 1.2, last_period: 1.3, zero: 1.4 });
    expect(choice).toMatchObject({ index: 0, forecast: 'model', trusted: true });
    expect(choice.reason).toMatch('A: lowest deviance in the test window (0.8000, B 0.8500)');
  });

  it('does not use a model that loses to a baseline, and says so', () => {
    const second = chooseByBacktest(models, [1.25, 1], { rate: 1.2, last_period: 1.3, zero: 1.4 });
    expect(second.index).toBe(1);
    const rate = chooseByBacktest(models, [1.25, 1.21], { rate: 1.2, last_period: 1.3, zero: 1.4 });
    expect(rate).toMatchObject({ forecast: 'rate', trusted: true });
    expect(rate.reason).toMatch("each customer's own rate is used");
    const zero = chooseByBacktest(models, [1.25, 1.21], { rate: 1.2, last_period: 1.3, zero: 1.1 });
    expect(zero).toMatchObject({ forecast: 'model', trusted: false });
    expect(zero.reason).toMatch('no purchase at all');
  });
});

describe('The parts', () => {
  it('baselines: repeats per day, the last period again, nothing', () => {
    const cells = {
      repeats: Float64Array.of(0, 4),
      lastDays: Float64Array.of(0, 90),
      ageDays: Float64Array.of(50, 100),
      recentLong: Float64Array.of(0, 4),
      recentShort: Float64Array.of(0, 1),
      previous: Float64Array.of(1, 2),
      later: Float64Array.of(0, 1),
      customers: Float64Array.of(1, 1),
    };
    const window = { cutDate: '', endDate: '', horizonDays: 50, cells, logGapSum: 0 };
    expect(Array.from(baselinePredictions('rate', window))).toEqual([0, 2]);
    expect(Array.from(baselinePredictions('last_period', window))).toEqual([1, 2]);
    expect(Array.from(baselinePredictions('zero', window))).toEqual([0, 0]);
  });

  it('Wheat-Morrison: uniform shares are random purchases, equal gaps are far from it', () => {
    const random = uniformFloat64(3);
    const ratios = { customers: 50_000, sum: 0, sumOfSquares: 0 };
    for (let i = 0; i < ratios.customers; i++) {
      const share = random();
      ratios.sum += share;
      ratios.sumOfSquares += share * share;
    }
    expect(wheatMorrison(ratios)).toBeCloseTo(1, 1);
    expect(wheatMorrison({ customers: 200, sum: 100, sumOfSquares: 51 })).toBeGreaterThan(10);
    expect(wheatMorrison({ customers: 99, sum: 50, sumOfSquares: 30 })).toBeUndefined();
  });

  it('coarse triples keep the customers, the repeats, and the zeros of one-time buyers', () => {
    const size = 3_000;
    const triples = {
      repeats: Float64Array.from({ length: size }, (_, i) => i % 3),
      lastDays: Float64Array.from({ length: size }, (_, i) => (i % 3 === 0 ? 0 : 1 + (i % 300))),
      ageDays: Float64Array.from({ length: size }, (_, i) => 300 + (i % 430)),
      customers: new Float64Array(size).fill(2),
    };
    const coarse = coarsenTriples(triples, 500);
    expect(coarse.triples.customers.length).toBeLessThanOrEqual(500);
    expect(weightedSum(coarse.triples.customers)).toBe(2 * size);
    expect(weightedSum(coarse.triples.customers, coarse.triples.repeats)).toBe(2 * size);
    coarse.triples.lastDays.forEach((last, row) => {
      expect(last === 0).toBe(coarse.triples.repeats[row] === 0);
      expect(last).toBeLessThanOrEqual(coarse.triples.ageDays[row] as number);
    });
  });

  it('discounting: purchases at one a day have the value of an annuity', () => {
    const plan = planDiscounting([365.25, 1_096], 0.1);
    const delta = Math.log(1.1) / 365.25;
    for (const [index, horizon] of [365.25, 1_096].entries()) {
      const weights = plan.weights[index] as Float64Array;
      const value = plan.timesDays.reduce((sum, time, i) => sum + time * (weights[i] as number), 0);
      expect(value / ((1 - Math.exp(-delta * horizon)) / delta)).toBeCloseTo(1, 9);
    }
    const free = planDiscounting([100], 0);
    expect(Array.from(free.weights[0] as Float64Array)).toEqual([1]);
  });

  it('the interval of a total widens with the errors of past totals', () => {
    const error = totalErrorOf([
      { actual: 100, predicted: 110 },
      { actual: 100, predicted: 90 },
      { actual: 0, predicted: 5 },
    ]);
    const spread = Math.sqrt((Math.log(1.1) ** 2 + Math.log(0.9) ** 2) / 2);
    expect(error).toEqual({ spread: expect.closeTo(spread, 12), windows: 2 });
    const interval = totalInterval(1_000, error);
    expect(interval?.high).toBeCloseTo(1_000 * Math.exp(1.886 * spread), 8);
    expect(totalInterval(1_000, undefined)).toBeUndefined();
  });
});
