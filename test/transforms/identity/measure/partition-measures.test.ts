import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { measurePartition } from '../../../../transforms/identity/measure/partition-measures.ts';

describe('the measures of a partition', () => {
  it('give the B³ of the example that Bagga & Baldwin 1998 work by hand: 76 and 58 %', () => {
    // Truth {1…5} {6, 7} {8…C}. One response joins the small one to the last: (5·5/5 + 2·2/7 + 5·5/7) / 12 = 16/21.
    const truth = ['a', 'a', 'a', 'a', 'a', 'b', 'b', 'c', 'c', 'c', 'c', 'c'];
    const first = [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2].map(String);
    expect(measurePartition(first, truth).bCubed).toMatchObject({
      precision: expect.closeTo(0.7619, 4),
      recall: 1,
    });
    // The other joins the two large ones, which is the worse error: (5·5/10 + 2·2/2 + 5·5/10) / 12 = 7/12.
    const second = [1, 1, 1, 1, 1, 2, 2, 1, 1, 1, 1, 1].map(String);
    expect(measurePartition(second, truth).bCubed).toMatchObject({
      precision: expect.closeTo(0.5833, 4),
      recall: 1,
    });
  });

  it('count pairs and whole customers: of {1, 2, 3} {4, 5}, {1, 2} {3} {4, 5} has two pairs of four and one customer of two', () => {
    const measures = measurePartition(['a', 'a', 'b', 'c', 'c'], ['x', 'x', 'x', 'y', 'y']);
    expect(measures).toMatchObject({
      accounts: 5,
      foundCustomers: 3,
      trueCustomers: 2,
      largestFound: 2,
      largestTrue: 3,
      pairs: { found: 2, true: 4, right: 2 },
      pairwise: { precision: 1, recall: 0.5, f1: expect.closeTo(2 / 3, 12) },
      cluster: { precision: 1 / 3, recall: 1 / 2, f1: 2 / 5 },
    });
  });

  it('are null, not NaN, where there is nothing to be right about', () => {
    const nothing = { precision: null, recall: null, f1: null };
    expect(measurePartition([], [])).toMatchObject({ pairwise: nothing, cluster: nothing, bCubed: nothing });
    expect(measurePartition(['a', 'b'], ['x', 'y']).pairwise).toEqual(nothing);
    expect(measurePartition(['a', 'b'], ['x', 'x']).pairwise).toEqual({ precision: null, recall: 0, f1: 0 });
  });

  it('equal what counting every pair and every account gives', () => {
    const labels = fc.integer({ min: 0, max: 5 });
    fc.assert(
      fc.property(fc.array(fc.tuple(labels, labels), { maxLength: 30 }), (accounts) => {
        const found = accounts.map(([group]) => group);
        const truth = accounts.map(([, person]) => person);
        const measured = measurePartition(found, truth);
        const naive = pairByPair(found, truth);
        expect(measured.pairs).toEqual(naive.pairs);
        expect(measured.cluster).toEqual(naive.cluster);
        expect(measured.bCubed.precision ?? 1).toBeCloseTo(naive.bCubed.precision, 12);
        expect(measured.bCubed.recall ?? 1).toBeCloseTo(naive.bCubed.recall, 12);
      }),
    );
  });
});

function pairByPair(found: readonly number[], truth: readonly number[]) {
  const indexes = found.map((_, index) => index);
  const pairs = { found: 0, true: 0, right: 0 };
  for (const one of indexes) {
    for (const other of indexes.filter((index) => index > one)) {
      const [isFound, isTrue] = [found[one] === found[other], truth[one] === truth[other]];
      pairs.found += Number(isFound);
      pairs.true += Number(isTrue);
      pairs.right += Number(isFound && isTrue);
    }
  }
  const groupOf = (labels: readonly number[], index: number) =>
    indexes.filter((other) => labels[other] === labels[index]);
  const sharesOf = (one: readonly number[], other: readonly number[]) =>
    indexes.map((index) => {
      const group = groupOf(one, index);
      return group.filter((member) => other[member] === other[index]).length / group.length;
    });
  const mean = (shares: readonly number[]) =>
    shares.length === 0 ? 1 : shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const groups = (labels: readonly number[]) =>
    new Set(indexes.map((index) => groupOf(labels, index).join(' ')));
  const [foundGroups, trueGroups] = [groups(found), groups(truth)];
  const exact = [...foundGroups].filter((group) => trueGroups.has(group)).length;
  const orNull = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return {
    pairs,
    cluster: {
      precision: orNull(exact, foundGroups.size),
      recall: orNull(exact, trueGroups.size),
      f1: orNull(2 * exact, foundGroups.size + trueGroups.size),
    },
    bCubed: { precision: mean(sharesOf(found, truth)), recall: mean(sharesOf(truth, found)) },
  };
}
