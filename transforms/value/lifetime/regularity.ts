import type { GapRatios } from './lifetime-data.ts';

/** Customers with two gaps below which a spread of their ratios is noise. */
const fewestCustomers = 100;

/**
 * k of the gaps between purchases: 1 for purchases at random, more for regular ones. For Erlang-k gaps the share
 * M = first gap / (first gap + second gap) of two successive gaps is beta(k, k), whose variance is 1 / (4 (2k + 1)),
 * whatever the rates of the customers are (Wheat & Morrison 1990, Journal of Marketing Research 27).
 * Undefined for fewer than 100 customers with two gaps.
 */
export function wheatMorrison({ customers, sum, sumOfSquares }: GapRatios): number | undefined {
  if (customers < fewestCustomers) return undefined;
  const variance = (sumOfSquares - (sum * sum) / customers) / (customers - 1);
  if (!(variance > 0)) return undefined;
  return (1 - 4 * variance) / (8 * variance);
}
