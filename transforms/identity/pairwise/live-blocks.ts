import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteText } from '../../../connectors/engines/quote.ts';
import type { PairwiseSettings } from './settings.ts';

/** By name of a blocking rule, the accounts of the largest block that is compared; a rule that is not in it finds none. */
export type BlockingPlan = ReadonlyMap<string, number>;

/**
 * Leaves a table whole_keys (rule, key, refined, node) of the session's accounts: the key of each blocking rule by its place,
 * and the key of the smaller block, within that of the first, that takes its place where that is too large.
 */
export async function keyAccounts(
  connection: DuckDBConnection,
  { blocking }: PairwiseSettings,
): Promise<void> {
  await connection.run(
    'create or replace temp table whole_keys (rule utinyint, key ubigint, refined ubigint, node integer)',
  );
  for (const [index, rule] of blocking.entries()) {
    const salt = quoteText(String(index));
    const refined =
      rule.refine === undefined
        ? 'null::ubigint'
        : `case when (${rule.refine}) is not null then hash(${salt}, ${rule.key}, ${rule.refine}) end`;
    await connection.run(`insert into whole_keys
      select ${index}, hash(${salt}, ${rule.key}), ${refined}, node from accounts where (${rule.key}) is not null`);
  }
}

/**
 * SELECT (rule, key, node, size, is_live) of the blocks that more than one account is in: whole ones where the plan's limit
 * lets them be, else the smaller ones within them; is_live where the limit lets them in. `keys` is like whole_keys,
 * and holds all accounts of each whole block that it holds.
 */
export function blocksOf(keys: string, { blocking }: PairwiseSettings, plan: BlockingPlan): string {
  const limits = blocking.map(({ name }, index) => `when ${index} then ${plan.get(name) ?? 0}`);
  return `with whole as (
      select rule, key, refined, node, count(*) over (partition by rule, key) as size,
        case rule ${limits.join(' ')} else 0 end as largest
      from ${keys}
    ),
    split as (
      select rule, case when size <= largest then key else refined end as key, node, largest from whole where size > 1
    ),
    sized as (
      select rule, key, node, largest, count(*) over (partition by rule, key) as size from split where key is not null
    )
    select rule, key, node, size, size <= largest as is_live from sized where size > 1`;
}
