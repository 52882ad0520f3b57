import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openSession } from '../../../../connectors/engines/duckdb/session.ts';
import {
  type ClusterInput,
  type Clusters,
  clusterAccounts,
} from '../../../../transforms/identity/pairwise/cluster-accounts.ts';

type Pair = readonly [l: number, r: number, weight: number];

let session: Awaited<ReturnType<typeof openSession>>;
let connection: DuckDBConnection;

beforeAll(async () => {
  session = await openSession({ memoryLimit: '1GB', threads: 2 }, 'cluster-test');
  ({ connection } = session);
});

afterAll(() => session.close());

async function clustered(
  accounts: number,
  pairs: readonly Pair[],
  changes: Partial<ClusterInput> = {},
): Promise<Clusters> {
  const values = pairs.map(([l, r, weight]) => `(${l}, ${r}, ${weight}::double)`).join(', ');
  await connection.run(`create or replace temp table scored as
    select l::integer as l, r::integer as r, weight from (values ${values}) as pair (l, r, weight)`);
  await connection.run(
    `create or replace temp table accounts as select range::integer as node, 'shop' as source from range(${accounts})`,
  );
  return clusterAccounts(connection, {
    accounts,
    mustLink: [],
    certain: [],
    cannotLink: [],
    contradictions: [],
    linkage: { clip: 10, unscored: -1 },
    secondAccounts: new Map(),
    largestComponent: 100,
    ...changes,
  });
}

/** Two groups of three and one of two, each held together by more than the bridges of 1 and 3 bits between them. */
const bridged: Pair[] = [
  ...([
    [0, 1, 9],
    [0, 2, 9],
    [1, 2, 9],
  ] as const),
  [2, 3, 1],
  ...([
    [3, 4, 9],
    [3, 5, 9],
    [4, 5, 9],
  ] as const),
  [5, 6, 3],
  [6, 7, 9],
];

it('what hangs together is cut at its weakest bridges, until no part is too large', async () => {
  const componentsUpTo = async (largestComponent: number): Promise<number[]> => [
    ...(await clustered(8, bridged, { largestComponent })).components,
  ];
  expect(await componentsUpTo(8)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  expect(await componentsUpTo(5)).toEqual([0, 0, 0, 3, 3, 3, 3, 3]);
  expect(await componentsUpTo(3)).toEqual([0, 0, 0, 3, 3, 3, 6, 6]);
});

it('a weak link is cut only where it holds too many accounts together', async () => {
  const apart: Pair[] = [...bridged, [8, 9, 0.5]];
  const { clusters, components } = await clustered(10, apart, { largestComponent: 3 });
  expect([...components]).toEqual([0, 0, 0, 3, 3, 3, 6, 6, 8, 8]);
  expect([...clusters]).toEqual([0, 0, 0, 3, 3, 3, 6, 6, 8, 8]);
});

it('pairs forged to be equally good give the same customers in every order of their rows', async () => {
  const accounts = 9;
  const pairs = Array.from({ length: accounts }, (_, l) =>
    Array.from({ length: accounts - l - 1 }, (_, next): readonly [number, number] => [l, l + next + 1]),
  ).flat();
  await fc.assert(
    fc.asyncProperty(
      // Few weights, so that most choices are ties.
      fc.array(fc.constantFrom(-2, 0, 2), { minLength: pairs.length, maxLength: pairs.length }),
      fc.shuffledSubarray(
        pairs.map((_, index) => index),
        { minLength: pairs.length },
      ),
      fc.constantFrom(3, 100),
      async (weights, order, largestComponent) => {
        const scored = pairs.map(([l, r], index): Pair => [l, r, weights[index] ?? 0]);
        const shuffled = order.map((index) => scored[index] as Pair);
        const first = await clustered(accounts, scored, { largestComponent });
        expect(await clustered(accounts, shuffled, { largestComponent })).toEqual(first);
      },
    ),
    { numRuns: 25, seed: 20240101 },
  );
});
