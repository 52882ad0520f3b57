import { patternBits } from './expectation-maximisation.ts';
import { evidenceBits, type Model } from './model.ts';
import type { Patterns } from './patterns.ts';

/**
 * The model with the number of pairs above the cut at each level. Unlike m, it is counted on all of these pairs, whatever witnesses or
 * blocking rules m was learned by.
 */
export function countAboveCut(model: Model, patterns: Patterns, cutBits: number): Model {
  const weights = model.comparisons.map(({ levels }) => levels.map(({ weight }) => weight));
  const relatives = model.comparisons.map(({ levels }) => levels.map((level) => level.relatives));
  const counts = weights.map((levels) => levels.map(() => 0));
  for (let index = 0; index < patterns.count.length; index += 1) {
    const match = patternBits(patterns, weights, index);
    if (evidenceBits(model, match, patternBits(patterns, relatives, index)) <= cutBits) continue;
    for (const [place, levels] of counts.entries()) {
      const level = patterns.levels[place]?.[index] ?? 0;
      if (level > 0) levels[level - 1] = (levels[level - 1] ?? 0) + (patterns.count[index] ?? 0);
    }
  }
  const comparisons = model.comparisons.map((comparison, place) => ({
    ...comparison,
    levels: comparison.levels.map((level, index) => ({
      ...level,
      pairsAboveCut: counts[place]?.[index] ?? 0,
    })),
  }));
  return { ...model, comparisons };
}
