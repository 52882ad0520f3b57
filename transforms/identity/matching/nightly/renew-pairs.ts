import type { DuckDBConnection } from '@duckdb/node-api';
import { comparePairs } from '../../pairwise/compare.ts';
import { type BlockingPlan, blocksOf, keyAccounts } from '../../pairwise/live-blocks.ts';
import { weightSql } from '../../pairwise/model.ts';
import { everyBlock } from '../../pairwise/planned-pairs.ts';
import { replaceValueBits } from '../../pairwise/replace-value-bits.ts';
import type { Frozen } from '../../pairwise/resolve.ts';
import type { PairwiseSettings } from '../../pairwise/settings.ts';
import { standardise } from '../../pairwise/standardise.ts';
import { weighValues } from '../../pairwise/weigh-values.ts';
import { evidenceRows, isWorthKeeping } from '../link-rows.ts';
import type { Judge } from '../pair-evidence.ts';

export interface Renewal extends Judge {
  settings: PairwiseSettings;
  frozen: Frozen;
  cutBits: number;
  reviewBits: number;
}

/**
 * Brings the cache up to the accounts of tonight (see findChanges): what changed is standardised, put into its blocks and
 * compared with all that is in them. A block that outgrows what is compared, or comes back below it, renews all accounts in it. Leaves
 * seeds (node): ids of accounts whose customer may be another than before.
 */
export async function renewPairs(connection: DuckDBConnection, renewal: Renewal): Promise<void> {
  await standardiseChanged(connection, renewal);
  await keyAccounts(connection, renewal.settings);
  await renewAccounts(connection);
  await renewBlocks(connection, renewal.settings, renewal.frozen.plan ?? everyBlock(renewal.settings));
  await dropPairs(connection);
  await comparePairsAnew(connection, renewal);
}

/** Leaves accounts of those that changed, with the id as node. */
async function standardiseChanged(
  connection: DuckDBConnection,
  { settings, frozen }: Renewal,
): Promise<void> {
  await connection.run(`create or replace temp table changed_accounts as
    select account.* replace (tonight.id::bigint as account_number)
    from compared_accounts as account
    inner join tonight on tonight.place + 1 = account.account_number
    where tonight.is_changed`);
  await standardise(connection, 'changed_accounts', settings);
  const counted = await weighValues(connection, settings);
  await replaceValueBits(
    connection,
    frozen.values.filter(({ attribute }) => counted.has(attribute)),
  );
  await connection.run(
    'create or replace temp table accounts as select * replace (account_number::integer as node) from accounts',
  );
}

async function renewAccounts(connection: DuckDBConnection): Promise<void> {
  await connection.run(`create or replace temp table outdated as
    select id as node from tonight where is_changed and not is_new union all select node from gone`);
  await connection.run('delete from kept.main.accounts where node in (select node from outdated)');
  await connection.run('insert into kept.main.accounts by name select * from accounts');
  await connection.run('delete from kept.main.ids where id in (select node from outdated)');
  await connection.run(
    'insert into kept.main.ids by name select id, source, account_ref, row_hash from tonight where is_changed',
  );
}

/** Leaves renewed (node): accounts that are compared anew, since they changed or one of their blocks is in or out now. */
async function renewBlocks(
  connection: DuckDBConnection,
  settings: PairwiseSettings,
  plan: BlockingPlan,
): Promise<void> {
  await connection.run(`create or replace temp table touched_keys as
    select rule, key from kept.main.whole_keys where node in (select node from outdated)
    union select rule, key from whole_keys`);
  await connection.run('delete from kept.main.whole_keys where node in (select node from outdated)');
  await connection.run('insert into kept.main.whole_keys select * from whole_keys');
  await connection.run(`create or replace temp table touched_members as
    select member.* from kept.main.whole_keys as member
    semi join touched_keys as touched on touched.key = member.key and touched.rule = member.rule`);
  await connection.run(`create or replace temp table live_now as
    select rule, key, node from (${blocksOf('touched_members', settings, plan)}) where is_live`);
  await connection.run(`create or replace temp table live_before as
    select live.* from kept.main.live_keys as live
    semi join touched_members as member on member.node = live.node and member.rule = live.rule`);
  await connection.run(`create or replace temp table renewed as
    select id as node from tonight where is_changed
    union
    select coalesce(live_before.node, live_now.node)
    from live_before
    full join live_now on live_now.node = live_before.node and live_now.rule = live_before.rule
    where live_before.key is distinct from live_now.key`);
  await connection.run('delete from kept.main.live_keys where node in (select node from outdated)');
  await connection.run(`delete from kept.main.live_keys as live using touched_members as member
    where member.node = live.node and member.rule = live.rule`);
  await connection.run('insert into kept.main.live_keys select * from live_now');
}

/** Leaves seeds: what is compared anew, and who was joined with it or with what is gone. */
async function dropPairs(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    'create or replace temp table dropped as select node from renewed union select node from gone',
  );
  const isDropped = 'l in (select node from dropped) or r in (select node from dropped)';
  await connection.run(`create or replace temp table seeds as
    with joined as (select l, r from kept.main.compared where weight > 0 and (${isDropped}))
    select node from renewed union select l from joined union select r from joined`);
  await connection.run(`delete from kept.main.compared where ${isDropped}`);
  await connection.run(`delete from kept.main.evidence where ${isDropped}`);
}

async function comparePairsAnew(connection: DuckDBConnection, renewal: Renewal): Promise<void> {
  const { comparisons, agreement, model, cutBits, reviewBits } = renewal;
  // As in a whole run, the account that stands first by source and account_ref is on the left.
  await connection.run(`create or replace temp table new_pairs as
    select distinct case when one.place < other.place then one.id else other.id end as l,
      case when one.place < other.place then other.id else one.id end as r, 0::bigint as free
    from kept.main.live_keys as live
    inner join renewed on renewed.node = live.node
    inner join kept.main.live_keys as mate on mate.key = live.key and mate.rule = live.rule and mate.node <> live.node
    inner join tonight as one on one.id = live.node
    inner join tonight as other on other.id = mate.node`);
  await connection.run(`create or replace temp table accounts as
    select account.* from kept.main.accounts as account
    where account.node in (select l from new_pairs union select r from new_pairs)`);
  await comparePairs(connection, 'new_pairs', 'new_compared', comparisons, agreement);
  await connection.run(`create or replace temp table new_scored as
    select * exclude (free), ${weightSql(model)} - ${cutBits.toFixed(3)}::double as weight from new_compared`);
  await connection.run('insert into kept.main.compared by name select * from new_scored');
  const kept = `(select * from new_scored where ${isWorthKeeping({ cut: { bits: cutBits } }, reviewBits)})`;
  await connection.run(`insert into kept.main.evidence by name ${evidenceRows(renewal, kept)}`);
}
