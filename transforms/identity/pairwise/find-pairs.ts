import type { DuckDBConnection } from '@duckdb/node-api';
import { addBlockKeys, type BlockingReport } from './block-keys.ts';
import { countOf, readNumbers } from './duckdb-rows.ts';
import type { BlockingRule, Comparison, PairwiseSettings } from './settings.ts';

/**
 * Leaves a table pairs (l, r, rule, free) of the accounts worth comparing, each pair once: `rule` is the first rule that
 * finds it, bit i of `free` is set where some rule that finds it says nothing about comparison i. All pairs where
 * they are no more than the rules may give.
 */
export async function findPairs(
  connection: DuckDBConnection,
  settings: PairwiseSettings,
  comparisons: readonly Comparison[],
): Promise<BlockingReport[]> {
  const accounts = await countOf(connection, 'accounts');
  const allPairs = (accounts * (accounts - 1)) / 2;
  if (allPairs <= settings.randomPairs) {
    await connection.run(`create or replace temp table pairs as
      select l.node as l, r.node as r, 0 as rule, ${2 ** comparisons.length - 1}::bigint as free
      from accounts as l inner join accounts as r on l.node < r.node`);
    const whole = { largestBlock: accounts, blocksLeftOut: 0, accountsLeftOut: 0 };
    return [{ rule: 'all pairs', pairs: allPairs, newPairs: allPairs, ...whole }];
  }
  await connection.run('create or replace temp table block_keys (rule utinyint, key ubigint, node integer)');
  const reports: BlockingReport[] = [];
  const mostPairs = Math.max(settings.fewestPairs, settings.pairsPerAccount * accounts);
  const mostLoose = Math.max(settings.fewestPairs / 8, mostPairs / 20);
  let budget = mostPairs;
  for (const [index, rule] of settings.blocking.entries()) {
    const report = await addBlockKeys(connection, rule, index, {
      largestBlock: settings.largestBlock,
      pairs: Math.min(budget, rule.isLoose ? mostLoose : mostPairs / 5),
    });
    budget -= report.pairs;
    reports.push(report);
  }
  const free = settings.blocking.map((rule, index) => `when ${index} then ${freeOf(rule, comparisons)}`);
  await connection.run(`create or replace temp table pairs as
    select l, r, min(rule) as rule, bit_or(free) as free
    from (
      select l.node as l, r.node as r, l.rule, (case l.rule ${free.join(' ')} end)::bigint as free
      from block_keys as l
      inner join block_keys as r on l.rule = r.rule and l.key = r.key and l.node < r.node
    )
    group by l, r`);
  await connection.run('drop table block_keys');
  for (const [rule = 0, pairs = 0] of await readNumbers(
    connection,
    'select rule, count(*) from pairs group by rule',
  )) {
    const report = reports[rule];
    if (report !== undefined) report.newPairs = pairs;
  }
  return reports;
}

function freeOf({ uses }: BlockingRule, comparisons: readonly Comparison[]): number {
  return comparisons.reduce((bits, { name }, index) => bits + (uses.includes(name) ? 0 : 2 ** index), 0);
}
