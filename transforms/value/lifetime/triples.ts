/**
 * Customers grouped by what the purchase models need of them: one row per distinct triple. Times are whole
 * days, so that rounding to another unit cannot move a parameter.
 */
export interface Triples {
  /** x: purchase days after the first one. */
  repeats: Float64Array;
  /** t_x: days from the first purchase to the last one, 0 where there is no repeat. */
  lastDays: Float64Array;
  /** T: days from the first purchase to the as-of date. */
  ageDays: Float64Array;
  /** Customers who share the triple. */
  customers: Float64Array;
}

/** Sum of `weights`, or of `values` times `weights`. */
export function weightedSum(weights: Float64Array, values?: Float64Array): number {
  let total = 0;
  for (let row = 0; row < weights.length; row++) total += (values?.[row] ?? 1) * (weights[row] as number);
  return total;
}
