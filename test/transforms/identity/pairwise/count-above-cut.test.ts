import { expect, it } from '@jest/globals';
import { countAboveCut } from '../../../../transforms/identity/pairwise/count-above-cut.ts';
import type { Model } from '../../../../transforms/identity/pairwise/model.ts';

it('pairs above the cut are counted by level, and where a comparison is missing they count for the others only', () => {
  const level = (name: string, weight: number) => ({ name, m: 0.5, u: 0.5, weight, relatives: 0 });
  // Even odds before any evidence, and no relatives: the evidence is the sum of the weights.
  const model: Model = {
    ...{ lambda: 0.5, relatives: 0, rounds: 1, notes: [] },
    comparisons: [
      { name: 'name', isLearned: true, levels: [level('equal', 5), level('different', -5)] },
      { name: 'date', isLearned: true, levels: [level('equal', 4), level('different', -4)] },
    ],
  };
  const patterns = {
    count: [10, 3, 7, 100],
    free: [0, 0, 0, 0],
    rarity: [0, 0, 0, 0],
    // 9 bits, 1 bit, 5 bits without a date, -9 bits.
    levels: [
      [1, 1, 1, 2],
      [1, 2, 0, 2],
    ],
  };
  const counts = (cut: number) =>
    countAboveCut(model, patterns, cut).comparisons.map(({ levels }) =>
      levels.map(({ pairsAboveCut }) => pairsAboveCut),
    );
  expect(counts(0)).toEqual([
    [20, 0],
    [10, 3],
  ]);
  expect(counts(2)).toEqual([
    [17, 0],
    [10, 0],
  ]);
});
