import { expect, it } from '@jest/globals';
import {
  bitsOfSecondAccounts,
  source,
  sourcesIn,
  withLevelOfEach,
} from '../../../../transforms/identity/pairwise/source-comparison.ts';

it('each source that the accounts have has a level of its own, in any order of the sources', () => {
  const levels = ({ levels: all }: typeof source) => all.map(({ name }) => name);
  const expected = ['another source', 'same source: erp', 'same source: shop'];
  expect(levels(withLevelOfEach(source, ['shop', 'erp']))).toEqual(expected);
  expect(levels(withLevelOfEach(source, ['erp', 'shop']))).toEqual(expected);
  expect(withLevelOfEach(source, [])).toBe(source);
});

it('a comparison of the same name that a user wrote stays as it is', () => {
  const own = { ...source, levels: source.levels.map((level) => ({ ...level, name: `own ${level.name}` })) };
  expect(withLevelOfEach(own, ['erp'])).toBe(own);
});

it('the sources and what a second account in each says are read from the model', () => {
  const { levels, name } = withLevelOfEach(source, ["o'shop", 'erp']);
  const learned = levels.map((level, index) => ({ ...level, weight: -index, relatives: 0 }));
  const model = { comparisons: [{ name, isLearned: true, levels: learned }] };
  expect(sourcesIn(model)).toEqual(['erp', "o'shop"]);
  expect([...bitsOfSecondAccounts(model)]).toEqual([
    ['erp', -1],
    ["o'shop", -2],
  ]);
});
