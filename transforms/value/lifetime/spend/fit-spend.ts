import type { ModelFitRow } from '../result-rows.ts';
import { weightedSum } from '../triples.ts';
import { coarsenSpend } from './coarsen-spend.ts';
import {
  expectedOrderValue,
  fitGammaGamma,
  type GammaGamma,
  type GammaGammaFit,
  type SpendCells,
} from './gamma-gamma.ts';

/** Customers as they stood at a cut, with what their orders after it were worth. */
export interface SpendBacktestCells extends SpendCells {
  /** Mean value of the orders after the cut; only customers with one are in the cells. */
  laterMeanValue: Float64Array;
}

export interface SpendData {
  segment: string;
  /** All orders of a customer, the first one too, without those of value 0. */
  cells: SpendCells;
  /** Orders of value 0, which the model cannot hold: they are told, and lower the expected value by their share. */
  zeroOrders: number;
  backtest: SpendBacktestCells | undefined;
}

export type SpendModelName = 'gamma_gamma' | 'own_mean' | 'population_mean';

export interface SpendFit {
  fits: ModelFitRow[];
  chosen: SpendModelName;
  reason: string;
  /** Gamma deviance of each candidate in the back-test, lower is better; empty without one. */
  deviances: Partial<Record<SpendModelName, number>>;
  /** Of the fit as of today; undefined where it was refused. */
  parameters: GammaGamma | undefined;
  /** Mean of the customers' mean values, orders of value 0 apart; 0 where there is none. */
  mean: number;
  /** Variance of these means over the customers, relative to the square of their mean. */
  relativeVariance: number;
  /** Share of orders that are worth nothing. */
  zeroShare: number;
  /** Expected value of the next order of a customer, orders of value 0 included. */
  score(orders: number, meanValue: number): number;
}

/** q - 1 is the denominator of the mean of all customers: near 0 it has no finite mean. */
const smallestQ = 1.05;
const largestCorrelation = 0.3;
const fewestCustomers = 30;

/**
 * Chooses between Gamma-Gamma, the own mean and the mean of all by the gamma deviance of the mean value of later orders.
 * Without a back-test Gamma-Gamma is taken where it can be fitted. All orders count: leaving out the first, the only one
 * of most customers, costs a third of the rank correlation.
 */
export function fitSpend({ segment, cells, zeroOrders, backtest }: SpendData): SpendFit {
  const customers = weightedSum(cells.customers);
  const orders = cells.orders.reduce((sum, n, row) => sum + n * (cells.customers[row] as number), 0);
  const zeroShare = zeroOrders > 0 ? zeroOrders / (zeroOrders + orders) : 0;
  const notes: string[] = [];
  if (zeroOrders > 0) notes.push(`${zeroOrders} orders of value 0 are kept apart`);
  const now = fitOrRefuse(cells);
  const correlation = logCorrelation(cells);
  if (Math.abs(correlation) > largestCorrelation) {
    notes.push(
      `value and number of orders correlate (${correlation.toFixed(2)}), which Gamma-Gamma takes to be 0`,
    );
  }

  let chosen: SpendModelName = now.fit === undefined ? 'population_mean' : 'gamma_gamma';
  let deviances: SpendFit['deviances'] = {};
  if (backtest !== undefined && weightedSum(backtest.customers) >= fewestCustomers) {
    deviances = spendDeviances(backtest, fitOrRefuse(backtest).fit);
    const allowed = (Object.keys(deviances) as SpendModelName[]).filter(
      (name) => name !== 'gamma_gamma' || now.fit !== undefined,
    );
    const lowest = (best: SpendModelName, name: SpendModelName) =>
      (deviances[name] as number) < (deviances[best] as number) ? name : best;
    chosen = allowed.reduce(lowest);
    const told = allowed.map((name) => `${name} ${(deviances[name] as number).toFixed(4)}`).join(', ');
    notes.unshift(`${chosen}: lowest gamma deviance of later order values (${told})`);
  } else notes.unshift(`${chosen}: no back-test of order values possible`);
  if (now.refusal !== undefined) notes.push(now.refusal);

  const mean = meanOf(cells, customers);
  const reason = notes.join('; ');
  return {
    fits: spendRows(segment, now.fit, mean, customers, chosen, reason),
    chosen,
    reason,
    deviances,
    parameters: now.fit,
    mean,
    relativeVariance: relativeVarianceOf(cells, mean, customers),
    zeroShare,
    score: (n, value) => (1 - zeroShare) * expectedBy(chosen, now.fit, mean, n, value),
  };
}

