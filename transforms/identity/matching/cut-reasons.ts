import type { DuckDBConnection } from '@duckdb/node-api';
import { contradictionValues } from '../pairwise/contradiction-values.ts';
import { readNumbers } from '../pairwise/duckdb-rows.ts';
import type { Resolution } from '../pairwise/resolve.ts';

/**
 * Leaves a table cut_reasons (l, r, reason, is_direct) that says for each of cut_pairs (l, r) why the two are different
 * customers: what the two hold themselves, or else what any two accounts of their customers hold.
 */
export async function explainCuts(
  connection: DuckDBConnection,
  { clusters, components, contradictions }: Resolution,
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
  const values = await contradictionValues(
    connection,
    contradictions,
    'node in (select node from cut_nodes)',
  );
  const reasonFor = (one: number, other: number): string | undefined =>
    apart.has(keyOf(one, other)) ? 'cannot_link' : values.contradict(one, other);
  const reasons = await connection.createAppender('cut_reasons');
  for (const [l = 0, r = 0] of pairs) {
    const direct = reasonFor(l, r);
    const [ones, others] = [members.get(clusters[l] ?? l) ?? [], members.get(clusters[r] ?? r) ?? []];
    const other = components[l] === components[r] ? 'average_evidence' : 'component';
    reasons.appendInteger(l);
    reasons.appendInteger(r);
    reasons.appendVarchar(direct ?? firstReason(ones, others, reasonFor) ?? other);
    reasons.appendBoolean(direct !== undefined);
    reasons.endRow();
  }
  reasons.closeSync();
  await connection.run('drop table cut_nodes');
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
