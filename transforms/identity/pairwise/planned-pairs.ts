import type { DuckDBConnection } from '@duckdb/node-api';
import type { BlockingReport } from './block-keys.ts';
import { countOf, readNumbers } from './duckdb-rows.ts';
import { type BlockingPlan, blocksOf, keyAccounts } from './live-blocks.ts';
import type { PairwiseSettings } from './settings.ts';

/** What the rules did when the plan was made is what they do from then on. */
export function planOf(reports: readonly BlockingReport[]): BlockingPlan {
  return new Map(reports.map(({ rule, largestBlock }) => [rule, largestBlock]));
}

/** The plan that holds where the model was learned on all pairs and there are more accounts since then. */
export function everyBlock({ blocking, largestBlock }: PairwiseSettings): BlockingPlan {
  return new Map(blocking.map(({ name }) => [name, largestBlock]));
}

/**
 * findPairs under a plan that was made before: leaves the table pairs (l, r, rule, free) with the pairs of every block
 * that the plan lets in, whatever that costs tonight, so that a night gives the pairs that a whole run gives. whole_keys and live_keys (rule, key, node) stay.
 */
export async function findPlannedPairs(
  connection: DuckDBConnection,
  settings: PairwiseSettings,
  plan: BlockingPlan,
): Promise<BlockingReport[]> {
  await keyAccounts(connection, settings);
  await connection.run(`create or replace temp table blocks as
    ${blocksOf('whole_keys', settings, plan)}`);
  await connection.run(
    `create or replace temp table live_keys as select rule, key, node from blocks where is_live`,
  );
  const counted = await readNumbers(
    connection,
    `select rule, coalesce(sum(case when is_live then (size - 1) / 2 end), 0),
       coalesce(max(case when is_live then size end), 0),
       count(distinct case when not is_live then key end), count(case when not is_live then 1 end)
     from blocks group by rule`,
  );
  await connection.run('drop table blocks');
  const reports = settings.blocking.map(({ name }, index): BlockingReport => {
    const [, pairs = 0, largestBlock = 0, blocksLeftOut = 0, accountsLeftOut = 0] =
      counted.find(([rule]) => rule === index) ?? [];
    return { rule: name, pairs, newPairs: 0, largestBlock, blocksLeftOut, accountsLeftOut };
  });
  await connection.run(`create or replace temp table pairs as
    select l.node as l, r.node as r, min(l.rule) as rule, 0::bigint as free
    from live_keys as l
    inner join live_keys as r on l.rule = r.rule and l.key = r.key and l.node < r.node
    group by all`);
  const newPairs = await readNumbers(connection, 'select rule, count(*) from pairs group by rule');
  for (const [rule = 0, pairs = 0] of newPairs) {
    const report = reports[rule];
    if (report !== undefined) report.newPairs = pairs;
  }
  return reports;
}

/** Whether all pairs are compared, as findPairs decides it. */
export async function areAllPairsCompared(
  connection: DuckDBConnection,
  { randomPairs }: PairwiseSettings,
): Promise<boolean> {
  const accounts = await countOf(connection, 'accounts');
  return (accounts * (accounts - 1)) / 2 <= randomPairs;
}
