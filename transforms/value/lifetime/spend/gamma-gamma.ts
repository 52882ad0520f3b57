import digamma from '@stdlib/math-base-special-digamma';
import gammaln from '@stdlib/math-base-special-gammaln';
import { freeCoordinates, hessian, inverseOfFree } from '../fit/hessian.ts';
import { type Bounds, minimise, type Objective } from '../fit/minimise.ts';
import { weightedSum } from '../triples.ts';

/** Customers grouped by the number of their orders above 0 and the mean value of these. */
export interface SpendCells {
  /** At least 1. */
  orders: Float64Array;
  /** Above 0, in the currency. */
  meanValue: Float64Array;
  customers: Float64Array;
}

export interface GammaGamma {
  p: number;
  q: number;
  /** In the currency. */
  v: number;
}

export interface GammaGammaFit extends GammaGamma {
  logLikelihood: number;
  /** In the order p, q, v; null where the likelihood is flat. */
  standardErrors: (number | null)[];
  converged: boolean;
}

const bounds: Bounds = {
  lower: [1e-3, 1e-2, 1e-6].map(Math.log),
  upper: [1e4, 1e4, 1e6].map(Math.log),
};

/** Fixed starts of p and q; v then gives the mean value of all, which is 1 after scaling. */
const starts = [
  [2, 3],
  [6, 1.5],
];

/**
 * Maximum likelihood of the Gamma-Gamma model of spend: the orders of a customer are gamma with shape p and a rate
 * that is gamma with shape q and rate v (Fader & Hardie 2013, "The Gamma-Gamma model of monetary value").
 */
export function fitGammaGamma(cells: SpendCells): GammaGammaFit {
  const customers = weightedSum(cells.customers);
  const scale = weightedSum(cells.customers, cells.meanValue) / customers;
  const scaled = { ...cells, meanValue: cells.meanValue.map((value) => value / scale) };
  const objective: Objective = (point, gradient) => {
    const [p, q, v] = point.map(Math.exp) as unknown as [number, number, number];
    const value = gammaGammaLogLikelihood(scaled, { p, q, v }, gradient);
    for (let i = 0; i < gradient.length; i++) gradient[i] = -(gradient[i] as number) / customers;
    return Number.isFinite(value) ? -value / customers : Number.MAX_VALUE;
  };
  const minima = starts.map(([p = 1, q = 2]) =>
    minimise(objective, [p, q, (q - 1) / p].map(Math.log), bounds),
  );
  const best = minima.reduce((least, minimum) => (minimum.value < least.value ? minimum : least));
  const free = freeCoordinates(best.point, best.gradient, bounds);
  const inverse = inverseOfFree(hessian(objective, best.point), free);
  const [p, q, v] = best.point.map(Math.exp) as unknown as [number, number, number];
  return {
    p,
    q,
    v: v * scale,
    logLikelihood: -best.value * customers - customers * Math.log(scale),
    standardErrors: [p, q, v * scale].map((value, i) => {
      const variance = inverse?.[i]?.[i] ?? 0;
      return variance > 0 ? value * Math.sqrt(variance / customers) : null;
    }),
    converged: best.converged,
  };
}

/**
 * One customer with n orders of mean value m:
 *   ln Γ(pn+q) - ln Γ(pn) - ln Γ(q) + q ln v + (pn-1) ln m + pn ln n - (pn+q) ln(v + n m)
 * (equation 1a of the note). The gradient is with respect to the logarithms of (p, q, v).
 */
export function gammaGammaLogLikelihood(
  { orders, meanValue, customers }: SpendCells,
  { p, q, v }: GammaGamma,
  gradient?: Float64Array,
): number {
  const byOrders = new Map<number, { constant: number; slopeP: number; slopeQ: number }>();
  const digammaQ = digamma(q);
  const constantQ = q * Math.log(v) - gammaln(q);
  let value = 0;
  let slopeP = 0;
  let slopeQ = 0;
  let slopeV = 0;
  for (let row = 0; row < orders.length; row++) {
    const count = customers[row] as number;
    const n = orders[row] as number;
    const m = meanValue[row] as number;
    let table = byOrders.get(n);
    if (table === undefined) {
      const both = digamma(p * n + q);
      table = {
        constant: gammaln(p * n + q) - gammaln(p * n) + constantQ + p * n * Math.log(n),
        slopeP: n * (both - digamma(p * n) + Math.log(n)),
        slopeQ: both - digammaQ + Math.log(v),
      };
      byOrders.set(n, table);
    }
    const sum = v + n * m;
    const logSum = Math.log(sum);
    const logMean = Math.log(m);
    value += count * (table.constant + (p * n - 1) * logMean - (p * n + q) * logSum);
    slopeP += count * (table.slopeP + n * (logMean - logSum));
    slopeQ += count * (table.slopeQ - logSum);
    slopeV += count * (q / v - (p * n + q) / sum);
  }
  if (gradient !== undefined) {
    gradient[0] = slopeP * p;
    gradient[1] = slopeQ * q;
    gradient[2] = slopeV * v;
  }
  return value;
}

/** Expected value of an order of a customer with n orders of mean m; n = 0 gives that of a customer unknown so far. */
export function expectedOrderValue({ p, q, v }: GammaGamma, orders: number, meanValue: number): number {
  return (p * (v + orders * meanValue)) / (p * orders + q - 1);
}
