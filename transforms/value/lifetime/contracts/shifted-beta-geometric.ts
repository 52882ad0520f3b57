import { freeCoordinates, hessian, inverseOfFree } from '../fit/hessian.ts';
import { type Bounds, minimise, type Objective } from '../fit/minimise.ts';
import { weightedSum } from '../triples.ts';

/** Customers under contract, grouped by the renewals that were due and whether the last of them was declined. */
export interface ContractCells {
  /** Renewals due so far, at least 1: the ended one is the last of them. */
  periods: Float64Array;
  /** 1: the contract ended at that renewal; 0: it was renewed each time. */
  ended: Float64Array;
  customers: Float64Array;
}

export interface ShiftedBetaGeometric {
  alpha: number;
  beta: number;
}

export interface ShiftedBetaGeometricFit extends ShiftedBetaGeometric {
  logLikelihood: number;
  /** In the order alpha, beta; null where the likelihood is flat. */
  standardErrors: (number | null)[];
  reason: string;
}

const bounds: Bounds = { lower: [1e-4, 1e-4].map(Math.log), upper: [1e4, 1e4].map(Math.log) };

/**
 * Maximum likelihood of the shifted beta-geometric model: a customer declines each renewal with a probability that is
 * beta(alpha, beta) over customers (Fader & Hardie 2007, "How to project customer retention", Journal of Interactive
 * Marketing 21). A base in which nobody, or everybody, has left ends at the edge of the box, and the reason says so.
 */
export function fitShiftedBetaGeometric(cells: ContractCells): ShiftedBetaGeometricFit {
  const customers = weightedSum(cells.customers);
  const objective: Objective = (point, gradient) => {
    const [alpha, beta] = point.map(Math.exp) as unknown as [number, number];
    const value = contractLogLikelihood(cells, { alpha, beta }, gradient);
    for (let i = 0; i < gradient.length; i++) gradient[i] = -(gradient[i] as number) / customers;
    return Number.isFinite(value) ? -value / customers : Number.MAX_VALUE;
  };
  const minimum = minimise(objective, [0, Math.log(3)], bounds);
  const free = freeCoordinates(minimum.point, minimum.gradient, bounds);
  const inverse = inverseOfFree(hessian(objective, minimum.point), free);
  const [alpha, beta] = minimum.point.map(Math.exp) as unknown as [number, number];
  const left = weightedSum(cells.customers, cells.ended);
  const edge =
    left === 0
      ? 'nobody has left yet'
      : left === customers
        ? 'everybody has left'
        : 'customers are alike in how likely they renew';
  return {
    alpha,
    beta,
    logLikelihood: -minimum.value * customers,
    standardErrors: [alpha, beta].map((value, i) => {
      const variance = inverse?.[i]?.[i] ?? 0;
      return variance > 0 ? value * Math.sqrt(variance / customers) : null;
    }),
    reason: free.every(Boolean) ? 'fitted' : edge,
  };
}

/**
 * Σ n ln P(T = t) over those who left and Σ n ln S(t) over those who stayed, with
 *   S(t) = Π_{i<t} (beta+i) / (alpha+beta+i),  P(T = t) = S(t-1) alpha / (alpha+beta+t-1)
 * (equations 5 and 6 of the paper as products). The gradient is with respect to ln alpha and ln beta.
 */
export function contractLogLikelihood(
  { periods, ended, customers }: ContractCells,
  { alpha, beta }: ShiftedBetaGeometric,
  gradient?: Float64Array,
): number {
  let value = 0;
  let slopeAlpha = 0;
  let slopeBeta = 0;
  for (let row = 0; row < periods.length; row++) {
    const n = customers[row] as number;
    const hasEnded = (ended[row] as number) === 1;
    const renewed = (periods[row] as number) - (hasEnded ? 1 : 0);
    for (let i = 0; i < renewed; i++) {
      value -= n * Math.log1p(alpha / (beta + i));
      slopeAlpha -= n / (alpha + beta + i);
      slopeBeta += (n * alpha) / ((beta + i) * (alpha + beta + i));
    }
    if (!hasEnded) continue;
    value += n * Math.log(alpha / (alpha + beta + renewed));
    slopeAlpha += n * (1 / alpha - 1 / (alpha + beta + renewed));
    slopeBeta -= n / (alpha + beta + renewed);
  }
  if (gradient !== undefined) {
    gradient[0] = slopeAlpha * alpha;
    gradient[1] = slopeBeta * beta;
  }
  return value;
}

/** Probability that a customer who has renewed `renewals` times renews once more. */
export function retentionRate({ alpha, beta }: ShiftedBetaGeometric, renewals: number): number {
  return (beta + renewals) / (alpha + beta + renewals);
}

/**
 * Expected renewals among the next `periods`, each discounted by the time until it, of a customer who has renewed
 * `renewals` times and is still one (Fader & Hardie 2010, "Customer-base valuation in a contractual setting").
 *
 * @param discountPerPeriod as a share; 0 counts them
 */
export function expectedRenewals(
  fit: ShiftedBetaGeometric,
  renewals: number,
  periods: number,
  discountPerPeriod = 0,
): number {
  let staying = 1;
  let sum = 0;
  for (let period = 1; period <= periods; period++) {
    staying *= retentionRate(fit, renewals + period - 1);
    sum += staying / (1 + discountPerPeriod) ** period;
  }
  return sum;
}
