import { probabilityOf } from '../pairwise/model.ts';
import { type PairCounts, type Quality, qualityOf } from './partition-measures.ts';

/** Judged pairs with the same evidence. */
export interface ScoredPairs {
  /** Evidence in bits; 0 is even odds. */
  bits: number;
  pairs: number;
  /** Of these, the pairs that are one customer in truth. */
  right: number;
}

export interface ThresholdPoint extends Quality {
  bits: number;
  probability: number;
  pairs: PairCounts;
}

/** Probabilities of acceptance that a person may set. */
export const usualProbabilities = [0.1, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999];

/**
 * Precision and recall of the pairs alone, before they become customers, if all with at least so many bits were accepted.
 * `truePairs` counts also those that were never compared.
 */
export function thresholdCurve(
  scored: readonly ScoredPairs[],
  truePairs: number,
  thresholds: readonly number[],
): ThresholdPoint[] {
  const descending = [...scored].sort((one, other) => other.bits - one.bits);
  const points: ThresholdPoint[] = [];
  let [place, found, right] = [0, 0, 0];
  for (const bits of [...thresholds].sort((one, other) => other - one)) {
    for (let next = descending[place]; next !== undefined && next.bits >= bits; next = descending[place]) {
      found += next.pairs;
      right += next.right;
      place += 1;
    }
    const pairs = { found, true: truePairs, right };
    points.push({ bits, probability: probabilityOf(bits), pairs, ...qualityOf(pairs) });
  }
  return points.reverse();
}

/** Evidence in bits at which the probability is `probability`: log2 of its odds. */
export function bitsOf(probability: number): number {
  return Math.log2(probability / (1 - probability));
}
