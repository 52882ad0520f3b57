import { expect, it } from '@jest/globals';
import {
  areContradictory,
  believedContradictions,
} from '../../../../transforms/identity/pairwise/contradictions.ts';
import { isOneStepApart } from '../../../../transforms/identity/pairwise/one-step.ts';

it('one slip of the fingers is one step: a character more, less or other, or two neighbours swapped', () => {
  const pairs: [string, string, boolean][] = [
    ['smith', 'smith', true],
    ['smith', 'smyth', true],
    ['smith', 'smth', true],
    ['smith', 'smitth', true],
    ['smith', 'simth', true],
    ['smith', 'simht', false],
    ['smith', 'smithson', false],
    ['', 'a', true],
  ];
  for (const [one, other, expected] of pairs) {
    expect([one, other, isOneStepApart(one, other)]).toEqual([one, other, expected]);
    expect(isOneStepApart(other, one)).toBe(expected);
  }
});

it('two birth dates contradict each other unless a typing error makes one of the other', () => {
  expect(areContradictory('date', '19800512', '19800512')).toBe(false);
  expect(areContradictory('date', '19800512', '19801205')).toBe(false); // Day and month swapped.
  expect(areContradictory('date', '19800512', '19800521')).toBe(false); // Two parts of three are equal.
  expect(areContradictory('date', '19800101', '19800512')).toBe(false); // The first of January is a year.
  expect(areContradictory('date', '19800512', '20080519')).toBe(true); // A generation apart.
});

it('two tax ids contradict each other unless they are one step apart', () => {
  expect(areContradictory('identifier', 'GB123456789', 'GB123456798')).toBe(false);
  expect(areContradictory('identifier', 'GB123456789', 'GB987654321')).toBe(true);
});

it('a contradiction is believed where hardly a pair above the cut differs, and not where the data have slips', () => {
  const birth = { comparison: 'date_of_birth', attribute: 'date_of_birth', kind: 'date' as const };
  const isBelieved = (equal: number | undefined, different: number | undefined): boolean => {
    const levelOf = (name: string, pairs: number | undefined) => ({
      ...{ name, m: 0.5, u: 0.5, weight: 0, relatives: 0 },
      ...(pairs === undefined ? {} : { pairsAboveCut: pairs }),
    });
    const levels = [levelOf('equal', equal), levelOf('different', different)];
    return (
      believedContradictions([birth], {
        comparisons: [{ name: 'date_of_birth', isLearned: true, levels }],
      }).length === 1
    );
  };
  // 1,000 pairs that do not differ are assumed beside them: the share may be 0.004.
  expect(isBelieved(100_000, 0)).toBe(true);
  expect(isBelieved(996, 4)).toBe(true);
  expect(isBelieved(991, 9)).toBe(false);
  // As many as in the historical figures.
  expect(isBelieved(154_077, 3617)).toBe(false);
  // Nothing was learned.
  expect(isBelieved(undefined, undefined)).toBe(true);
  expect(believedContradictions([birth], { comparisons: [] })).toEqual([]);
});
