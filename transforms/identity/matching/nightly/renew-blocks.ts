import type { DuckDBConnection } from '@duckdb/node-api';
import { type BlockingPlan, blocksOf, keyAccounts } from '../../pairwise/live-blocks.ts';
import type { PairwiseSettings } from '../../pairwise/settings.ts';

/**
 * Brings the blocks of the cache up to tonight: `accounts` are those that changed, `dropped` these and those that are gone. Leaves, of
 * accounts that did not change, lost_pairs (l, r), which no block holds any more, and gained_pairs (l, r), which stand in a block
 * where they did not before; l is the account with the smaller place.
 */
export async function renewBlocks(
  connection: DuckDBConnection,
  settings: PairwiseSettings,
  plan: BlockingPlan,
): Promise<void> {
  await keyAccounts(connection, settings);
  await connection.run(`create or replace temp table touched_keys as
    select rule, key from kept.main.whole_keys where node in (select node from dropped)
    union select rule, key from whole_keys`);
  await connection.run('delete from kept.main.whole_keys where node in (select node from dropped)');
  await connection.run('insert into kept.main.whole_keys select * from whole_keys');
  await connection.run(`create or replace temp table touched_members as
    select member.* from kept.main.whole_keys as member
    semi join touched_keys as touched on touched.key = member.key and touched.rule = member.rule`);
  await connection.run(`create or replace temp table live_now as
    select rule, key, node from (${blocksOf('touched_members', settings, plan)}) where is_live`);
  await connection.run('delete from kept.main.live_keys where node in (select node from dropped)');
  await connection.run(`create or replace temp table live_before as
    select live.* from kept.main.live_keys as live
    semi join touched_members as member on member.node = live.node and member.rule = live.rule`);
  await connection.run(`create or replace temp table stayed_now as
    select * from live_now anti join dropped on dropped.node = live_now.node`);
  await connection.run(`create or replace temp table moved as
    select coalesce(before.node, now.node) as node, coalesce(before.rule, now.rule) as rule,
      before.key as key_before, now.key as key_now
    from live_before as before
    full join stayed_now as now on now.node = before.node and now.rule = before.rule
    where before.key is distinct from now.key`);
  await connection.run(`delete from kept.main.live_keys as live using moved
    where moved.node = live.node and moved.rule = live.rule`);
  await connection.run(`insert into kept.main.live_keys (rule, key, node)
    select rule, key_now, node from moved where key_now is not null
    union all select rule, key, node from live_now semi join dropped on dropped.node = live_now.node`);
  await connection.run(
    `create or replace temp table gained_pairs as ${pairsOfMoved('key_now', 'stayed_now')}`,
  );
  await findLostPairs(connection);
}

/** SELECT of the pairs that those who moved make with all who share the key with them. */
function pairsOfMoved(key: string, members: string): string {
  return `select distinct case when one.place < other.place then one.id else other.id end as l,
      case when one.place < other.place then other.id else one.id end as r
    from moved
    inner join ${members} as mate on mate.key = moved.${key} and mate.rule = moved.rule and mate.node <> moved.node
    inner join tonight as one on one.id = moved.node
    inner join tonight as other on other.id = mate.node`;
}

/** Two who shared a block may share another one still. */
async function findLostPairs(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    `create or replace temp table parted_pairs as ${pairsOfMoved('key_before', 'live_before')}`,
  );
  await connection.run(`create or replace temp table parted_keys as
    select * from kept.main.live_keys where node in (select l from parted_pairs union select r from parted_pairs)`);
  await connection.run(`create or replace temp table lost_pairs as
    select l, r from parted_pairs
    anti join (
      select parted.l, parted.r
      from parted_pairs as parted
      inner join parted_keys as one on one.node = parted.l
      inner join parted_keys as other on other.node = parted.r and other.rule = one.rule and other.key = one.key
    ) as shared using (l, r)`);
}
