import type { DuckDBConnection } from '@duckdb/node-api';
import { type Component, type Edge, joinByAverageEvidence, type Linkage } from './average-evidence.ts';
import { Connected } from './connected.ts';
import { contradictionValues } from './contradiction-values.ts';
import type { Contradiction } from './contradictions.ts';
import { forEachChunk, NumberColumn } from './duckdb-rows.ts';
import { readSources } from './second-accounts.ts';

export interface ClusterInput {
  accounts: number;
  /** Nodes; a person's word for one customer, and for two. */
  mustLink: readonly (readonly [number, number])[];
  /** Nodes that certain rules link, surest first. */
  certain: readonly (readonly [number, number])[];
  cannotLink: readonly (readonly [number, number])[];
  contradictions: readonly Contradiction[];
  linkage: Linkage;
  /** By source, evidence in bits of a second account in it; see bitsOfSecondAccounts. */
  secondAccounts: ReadonlyMap<string, number>;
  /** Larger candidate components are cut at their weakest links until they are no larger. */
  largestComponent: number;
  /** What is known from the night before: only components that hold an account of `seeds` are clustered anew. */
  before?: { clusters: Int32Array; seeds: Iterable<number> } | undefined;
}

export interface Clusters {
  /** By node: the smallest node of its customer. */
  clusters: Int32Array;
  /** By node: the smallest node of the accounts that chains of pairs above the cut lead to. */
  components: Int32Array;
}

/**
 * Clusters the accounts by the table scored (l, r, weight), weight in bits above the cut. Only pairs above the cut join accounts to a candidate component; inside it every scored pair counts.
 */
export async function clusterAccounts(connection: DuckDBConnection, input: ClusterInput): Promise<Clusters> {
  const { accounts, linkage, before } = input;
  const { component, uncut } = await candidateComponents(connection, input);
  const isTouched = touchedNodes(uncut, before?.seeds);
  if (before !== undefined) await writeTouched(connection, uncut, isTouched);
  const within = before === undefined ? 'true' : 'node in (select node from touched_nodes)';
  const edges = await edgesWithin(connection, component, before !== undefined);
  const values = await contradictionValues(connection, input.contradictions, within);
  const members = groupBy(component, accounts);
  const sources = await readSources(connection, input.secondAccounts, accounts, within);
  const cluster = Int32Array.from({ length: accounts }, (_, node) =>
    isTouched(node) ? node : (before?.clusters[node] ?? node),
  );
  const place = new Int32Array(accounts);
  const joined = byComponent(input.mustLink, component);
  const certain = byComponent(input.certain, component);
  const forbidden = byComponent(input.cannotLink, component);
  for (const root of new Set([...edges.rangeOf.keys(), ...joined.keys(), ...certain.keys()])) {
    if (!isTouched(root)) continue;
    const [first, end] = edges.rangeOf.get(root) ?? [0, 0];
    const nodes = members.of(root);
    for (const [index, node] of nodes.entries()) place[node] = index;
    const local: Edge[] = [];
    for (let index = first; index < end; index += 1) local.push(edges.at(index, place));
    for (const [one, other] of forbidden.get(root) ?? []) {
      local.push({ one: place[one] ?? 0, other: place[other] ?? 0, weight: Number.NEGATIVE_INFINITY });
    }
    const task: Component = {
      nodes: nodes.length,
      edges: local,
      joined: (joined.get(root) ?? []).map(([one, other]) => [place[one] ?? 0, place[other] ?? 0]),
      certain: (certain.get(root) ?? []).map(([one, other]) => [place[one] ?? 0, place[other] ?? 0]),
      contradict: (one, other) => values.contradict(nodes[one] ?? 0, nodes[other] ?? 0) !== undefined,
      secondAccounts: sources && {
        ...sources,
        sourceOf: Array.from(nodes, (node) => sources.sourceOf[node] ?? -1),
      },
    };
    const found = joinByAverageEvidence(task, linkage);
    for (const [index, node] of nodes.entries()) cluster[node] = nodes[found[index] ?? 0] ?? node;
  }
  return { clusters: cluster, components: component };
}

/** Accounts whose component, before anything is cut from it, holds a seed; all of them where nothing is known from before. */
function touchedNodes(uncut: Int32Array, seeds: Iterable<number> | undefined): (node: number) => boolean {
  if (seeds === undefined) return () => true;
  const roots = new Uint8Array(uncut.length);
  for (const seed of seeds) roots[uncut[seed] ?? 0] = 1;
  return (node) => roots[uncut[node] ?? 0] === 1;
}

async function writeTouched(
  connection: DuckDBConnection,
  uncut: Int32Array,
  isTouched: (node: number) => boolean,
): Promise<void> {
  await connection.run('create or replace temp table touched_nodes (node integer)');
  const appender = await connection.createAppender('touched_nodes');
  for (let node = 0; node < uncut.length; node += 1) {
    if (!isTouched(node)) continue;
    appender.appendInteger(node);
    appender.endRow();
  }
  appender.closeSync();
}

interface CandidateComponents {
  component: Int32Array;
  /** As they were before the large ones were cut. */
  uncut: Int32Array;
}

