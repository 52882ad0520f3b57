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
 * Adds the rule's keys to block_keys (rule, key, node). The rule has one limit of accounts per block, the largest under which its
 * pairs stay within what it may give: blocks above it are split by the rule's second key, and what is still above it is left out.
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
    select node, key, refined, size, case when refined is not null then count(*) over (partition by refined) else 0 end as refined_size
    from sized
    where size > 1`);
  const counts = await readNumbers(
    connection,
    'select size, refined_size, count(*) from rule_keys group by all order by all',
  );
  const limit = largestWithin(counts, limits);
  const isWhole = `size <= ${limit}`;
  const isRefined = `size > ${limit} and refined_size between 2 and ${limit}`;
  await connection.run(`insert into block_keys
    select ${index}, case when ${isWhole} then key else refined end, node
    from rule_keys
    where ${isWhole} or (${isRefined})`);
  const [[blocksLeftOut = 0, accountsLeftOut = 0] = []] = await readNumbers(
    connection,
    `select count(distinct coalesce(refined, key)), count(*) from rule_keys
     where size > ${limit} and (refined is null or refined_size > ${limit})`,
  );
  return {
    rule: rule.name,
    pairs: pairsWithin(counts, limit),
    newPairs: 0,
    largestBlock: counts.reduce(
      (largest, [size = 0, refinedSize = 0]) =>
        Math.max(largest, size <= limit ? size : refinedSize > 1 && refinedSize <= limit ? refinedSize : 0),
      0,
    ),
    blocksLeftOut,
    accountsLeftOut,
  };
}

/** Rows of accounts: size of the block, size of the smaller block, accounts. */
type SizeCounts = readonly (readonly number[])[];

function largestWithin(counts: SizeCounts, { largestBlock, pairs }: BlockLimits): number {
  const sizes = new Set(counts.flatMap(([size = 0, refinedSize = 0]) => [size, refinedSize]));
  const falling = [...sizes]
    .filter((size) => size > 1 && size <= largestBlock)
    .sort((one, other) => other - one);
  return falling.find((size) => pairsWithin(counts, size) <= pairs) ?? 0;
}

function pairsWithin(counts: SizeCounts, limit: number): number {
  let pairs = 0;
  for (const [size = 0, refinedSize = 0, accounts = 0] of counts) {
    const compared = size <= limit ? size : refinedSize <= limit ? refinedSize : 0;
    if (compared > 1) pairs += (accounts * (compared - 1)) / 2;
  }
  return pairs;
}
