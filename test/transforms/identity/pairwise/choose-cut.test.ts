import { expect, it } from '@jest/globals';
import { chooseCut } from '../../../../transforms/identity/pairwise/choose-cut.ts';
import type { Model } from '../../../../transforms/identity/pairwise/model.ts';

/** Even odds before any evidence, and one comparison whose levels weigh 10, 0.5 and -10 bits. */
const model: Model = {
  lambda: 0.5,
  relatives: 0,
  rounds: 1,
  notes: [],
  comparisons: [
    {
      name: 'a',
      isLearned: true,
      levels: [10, 0.5, -10].map((weight) => ({ name: `${weight} bits`, m: 0, u: 0, weight, relatives: 0 })),
    },
  ],
};

function cutOf(counts: readonly number[], accounts: number, levels = [1, 2, 3]): number {
  const nothing = counts.map(() => 0);
  const patterns = { count: counts, free: nothing, rarity: nothing, levels: [levels] };
  return chooseCut(model, patterns, accounts).bits;
}

it('the cut takes in the doubtful pairs where they are more right than wrong', () => {
  // 0.5 bits are a probability of .586: taken in, 100 more pairs bring 59 right ones.
  expect(cutOf([100, 100, 1000], 1000)).toBeGreaterThan(-10);
  expect(cutOf([100, 100, 1000], 1000)).toBeLessThan(0.5);
});

it('where certain and impossible pairs lie far apart, the cut is at even odds', () => {
  expect(cutOf([100, 1000], 1000, [1, 3])).toBe(0);
});

it('the cut is half a bit lower for each doubling of the partners of an account', () => {
  // 100 + 100 x .586 + 1000 x .001 = 159.5 pairs of 40 accounts are eight partners each.
  const partners = (2 * (100 / (1 + 2 ** -10) + 100 / (1 + 2 ** -0.5) + 1000 / (1 + 2 ** 10))) / 40;
  expect(cutOf([100, 100, 1000], 40)).toBeCloseTo(-Math.log2(partners) / 2, 6);
});
