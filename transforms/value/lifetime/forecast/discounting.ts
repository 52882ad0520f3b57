import { gaussLegendre } from '../fit/gauss-legendre.ts';

/** Nodes in each stretch between two horizons: eight give nine digits of these smooth curves. */
const rule = gaussLegendre(8);

/**
 * How to discount purchases from their expected number alone. With E(t) expected purchases up to t and a rate δ,
 *   ∫ exp(-δ t) dE(t) = exp(-δ h) E(h) + δ ∫ exp(-δ t) E(t) dt    (by parts),
 * and the integral is a sum over a few times of E.
 */
export interface DiscountPlan {
  /** Times at which E is needed: the horizons come last. */
  timesDays: number[];
  /** By horizon: the weight of E at each of these times. */
  weights: Float64Array[];
}

/**
 * @param horizonsDays ascending
 * @param rateYear as a share; a year has 365.25 days
 */
export function planDiscounting(horizonsDays: readonly number[], rateYear: number): DiscountPlan {
  const delta = Math.log1p(rateYear) / 365.25;
  const timesDays: number[] = [];
  const integral: number[] = [];
  const reached: number[] = [];
  let from = 0;
  for (const horizon of horizonsDays) {
    const length = horizon - from;
    for (let node = 0; node < rule.nodes.length && delta > 0; node++) {
      const time = from + length * (rule.nodes[node] as number);
      timesDays.push(time);
      integral.push(delta * length * (rule.weights[node] as number) * Math.exp(-delta * time));
    }
    reached.push(timesDays.length);
    from = horizon;
  }
  const nodes = timesDays.length;
  timesDays.push(...horizonsDays);
  const weights = horizonsDays.map((horizon, index) => {
    const weight = new Float64Array(timesDays.length);
    for (let node = 0; node < (reached[index] as number); node++) weight[node] = integral[node] as number;
    weight[nodes + index] = Math.exp(-delta * horizon);
    return weight;
  });
  return { timesDays, weights };
}
