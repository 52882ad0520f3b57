import { expect, it } from '@jest/globals';
import {
  type Evidence,
  maximiseExpectation,
} from '../../../../transforms/identity/pairwise/expectation-maximisation.ts';
import { learn, withWeights } from '../../../../transforms/identity/pairwise/learn.ts';
import type { Patterns } from '../../../../transforms/identity/pairwise/patterns.ts';
import type { Comparison } from '../../../../transforms/identity/pairwise/settings.ts';

/** Three comparisons of two levels, equal and different, whose true shares the tests choose. */
const comparisons: Comparison[] = ['a', 'b', 'c'].map((name) => ({
  name,
  attributes: [name],
  missing: 'false',
  levels: [
    { name: 'equal', when: 'true', m: 0.8, u: 0.05 },
    { name: 'different', when: 'true', m: 0.2, u: 0.95 },
  ],
}));

/** Every pattern with exactly the count that independent comparisons give for so many pairs. */
function patternsOf(kinds: readonly { pairs: number; equal: readonly number[] }[]): Patterns {
  const patterns = Array.from({ length: 8 }, (_, index) => [index & 1, (index >> 1) & 1, (index >> 2) & 1]);
  const count = patterns.map((levels) =>
    kinds.reduce(
      (sum, { pairs, equal }) =>
        sum +
        levels.reduce(
          (share, level, place) => share * (level === 0 ? (equal[place] ?? 0) : 1 - (equal[place] ?? 0)),
          pairs,
        ),
      0,
    ),
  );
  return {
    count,
    free: count.map(() => 7),
    rarity: count.map(() => 0),
    levels: [0, 1, 2].map((place) => patterns.map((levels) => (levels[place] ?? 0) + 1)),
  };
}

const truth = { m: [0.9, 0.7, 0.95], u: [0.01, 0.1, 0.03] };
const matches = { pairs: 20_000, equal: truth.m };
const strangers = { pairs: 980_000, equal: truth.u };

function evidenceOf(
  blocked: Patterns,
  chance = patternsOf([{ pairs: 1_000_000, equal: truth.u }]),
): Evidence {
  return { comparisons, blocked, chance, allPairs: 1_000_000, agreement: new Map() };
}

it('EM finds the shares that made the pairs, starting from others', () => {
  const { lambda, m, u, hasConverged } = maximiseExpectation(evidenceOf(patternsOf([matches, strangers])));
  expect(hasConverged).toBe(true);
  expect(lambda).toBeCloseTo(0.02, 2);
  for (const [place, share] of truth.m.entries()) expect(m[place]?.[0]).toBeCloseTo(share, 1);
  // The assumed u counts as 200,000 pairs beside the sample of 1,000,000.
  for (const [place, share] of truth.u.entries()) {
    expect(u[place]?.[0]).toBeCloseTo((share * 1_000_000 + 0.05 * 200_000) / 1_200_000, 2);
  }
});

it('a comparison learns nothing from pairs whose rule asked for it', () => {
  const blocked = patternsOf([matches, strangers]);
  const model = learn(evidenceOf({ ...blocked, free: Array.from(blocked.count, () => 6) }));
  expect(model.comparisons.map(({ isLearned }) => isLearned)).toEqual([false, true, true]);
  expect(model.notes.join()).toMatch(/a: fewer than 20 true pairs/);
});

it('a fit without one true pair is refused, and the assumed shares hold', () => {
  const nothing = patternsOf([{ pairs: 0, equal: truth.u }]);
  const model = learn({ ...evidenceOf(nothing), allPairs: 10 });
  expect(model.comparisons.every(({ isLearned }) => !isLearned)).toBe(true);
  expect(model.comparisons[0]?.levels[0]?.m).toBe(0.8);
});

it('levels out of order are pooled, so that no weaker level weighs more', () => {
  const level = (m: number, u: number) => ({ name: 'level', m, u, relatives: 0 });
  const weights = withWeights([level(0.4, 0.1), level(0.4, 0.05), level(0.2, 0.85)]).map(
    ({ weight }) => weight,
  );
  // The first two together: 0.8 / 0.15.
  expect(weights[0]).toBeCloseTo(Math.log2(0.8 / 0.15), 10);
  expect(weights[1]).toBe(weights[0]);
  expect(weights[2]).toBeCloseTo(Math.log2(0.2 / 0.85), 10);
});