async function candidateComponents(
  connection: DuckDBConnection,
  { accounts, mustLink, certain, largestComponent }: ClusterInput,
): Promise<CandidateComponents> {
  const [one, other, weight] = [new NumberColumn(), new NumberColumn(), new NumberColumn()];
  await forEachChunk(connection, 'select l, r, weight from scored where weight > 0', (chunk, rows) => {
    for (let row = 0; row < rows; row += 1) {
      one.push(Number(chunk[0]?.[row]));
      other.push(Number(chunk[1]?.[row]));
      weight.push(Number(chunk[2]?.[row]));
    }
  });
  const [left, right, bits] = [one.values(), other.values(), weight.values()];
  const component = new Int32Array(accounts);
  let uncut: Int32Array | undefined;
  let tooLarge: Uint8Array | undefined;
  // Each round leaves out the weakest links, of the components that are too large only.
  for (let floor = 0; ; floor += 2) {
    const connected = new Connected(accounts);
    for (const [from, to] of mustLink) connected.connect(from, to);
    for (const [from, to] of certain) connected.connect(from, to);
    for (let index = 0; index < left.length; index += 1) {
      const from = left[index] ?? 0;
      const isKept =
        tooLarge?.[component[from] ?? 0] === 1
          ? (bits[index] ?? 0) > floor
          : component[from] === component[right[index] ?? 0] || floor === 0;
      if (isKept) connected.connect(from, right[index] ?? 0);
    }
    const sizes = new Int32Array(accounts);
    for (let node = 0; node < accounts; node += 1) {
      const root = connected.rootOf(node);
      component[node] = root;
      sizes[root] = (sizes[root] ?? 0) + 1;
    }
    uncut ??= component.slice();
    if (sizes.every((size) => size <= largestComponent) || floor > 60) return { component, uncut };
    tooLarge = Uint8Array.from(sizes, (size) => (size > largestComponent ? 1 : 0));
  }
}

interface EdgesByComponent {
  /** By component: where its edges start and end. */
  rangeOf: Map<number, [first: number, end: number]>;
  at: (index: number, place: Int32Array) => Edge;
}

/** Edges of the nodes that share a component, sorted by it. */
async function edgesWithin(
  connection: DuckDBConnection,
  component: Int32Array,
  onlyTouched: boolean,
): Promise<EdgesByComponent> {
  const touched = 'in (select node from touched_nodes)';
  const where = onlyTouched ? `where l ${touched} and r ${touched}` : '';
  const [one, other, weight] = [new NumberColumn(), new NumberColumn(), new NumberColumn()];
  await forEachChunk(connection, `select l, r, weight from scored ${where}`, (chunk, rows) => {
    for (let row = 0; row < rows; row += 1) {
      const [left, right] = [Number(chunk[0]?.[row]), Number(chunk[1]?.[row])];
      if (component[left] !== component[right]) continue;
      one.push(left);
      other.push(right);
      weight.push(Number(chunk[2]?.[row]));
    }
  });
  const [left, right, bits] = [one.values(), other.values(), weight.values()];
  const rootOf = (index: number): number => component[left[index] ?? 0] ?? 0;
  const order = Uint32Array.from({ length: left.length }, (_, index) => index).sort(
    (a, b) => rootOf(a) - rootOf(b),
  );
  const rangeOf = new Map<number, [number, number]>();
  for (let index = 0; index < order.length; index += 1) {
    const root = rootOf(order[index] ?? 0);
    const range = rangeOf.get(root);
    if (range === undefined) rangeOf.set(root, [index, index + 1]);
    else range[1] = index + 1;
  }
  const at = (index: number, place: Int32Array): Edge => {
    const edge = order[index] ?? 0;
    return {
      one: place[left[edge] ?? 0] ?? 0,
      other: place[right[edge] ?? 0] ?? 0,
      weight: bits[edge] ?? 0,
    };
  };
  return { rangeOf, at };
}

/** The nodes of each component in ascending order, without a list for every one of them. */
function groupBy(component: Int32Array, accounts: number): { of: (root: number) => Int32Array } {
  const start = new Int32Array(accounts + 1);
  for (let node = 0; node < accounts; node += 1) {
    const root = component[node] ?? 0;
    start[root + 1] = (start[root + 1] ?? 0) + 1;
  }
  for (let root = 0; root < accounts; root += 1)
    start[root + 1] = (start[root + 1] ?? 0) + (start[root] ?? 0);
  const next = start.slice();
  const nodes = new Int32Array(accounts);
  for (let node = 0; node < accounts; node += 1) {
    const root = component[node] ?? 0;
    const at = next[root] ?? 0;
    nodes[at] = node;
    next[root] = at + 1;
  }
  return { of: (root) => nodes.subarray(start[root] ?? 0, start[root + 1] ?? 0) };
}

function byComponent(
  pairs: readonly (readonly [number, number])[],
  component: Int32Array,
): Map<number, (readonly [number, number])[]> {
  const grouped = new Map<number, (readonly [number, number])[]>();
  for (const pair of pairs) {
    const root = component[pair[0]] ?? 0;
    if (root !== component[pair[1]]) continue;
    const known = grouped.get(root);
    if (known === undefined) grouped.set(root, [pair]);
    else known.push(pair);
  }
  return grouped;
}