function expectedBy(
  name: SpendModelName,
  fit: GammaGamma | undefined,
  mean: number,
  orders: number,
  meanValue: number,
): number {
  if (name === 'gamma_gamma' && fit !== undefined) return expectedOrderValue(fit, orders, meanValue);
  return name === 'own_mean' && orders > 0 ? meanValue : mean;
}

function fitOrRefuse(cells: SpendCells): { fit?: GammaGammaFit; refusal?: string } {
  const customers = weightedSum(cells.customers);
  if (customers < fewestCustomers) return { refusal: `only ${customers} customers with an order above 0` };
  const distinct = new Set(cells.meanValue);
  if (distinct.size === 1) return { refusal: 'every customer spends the same' };
  const fit = fitGammaGamma(coarsenSpend(cells));
  if (!Number.isFinite(fit.logLikelihood)) return { refusal: 'Gamma-Gamma has no finite likelihood' };
  if (fit.q < smallestQ) {
    return {
      refusal: `Gamma-Gamma refused: q is ${fit.q.toFixed(2)}, so that the mean of all is not finite`,
    };
  }
  return { fit };
}

/** Mean over customers of 2 (ln(expected / actual) + actual / expected - 1): 0 is perfect, free of the currency. */
function spendDeviances(
  cells: SpendBacktestCells,
  fit: GammaGamma | undefined,
): Partial<Record<SpendModelName, number>> {
  const customers = weightedSum(cells.customers);
  const mean = meanOf(cells, customers);
  const deviance = (name: SpendModelName) => {
    let sum = 0;
    for (let row = 0; row < cells.orders.length; row++) {
      const actual = cells.laterMeanValue[row] as number;
      const expected = expectedBy(
        name,
        fit,
        mean,
        cells.orders[row] as number,
        cells.meanValue[row] as number,
      );
      if (!(actual > 0 && expected > 0)) continue;
      sum += 2 * (cells.customers[row] as number) * (Math.log(expected / actual) + actual / expected - 1);
    }
    return sum / customers;
  };
  return {
    ...(fit === undefined ? {} : { gamma_gamma: deviance('gamma_gamma') }),
    own_mean: deviance('own_mean'),
    population_mean: deviance('population_mean'),
  };
}

function meanOf({ meanValue, customers }: SpendCells, total: number): number {
  return total > 0 ? weightedSum(customers, meanValue) / total : 0;
}

function relativeVarianceOf({ meanValue, customers }: SpendCells, mean: number, total: number): number {
  if (!(total > 1 && mean > 0)) return 0;
  const squares = meanValue.reduce((sum, m, row) => sum + (customers[row] as number) * (m - mean) ** 2, 0);
  return squares / (total - 1) / mean ** 2;
}

/** Correlation of the logarithms of number and mean value of orders, over customers with two orders or more. */
function logCorrelation({ orders, meanValue, customers }: SpendCells): number {
  let [weight, x, y, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < orders.length; row++) {
    if ((orders[row] as number) < 2) continue;
    const n = customers[row] as number;
    const a = Math.log(orders[row] as number);
    const b = Math.log(meanValue[row] as number);
    weight += n;
    x += n * a;
    y += n * b;
    xx += n * a * a;
    yy += n * b * b;
    xy += n * a * b;
  }
  const spread = Math.sqrt((xx - (x * x) / weight) * (yy - (y * y) / weight));
  return spread > 0 ? (xy - (x * y) / weight) / spread : 0;
}

function spendRows(
  segment: string,
  fit: GammaGammaFit | undefined,
  mean: number,
  customers: number,
  chosen: SpendModelName,
  reason: string,
): ModelFitRow[] {
  const row = { segment, customers, reason };
  const simple: ModelFitRow[] =
    chosen === 'gamma_gamma'
      ? []
      : [
          {
            ...row,
            model: chosen,
            parameter: 'mean',
            value: mean,
            standardError: null,
            logLikelihood: null,
            chosen: true,
          },
        ];
  if (fit === undefined) return simple;
  const parameters = (['p', 'q', 'v'] as const).map((parameter, i) => ({
    ...row,
    model: 'gamma_gamma',
    parameter,
    value: fit[parameter],
    standardError: fit.standardErrors[i] ?? null,
    logLikelihood: fit.logLikelihood,
    chosen: chosen === 'gamma_gamma',
  }));
  return [...parameters, ...simple];
}
