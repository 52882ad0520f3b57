import type { Scratch } from '../../../connectors/engines/scratch.ts';
import { clusterAccounts } from '../pairwise/cluster-accounts.ts';
import { readNumbers } from '../pairwise/duckdb-rows.ts';
import type { Resolution } from '../pairwise/resolve.ts';
import type { PairwiseSettings } from '../pairwise/settings.ts';
import { bitsOfSecondAccounts } from '../pairwise/source-comparison.ts';

/**
 * Makes customers of the scored pairs of the scratch under another cut, with the same decisions, certain links and
 * contradictions. Leaves a table reclustered (node, customer_id), and its own view of scored.
 */
export async function clusterAt(
  { connection }: Scratch,
  settings: PairwiseSettings,
  found: Resolution,
  bits: number,
): Promise<void> {
  const pairsOf = async (sql: string): Promise<[number, number][]> =>
    (await readNumbers(connection, sql)).map(([l = 0, r = 0]) => [l, r]);
  await connection.run(`create temp table if not exists evidence as select l, r, weight + ${found.cut.bits}::double as bits from scored;
    create or replace temp view scored as select l, r, bits - ${bits}::double as weight from evidence`);
  const { clusters } = await clusterAccounts(connection, {
    accounts: found.accounts,
    mustLink: await pairsOf('select l, r from must_links order by l, r'),
    cannotLink: await pairsOf('select l, r from cannot_links order by l, r'),
    certain: await pairsOf('select l, r from certain group by l, r order by min(place), l, r'),
    contradictions: found.contradictions,
    secondAccounts: bitsOfSecondAccounts(found.model),
    linkage: settings.linkage,
    largestComponent: settings.largestComponent,
  });
  await connection.run('create or replace temp table reclustered (node integer, customer_id integer)');
  const appender = await connection.createAppender('reclustered', null, 'temp');
  for (const [node, cluster] of clusters.entries()) {
    appender.appendInteger(node);
    appender.appendInteger(cluster);
    appender.endRow();
  }
  appender.closeSync();
}
