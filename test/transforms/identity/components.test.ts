import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { components } from '../../../transforms/identity/components.ts';
import { openState } from '../hand-made-company.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await openState();
  await engine.run('create schema identity');
});

afterAll(() => engine.close());

async function componentsOf(nodes: number, edges: readonly (readonly [number, number])[]): Promise<number[]> {
  await engine.run(
    `create or replace table identity.accounts as select unnest(generate_series(1, ${nodes})) as account_number`,
  );
  await engine.run(
    'create or replace table identity.links (account_number bigint, other_account_number bigint)',
  );
  if (edges.length > 0) {
    const values = edges.map(([one, other]) => `(${Math.min(one, other)}, ${Math.max(one, other)})`);
    await engine.run(`insert into identity.links values ${values.join(', ')}`);
  }
  await components.build(engine);
  const rows = await engine.query('select component from identity.components order by account_number');
  return rows.map((row) => Number(row.component));
}

/** The textbook's union-find, with which the SQL is compared. */
function unionFind(nodes: number, edges: readonly (readonly [number, number])[]): number[] {
  const parent = Array.from({ length: nodes + 1 }, (_, node) => node);
  const root = (node: number): number => {
    const up = parent[node] ?? node;
    return up === node ? node : root(up);
  };
  for (const [one, other] of edges) {
    const [low, high] = [Math.min(root(one), root(other)), Math.max(root(one), root(other))];
    parent[high] = low;
  }
  return Array.from({ length: nodes }, (_, index) => root(index + 1));
}

it('accounts that any chain of links joins are one component, as union-find says', async () => {
  const graph = fc.integer({ min: 1, max: 40 }).chain((nodes) => {
    const node = fc.integer({ min: 1, max: nodes });
    const edge = fc.tuple(node, node).filter(([one, other]) => one !== other);
    const edges = nodes === 1 ? fc.constant<[number, number][]>([]) : fc.array(edge, { maxLength: 40 });
    return fc.record({ nodes: fc.constant(nodes), edges });
  });
  await fc.assert(
    fc.asyncProperty(graph, async ({ nodes, edges }) => {
      expect(await componentsOf(nodes, edges)).toEqual(unionFind(nodes, edges));
    }),
    { numRuns: 15, seed: 20240101 },
  );
});

it('a long chain whose numbers go to and fro is one component', async () => {
  const order = Array.from({ length: 400 }, (_, index) => ((index * 149) % 400) + 1);
  const edges = order.slice(1).map((node, index) => [order[index] ?? 0, node] as const);
  expect(new Set(await componentsOf(400, edges))).toEqual(new Set([1]));
});

it('a star around the largest number is one component', async () => {
  const edges = Array.from({ length: 299 }, (_, index) => [index + 1, 300] as const);
  expect(new Set(await componentsOf(300, edges))).toEqual(new Set([1]));
});
