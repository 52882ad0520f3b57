import type { DuckDBConnection } from '@duckdb/node-api';
import { contradictionValues } from '../pairwise/contradiction-values.ts';
import { readNumbers } from '../pairwise/duckdb-rows.ts';
import type { Resolution } from '../pairwise/resolve.ts';
import {
  bothCounts,
  countOfNode,
  missingInAverage,
  readSources,
  type SecondAccounts,
} from '../pairwise/second-accounts.ts';
import { bitsOfSecondAccounts } from '../pairwise/source-comparison.ts';

/**
 * Leaves a table cut_reasons (l, r, reason, is_direct) that says for each of cut_pairs (l, r) why the two are different
 * customers: what the two hold themselves, or else what any two accounts of their customers hold.
 */
export async function explainCuts(
  connection: DuckDBConnection,
  { accounts, clusters, components, contradictions, model }: Resolution,
  cannotLink: readonly (readonly [number, number])[],
): Promise<void> {
  await connection.run(
    'create or replace temp table cut_reasons (l integer, r integer, reason varchar, is_direct boolean)',
  );
  const pairs = await readNumbers(connection, 'select l, r from cut_pairs order by l, r');
  if (pairs.length === 0) return;
  const apart = new Set(cannotLink.map(([one, other]) => keyOf(one, other)));
  const members = membersOf(clusters, new Set(pairs.flat().map((node) => clusters[node] ?? node)));
  await connection.run('create or replace temp table cut_nodes (node integer)');
  const nodes = await connection.createAppender('cut_nodes');
  for (const list of members.values()) {
    for (const node of list) {
      nodes.appendInteger(node);
      nodes.endRow();
    }
  }
  nodes.closeSync();
  const inCut = 'node in (select node from cut_nodes)';
  const values = await contradictionValues(connection, contradictions, inCut);
  const sources = await readSources(connection, bitsOfSecondAccounts(model), accounts, inCut);
  const reasonFor = (one: number, other: number): string | undefined =>
    apart.has(keyOf(one, other)) ? 'cannot_link' : values.contradict(one, other);
  const reasons = await connection.createAppender('cut_reasons');
  for (const [l = 0, r = 0] of pairs) {
    const direct = reasonFor(l, r);
    const [ones, others] = [members.get(clusters[l] ?? l) ?? [], members.get(clusters[r] ?? r) ?? []];
    const speakAgainst = sources !== undefined && sayAgainst(sources, ones, others);
    const byEvidence = speakAgainst ? 'second_accounts' : 'average_evidence';
    const other = components[l] === components[r] ? byEvidence : 'component';
    reasons.appendInteger(l);
    reasons.appendInteger(r);
    reasons.appendVarchar(direct ?? firstReason(ones, others, reasonFor) ?? other);
    reasons.appendBoolean(direct !== undefined);
    reasons.endRow();
  }
  reasons.closeSync();
  await connection.run('drop table cut_nodes');
}

/** Whether second accounts in several sources speak against two customers being one. */
function sayAgainst(sources: SecondAccounts, ones: readonly number[], others: readonly number[]): boolean {
  const [left, right] = [ones, others].map((nodes) =>
    nodes.map((node) => countOfNode(sources, node)).reduce(bothCounts, new Map()),
  );
  return left !== undefined && right !== undefined && missingInAverage(sources, left, right) < 0;
}

function keyOf(one: number, other: number): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}

function firstReason(
  ones: readonly number[],
  others: readonly number[],
  reasonFor: (one: number, other: number) => string | undefined,
): string | undefined {
  for (const one of ones) {
    for (const other of others) {
      const reason = reasonFor(one, other);
      if (reason !== undefined) return reason;
    }
  }
  return undefined;
}

function membersOf(clusters: Int32Array, wanted: ReadonlySet<number>): Map<number, number[]> {
  const members = new Map<number, number[]>();
  for (const [node, cluster] of clusters.entries()) {
    if (!wanted.has(cluster)) continue;
    const known = members.get(cluster);
    if (known === undefined) members.set(cluster, [node]);
    else known.push(node);
  }
  return members;
}
