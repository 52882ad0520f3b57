import { patternBits, total } from './expectation-maximisation.ts';
import { evidenceBits, type Model, probabilityOf } from './model.ts';
import type { Patterns } from './patterns.ts';

export interface Cut {
  /** Evidence in bits above which two accounts are taken for one customer. */
  bits: number;
  /** What the model expects of the pairs above it, before it is lowered for groups. */
  precision: number;
  recall: number;
}

/**
 * The cut with the best expected F measure, from the distribution of the pairs' scores: each pair above it is right with its
 * probability, and the sum of all probabilities is what there is to find. It is then lowered by half a bit for each
 * doubling of the partners that an account has on average: whether an account belongs to a customer is decided on the
 * average of so many pairs, each of which has the odds against one pair counted in full.
 */
export function chooseCut(model: Model, patterns: Patterns, accounts: number): Cut {
  const weights = model.comparisons.map(({ levels }) => levels.map(({ weight }) => weight));
  const relatives = model.comparisons.map(({ levels }) => levels.map((level) => level.relatives));
  const scored = Array.from({ length: patterns.count.length }, (_, index) => ({
    bits: evidenceBits(model, patternBits(patterns, weights, index), patternBits(patterns, relatives, index)),
    count: patterns.count[index] ?? 0,
  })).sort((one, other) => other.bits - one.bits);
  const expected = total(scored.map(({ bits, count }) => probabilityOf(bits) * count));
  let best = { score: 0, place: -1, precision: 1, recall: 0 };
  let [found, right] = [0, 0];
  for (const [place, { bits, count }] of scored.entries()) {
    found += count;
    right += probabilityOf(bits) * count;
    const score = (2 * right) / (found + expected);
    if (score > best.score) best = { score, place, precision: right / found, recall: right / expected };
  }
  // Between the last pair that is in and the first that is out any cut is as good: the one nearest to even odds.
  const lastIn = scored[best.place]?.bits ?? 0;
  const firstOut = scored[best.place + 1]?.bits ?? Number.NEGATIVE_INFINITY;
  const between = Math.min(lastIn - 0.001, Math.max(firstOut, 0));
  const partners = Math.max(1, (2 * expected) / accounts);
  return { bits: between - Math.log2(partners) / 2, precision: best.precision, recall: best.recall };
}
