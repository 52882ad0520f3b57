import { beforeAll, describe, expect, it } from '@jest/globals';
import { measurePredictions } from '../../../../transforms/value/lifetime/backtest/measures.ts';
import {
  expectedRenewals,
  fitShiftedBetaGeometric,
  retentionRate,
} from '../../../../transforms/value/lifetime/contracts/shifted-beta-geometric.ts';
import { fitSpend } from '../../../../transforms/value/lifetime/spend/fit-spend.ts';
import {
  expectedOrderValue,
  gammaGammaLogLikelihood,
} from '../../../../transforms/value/lifetime/spend/gamma-gamma.ts';
import {
  type SpendFormula,
  shrunkFormula,
  spendFormula,
} from '../../../../transforms/value/lifetime/spend/spend-formula.ts';
import { readPublicLog } from './public-logs.ts';
import { dayOf, type PurchaseLog, spendAt } from './purchase-log.ts';

describe('Gamma-Gamma', () => {
  const cells = {
    orders: Float64Array.of(1, 2, 3, 5, 1, 8),
    meanValue: Float64Array.of(20, 35, 12, 60, 5, 41),
    customers: Float64Array.of(4, 2, 3, 1, 2, 1),
  };

  const manyCells = { ...cells, customers: cells.customers.map((n) => 10 * n) };

  it('has the gradient that finite differences give', () => {
    const point = [1.3, 0.9, 2.2];
    const at = (moved: number[]) => {
      const [p, q, v] = moved.map(Math.exp) as [number, number, number];
      return { p, q, v };
    };
    const gradient = new Float64Array(3);
    gammaGammaLogLikelihood(cells, at(point), gradient);
    for (let i = 0; i < 3; i++) {
      const moved = (step: number) =>
        gammaGammaLogLikelihood(cells, at(point.with(i, (point[i] as number) + step)));
      const numeric = (8 * (moved(1e-3) - moved(-1e-3)) - (moved(2e-3) - moved(-2e-3))) / 12e-3;
      expect(gradient[i]).toBeCloseTo(numeric, 6);
    }
  });

  it('expects the mean of all from a customer without an order: p v / (q - 1)', () => {
    expect(expectedOrderValue({ p: 6.25, q: 3.74, v: 15.44 }, 0, 0)).toBeCloseTo((6.25 * 15.44) / 2.74, 12);
  });

  it.each(['gamma_gamma', 'own_mean', 'population_mean'] as const)(
    'is one formula for SQL by %s',
    (chosen) => {
      const fit = fitSpend({ segment: 'all', cells: manyCells, zeroOrders: 9, backtest: undefined });
      const { score } = fitSpend({ segment: 'all', cells: manyCells, zeroOrders: 9, backtest: undefined });
      expect(fit.chosen).toBe('gamma_gamma');
      const expected = {
        gamma_gamma: score(3, 20),
        own_mean: (1 - fit.zeroShare) * 20,
        population_mean: (1 - fit.zeroShare) * fit.mean,
      };
      expect(expectedBy(spendFormula({ ...fit, chosen }), 3, 60)).toBeCloseTo(expected[chosen], 9);
    },
  );

  it('shrinks a negative mean margin to the segment with the weight of (q - 1) / p orders', () => {
    const fit = fitSpend({ segment: 'all', cells: manyCells, zeroOrders: 0, backtest: undefined });
    const { p, q } = fit.parameters ?? { p: 0, q: 0 };
    const weight = (q - 1) / p;
    const expected = (2 * -3 + weight * 7) / (2 + weight);
    expect(expectedBy(shrunkFormula(fit, 7), 2, -6)).toBeCloseTo(expected, 12);
    expect(expectedBy(shrunkFormula({ ...fit, parameters: undefined }, 7), 1, -3)).toBe(2);
  });

  it('is refused in words where it cannot be fitted, and the mean of all is taken', () => {
    const equal = fitSpend({
      segment: 'all',
      cells: {
        orders: Float64Array.of(1, 2),
        meanValue: Float64Array.of(9, 9),
        customers: Float64Array.of(50, 50),
      },
      zeroOrders: 50,
      backtest: undefined,
    });
    expect(equal.chosen).toBe('population_mean');
    expect(equal.reason).toMatch('every customer spends the same');
    // 150 orders of 9 and 50 of nothing.
    expect(equal.score(2, 9)).toBeCloseTo(6.75, 12);
    const few = fitSpend({ segment: 'all', cells, zeroOrders: 0, backtest: undefined });
    expect(few.reason).toMatch('only 13 customers with an order above 0');
  });
});

