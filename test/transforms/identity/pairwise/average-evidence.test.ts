import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Edge,
  joinByAverageEvidence,
  type Linkage,
} from '../../../../transforms/identity/pairwise/average-evidence.ts';

const linkage: Linkage = { clip: 10, unscored: -1 };

function clusters(nodes: number, edges: readonly Edge[], changes: Partial<Linkage> = {}): number[] {
  return [...joinByAverageEvidence({ nodes, edges }, { ...linkage, ...changes })];
}

const edge = (one: number, other: number, weight: number): Edge => ({ one, other, weight });

it('two groups that one good pair connects stay two when the other pairs between them speak against', () => {
  const within = [edge(0, 1, 9), edge(0, 2, 9), edge(1, 2, 9), edge(3, 4, 9), edge(3, 5, 9), edge(4, 5, 9)];
  // Nine pairs between the groups: 8 bits for, eight times 1 against or never compared: an average of 0.
  expect(clusters(6, [...within, edge(2, 3, 8)])).toEqual([0, 0, 0, 3, 3, 3]);
});

it('a record joins a group when the average of its pairs speaks for it', () => {
  // (5 - 3) / 2 = 1 bit for.
  expect(clusters(3, [edge(0, 1, 9), edge(0, 2, 5), edge(1, 2, -3)])).toEqual([0, 0, 0]);
  expect(clusters(3, [edge(0, 1, 9), edge(0, 2, 5), edge(1, 2, -6)])).toEqual([0, 0, 2]);
});

it('one pair counts no more than the clip, however sure it is', () => {
  // (10 - 4 - 4 - 4) / 4 < 0 although the one pair has 40 bits.
  const edges = [
    edge(0, 1, 12),
    edge(2, 3, 12),
    edge(0, 2, 40),
    edge(0, 3, -4),
    edge(1, 2, -4),
    edge(1, 3, -4),
  ];
  expect(clusters(4, edges, { clip: 10 })).toEqual([0, 0, 2, 2]);
  expect(clusters(4, edges, { clip: 50 })).toEqual([0, 0, 0, 0]);
});

it('two nodes that must not share a cluster never do, whatever their neighbours say', () => {
  const found = clusters(3, [edge(0, 1, 9), edge(1, 2, 9), edge(0, 2, Number.NEGATIVE_INFINITY)]);
  expect(found[0]).not.toBe(found[2]);
});

it('nodes that are joined from the start stay joined without any evidence', () => {
  const joined: [number, number][] = [[0, 2]];
  expect([...joinByAverageEvidence({ nodes: 3, edges: [], joined }, linkage)]).toEqual([0, 1, 0]);
});

it('clusters with a contradiction between any two of their members stay apart', () => {
  const edges = [edge(0, 1, 9), edge(1, 2, 8), edge(0, 2, 8)];
  const contradict = (one: number, other: number): boolean => Math.abs(one - other) === 2;
  expect([...joinByAverageEvidence({ nodes: 3, edges, contradict }, linkage)]).toEqual([0, 0, 2]);
});

const secondAccounts = { sourceOf: [0, 1, 2, 0, 1, 2], bits: [-6, -4, 0] };

it('two groups with accounts in the same two sources stay two where both sources hardly have a customer twice', () => {
  // Nodes 0, 1 and 3, 4: erp and shop twice. Two good pairs in each group, 3 bits for in each of the four pairs between them.
  const within = [edge(0, 1, 9), edge(3, 4, 9)];
  const between = [edge(0, 3, 3), edge(0, 4, 3), edge(1, 3, 3), edge(1, 4, 3)];
  const nodes = { nodes: 6, edges: [...within, ...between] };
  expect([...joinByAverageEvidence(nodes, linkage)]).toEqual([0, 0, 2, 0, 0, 5]);
  // One of the four pairs is within shop: three quarters of its 4 bits are missing in the average, and 3 - 3 is not above 0.
  expect([...joinByAverageEvidence({ ...nodes, secondAccounts }, linkage)]).toEqual([0, 0, 2, 3, 3, 5]);
  // Where shop is full of second accounts, erp alone is left, and that is in the average.
  const bits = [-6, 0, 0];
  expect([
    ...joinByAverageEvidence({ ...nodes, secondAccounts: { ...secondAccounts, bits } }, linkage),
  ]).toEqual([0, 0, 2, 0, 0, 5]);
});

it('a second account in one source alone is judged by its pairs', () => {
  const edges = [edge(0, 1, 9), edge(0, 3, 1), edge(1, 3, 1)];
  expect([...joinByAverageEvidence({ nodes: 6, edges, secondAccounts }, linkage)]).toEqual([
    0, 0, 2, 0, 4, 5,
  ]);
});

it('a certain link joins no two groups whose second accounts say more than the surest pair can', () => {
  const certain: [number, number][] = [
    [0, 1],
    [3, 4],
    [0, 4],
  ];
  const found = (bits: readonly number[]) => [
    ...joinByAverageEvidence(
      { nodes: 6, edges: [], certain, secondAccounts: { ...secondAccounts, bits } },
      linkage,
    ),
  ];
  // The weaker of the two counts in full: 10 bits, the clip, against 9 or 11.
  expect(found([-12, -9, 0])).toEqual([0, 0, 2, 0, 0, 5]);
  expect(found([-12, -11, 0])).toEqual([0, 0, 2, 3, 3, 5]);
});

it('the order of the edges, and which end comes first, changes nothing', () => {
  const graph = fc.uniqueArray(
    fc
      .record({ one: fc.nat(9), other: fc.nat(9), weight: fc.integer({ min: -12, max: 12 }) })
      .filter(({ one, other }) => one < other),
    { selector: ({ one, other }) => `${one} ${other}`, maxLength: 40 },
  );
  fc.assert(
    fc.property(
      graph.chain((edges) =>
        fc.tuple(fc.constant(edges), fc.shuffledSubarray(edges, { minLength: edges.length })),
      ),
      ([edges, shuffled]) => {
        const turned = shuffled.map(({ one, other, weight }) => edge(other, one, weight));
        expect(clusters(10, turned)).toEqual(clusters(10, edges));
        const sources = {
          sourceOf: Array.from({ length: 10 }, (_, node) => node % 3),
          bits: [-1, -2, -3],
        };
        const withSources = (given: readonly Edge[]) => [
          ...joinByAverageEvidence({ nodes: 10, edges: given, secondAccounts: sources }, linkage),
        ];
        expect(withSources(turned)).toEqual(withSources(edges));
      },
    ),
    { numRuns: 200, seed: 20240101 },
  );
});
