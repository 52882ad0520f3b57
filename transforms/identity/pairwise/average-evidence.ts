import { CandidateQueue } from './candidate-queue.ts';
import {
  bothCounts,
  countOfNode,
  missingInAverage,
  type SecondAccounts,
  type SourceCounts,
} from './second-accounts.ts';

export interface Edge {
  /** Numbers of two nodes of the component, from 0. */
  one: number;
  other: number;
  /** Evidence in bits above the cut; -Infinity for two that must not share a cluster. */
  weight: number;
}

export interface Linkage {
  /** Evidence of one pair counts at most so many bits for or against. */
  clip: number;
  /** What a pair that was never compared counts: mild evidence against. */
  unscored: number;
}

export interface Component {
  nodes: number;
  edges: readonly Edge[];
  /** Nodes that are one cluster from the start, by decision; only an edge of -Infinity keeps them apart. */
  joined?: readonly (readonly [number, number])[];
  /**
   * Nodes that a certain rule links, surest first: one cluster from the start unless something contradicts, or second accounts say
   * more against it than the surest pair can say for it; then the evidence decides.
   */
  certain?: readonly (readonly [number, number])[];
  /** True if what two nodes hold keeps their clusters apart. */
  contradict?: (one: number, other: number) => boolean;
  secondAccounts?: SecondAccounts | undefined;
}

/**
 * Average linkage: starting with every node alone, joins the two clusters with the highest average evidence over all
 * their pairs while that is above 0. A chain of good pairs does not hold a cluster together when most pairs of
 * it speak against, and neither does evidence between single accounts hold clusters together that have several sources in common which
 * hardly hold a customer twice. Gives each node the smallest node of its cluster.
 */
export function joinByAverageEvidence(component: Component, linkage: Linkage): Int32Array {
  const { nodes, contradict, secondAccounts } = component;
  const clusters = Array.from(
    { length: nodes },
    (_, node): Cluster => ({
      members: [node],
      links: new Map(),
      version: 0,
      sources: secondAccounts === undefined ? noSources : countOfNode(secondAccounts, node),
    }),
  );
  const at = (place: number): Cluster => clusters[place] as Cluster;
  for (const { one, other, weight } of component.edges) {
    const sum =
      weight === Number.NEGATIVE_INFINITY ? weight : Math.max(-linkage.clip, Math.min(linkage.clip, weight));
    const link = { sum, scored: 1 };
    at(one).links.set(other, link);
    at(other).links.set(one, link);
  }
  const place = Int32Array.from({ length: nodes }, (_, node) => node);
  for (const pair of component.joined ?? []) joinFromTheStart(pair, false);
  for (const pair of component.certain ?? []) joinFromTheStart(pair, true);
  const queue = new CandidateQueue();
  for (const [low, { links }] of clusters.entries())
    for (const high of links.keys()) if (low < high) offer(low, high);
  for (let best = queue.pop(); best !== undefined; best = queue.pop()) {
    const { low, high } = best;
    if (best.lowVersion !== at(low).version || best.highVersion !== at(high).version) continue;
    if (contradict !== undefined && anyPair(at(low).members, at(high).members, contradict)) continue;
    // The one with fewer links is moved, so that each link moves a logarithmic number of times.
    const [kept, moved] = at(low).links.size >= at(high).links.size ? [low, high] : [high, low];
    join(kept, moved);
    for (const other of at(kept).links.keys()) offer(kept, other);
  }
  const first = new Int32Array(nodes);
  for (const { members } of clusters) {
    const smallest = members.reduce((least, node) => Math.min(least, node), nodes);
    for (const node of members) first[node] = smallest;
  }
  return first;

  function joinFromTheStart([one, other]: readonly [number, number], unlessContradicted: boolean): void {
    const [first, second] = [place[one] ?? one, place[other] ?? other];
    if (first === second || at(first).links.get(second)?.sum === Number.NEGATIVE_INFINITY) return;
    const [to, from] =
      at(first).members.length >= at(second).members.length ? [first, second] : [second, first];
    if (unlessContradicted && contradict && anyPair(at(to).members, at(from).members, contradict)) return;
    if (unlessContradicted && linkage.clip + missing(to, from) < 0) return;
    for (const node of at(from).members) place[node] = to;
    join(to, from);
  }

  function offer(one: number, other: number): void {
    const average = averageEvidence(at(one), at(other), at(one).links.get(other), linkage);
    const value = average + missing(one, other, at(one).members.length * at(other).members.length);
    if (value <= 0) return;
    const [low, high] = one < other ? [one, other] : [other, one];
    queue.push({ value, low, high, lowVersion: at(low).version, highVersion: at(high).version });
  }

  function missing(one: number, other: number, pairs?: number): number {
    if (secondAccounts === undefined) return 0;
    return missingInAverage(secondAccounts, at(one).sources, at(other).sources, pairs);
  }

  function join(kept: number, moved: number): void {
    const { links, members } = at(kept);
    links.delete(moved);
    for (const [other, link] of at(moved).links) {
      if (other === kept) continue;
      const known = links.get(other);
      const both = known ? { sum: known.sum + link.sum, scored: known.scored + link.scored } : link;
      links.set(other, both);
      at(other).links.delete(moved);
      at(other).links.set(kept, both);
    }
    members.push(...at(moved).members);
    at(kept).sources = bothCounts(at(kept).sources, at(moved).sources);
    at(kept).version += 1;
    clusters[moved] = { members: [], links: new Map(), version: -1, sources: noSources };
  }
}

interface Cluster {
  members: number[];
  /** To other clusters: the sum of the evidence of the pairs that were scored, and their number. */
  links: Map<number, Link>;
  version: number;
  sources: SourceCounts;
}

const noSources: SourceCounts = new Map();

interface Link {
  sum: number;
  scored: number;
}

function averageEvidence(one: Cluster, other: Cluster, link: Link | undefined, linkage: Linkage): number {
  const { unscored } = linkage;
  const pairs = one.members.length * other.members.length;
  const { sum, scored } = link ?? { sum: 0, scored: 0 };
  return (sum + (pairs - scored) * unscored) / pairs;
}

function anyPair(
  ones: readonly number[],
  others: readonly number[],
  holds: (one: number, other: number) => boolean,
): boolean {
  return ones.some((one) => others.some((other) => holds(one, other)));
}
