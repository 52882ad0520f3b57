import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteText } from '../../../connectors/engines/quote.ts';
import { readNumbers } from './duckdb-rows.ts';
import type { BlockingRule } from './settings.ts';

/** What a blocking rule found, and what it did not look at. */
export interface BlockingReport {
  rule: string;
  /** Pairs that share a key of this rule. */
  pairs: number;
  /** Those that no earlier rule found. */
  newPairs: number;
  /** Accounts in the largest block that was compared. */
  largestBlock: number;
  /** Blocks that were too large, and the accounts in them: they are not compared under this rule. */
  blocksLeftOut: number;
  accountsLeftOut: number;
}

export interface BlockLimits {
  largestBlock: number;
  /** Pairs that this rule may give. */
  pairs: number;
}

/**
 * Adds the rule's keys to block_keys (rule, key, node). Blocks that are too large are split by the rule's second key;
 * what is still too large, or more pairs than the rule may give, is left out, largest blocks first.
 */
export async function addBlockKeys(
  connection: DuckDBConnection,
  rule: BlockingRule,
  index: number,
  limits: BlockLimits,
): Promise<BlockingReport> {
  const salt = quoteText(String(index));
  const refined =
    rule.refine === undefined
      ? 'null::ubigint'
      : `case when (${rule.refine}) is not null then hash(${salt}, ${rule.key}, ${rule.refine}) end`;
  await connection.run(`create or replace temp table rule_keys as
    with keyed as (
      select node, hash(${salt}, ${rule.key}) as key, ${refined} as refined from accounts where (${rule.key}) is not null
    ),
    sized as (select node, key, refined, count(*) over (partition by key) as size from keyed)
    select node, case when size <= ${limits.largestBlock} then key else refined end as key, key as whole_key
    from sized
    where size > 1`);
  await connection.run(`create or replace temp table rule_blocks as
    select key, count(*) as size from rule_keys where key is not null group by key having count(*) > 1`);
  const sizes = await readNumbers(
    connection,
    'select size, count(*) from rule_blocks group by size order by size',
  );
  const report = {
    rule: rule.name,
    pairs: 0,
    newPairs: 0,
    largestBlock: 0,
    blocksLeftOut: 0,
    accountsLeftOut: 0,
  };
  for (const [size = 0, blocks = 0] of sizes) {
    const more = (blocks * size * (size - 1)) / 2;
    if (report.blocksLeftOut === 0 && size <= limits.largestBlock && report.pairs + more <= limits.pairs) {
      report.pairs += more;
      report.largestBlock = size;
    } else {
      report.blocksLeftOut += blocks;
      report.accountsLeftOut += blocks * size;
    }
  }
  const [[wholeBlocks = 0, accounts = 0] = []] = await readNumbers(
    connection,
    'select count(distinct whole_key), count(*) from rule_keys where key is null',
  );
  report.blocksLeftOut += wholeBlocks;
  report.accountsLeftOut += accounts;
  await connection.run(`insert into block_keys
    select ${index}, keys.key, keys.node
    from rule_keys as keys
    inner join rule_blocks as block on block.key = keys.key
    where block.size <= ${report.largestBlock}`);
  return report;
}