function expectedBy(formula: SpendFormula, purchases: number, sum: number): number {
  return (formula.constant + formula.perSum * sum) / (formula.perPurchase * purchases + formula.base);
}

describe('Spend on the public data', () => {
  let logs: [PurchaseLog | undefined, PurchaseLog | undefined];
  beforeAll(async () => {
    logs = [await readPublicLog('cdnowSample'), await readPublicLog('onlineRetail')];
  });

  it.each([
    ['CDNOW sample', 0, '1997-09-30', 273, 0.5],
    ['Online Retail', 1, '2011-06-30', 162, 0.68],
  ] as const)(
    'on all orders of %s the expected value has the rank correlation asked for',
    (_, index, date, days, least) => {
      const log = logs[index];
      if (log === undefined) return;
      const asOf = dayOf(date);
      const { cells, laterOrders, zeroOrders } = spendAt(log, asOf, asOf + days);
      const fit = fitSpend({ segment: 'all', cells, zeroOrders, backtest: undefined });
      expect(fit.chosen).toBe('gamma_gamma');
      const rows = Array.from(laterOrders.keys()).filter((row) => (laterOrders[row] as number) > 0);
      const later = Float64Array.from(rows, (row) => Math.round((cells.laterMeanValue[row] as number) * 100));
      const expected = Float64Array.from(rows, (row) =>
        fit.score(cells.orders[row] as number, cells.meanValue[row] as number),
      );
      const { rankCorrelation } = measurePredictions(later, expected, new Float64Array(rows.length).fill(1));
      expect(rankCorrelation).toBeGreaterThanOrEqual(least);
    },
  );
});

describe('The shifted beta-geometric model', () => {
  // Survivors of 1,000 customers after 1 … 7 renewals (Fader & Hardie 2007, table 1) and their fits of it.
  it.each([
    ['regular', [631, 468, 382, 326, 289, 262, 241], 0.704, 1.182, -1680.3],
    ['high end', [869, 743, 653, 593, 551, 517, 491], 0.668, 3.806, -1611.2],
  ] as const)(
    'has the published parameters for the %s customers',
    (_, survivors, alpha, beta, logLikelihood) => {
      const lost = survivors.map((left, year) => (survivors[year - 1] ?? 1_000) - left);
      const fit = fitShiftedBetaGeometric({
        periods: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 7),
        ended: Float64Array.of(1, 1, 1, 1, 1, 1, 1, 0),
        customers: Float64Array.from([...lost, survivors[6]]),
      });
      expect(fit.alpha).toBeCloseTo(alpha, 3);
      expect(fit.beta).toBeCloseTo(beta, 3);
      expect(fit.logLikelihood).toBeCloseTo(logLikelihood, 1);
      expect(fit.reason).toBe('fitted');
    },
  );

  it('has an answer where nobody has left yet, and says so', () => {
    const fit = fitShiftedBetaGeometric({
      periods: Float64Array.of(1, 3),
      ended: Float64Array.of(0, 0),
      customers: Float64Array.of(10, 20),
    });
    expect(fit.reason).toBe('nobody has left yet');
    expect(retentionRate(fit, 0)).toBeGreaterThan(0.99);
  });

  it('adds up the renewals to come: 1/2 × (1 + 2/3) without discount for alpha = beta = 1', () => {
    const fit = { alpha: 1, beta: 1 };
    expect(expectedRenewals(fit, 0, 2)).toBeCloseTo(1 / 2 + (1 / 2) * (2 / 3), 12);
    expect(expectedRenewals(fit, 0, 1, 0.25)).toBeCloseTo(0.4, 12);
  });
});
