import type { DuckDBConnection } from '@duckdb/node-api';
import { comparePairs } from '../../pairwise/compare.ts';
import { weightSql } from '../../pairwise/model.ts';
import { everyBlock } from '../../pairwise/planned-pairs.ts';
import type { Frozen } from '../../pairwise/resolve.ts';
import type { PairwiseSettings } from '../../pairwise/settings.ts';
import { standardise } from '../../pairwise/standardise.ts';
import { weighValues } from '../../pairwise/weigh-values.ts';
import { evidenceRows, isWorthKeeping } from '../link-rows.ts';
import type { Judge } from '../pair-evidence.ts';
import { renewBlocks } from './renew-blocks.ts';

export interface Renewal extends Judge {
  settings: PairwiseSettings;
  frozen: Frozen;
  cutBits: number;
  reviewBits: number;
}

/**
 * Brings the cache up to the accounts of tonight (see findChanges): what changed is standardised, put into its blocks and
 * compared with all that is in them; where a block outgrew what is compared, or came back below it, the pairs of the others in it
 * go or come too. Leaves dropped (node): ids of the accounts that changed or are gone, and seeds (node): ids of accounts whose
 * customer may be another than before.
 */
export async function renewPairs(connection: DuckDBConnection, renewal: Renewal): Promise<void> {
  const { settings, frozen } = renewal;
  await standardiseChanged(connection, renewal);
  await connection.run(`create or replace temp table dropped as
    select id as node from tonight where is_changed union all select node from gone`);
  await renewAccounts(connection);
  await renewBlocks(connection, settings, frozen.plan ?? everyBlock(settings));
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
  await weighValues(connection, settings, (counted) =>
    frozen.values.filter(({ attribute }) => counted.has(attribute)),
  );
  await connection.run(
    'create or replace temp table accounts as select * replace (account_number::integer as node) from accounts',
  );
}

async function renewAccounts(connection: DuckDBConnection): Promise<void> {
  await connection.run('delete from kept.main.accounts where node in (select node from dropped)');
  await connection.run('insert into kept.main.accounts by name select * from accounts');
  await connection.run('delete from kept.main.ids where id in (select node from dropped)');
  await connection.run(
    'insert into kept.main.ids by name select id, source, account_ref, row_hash from tonight where is_changed',
  );
}

/** Leaves seeds: what changed, who was joined with it or with what is gone, and both of each two who are compared no more. */
async function dropPairs(connection: DuckDBConnection): Promise<void> {
  const isDropped = `l in (select node from dropped) or r in (select node from dropped)`;
  await connection.run(`create or replace temp table seeds as
    with joined as (select l, r from kept.main.compared where weight > 0 and (${isDropped}))
    select node from dropped union select l from joined union select r from joined
    union select l from lost_pairs union select r from lost_pairs`);
  for (const table of ['compared', 'evidence']) {
    await connection.run(`delete from kept.main.${table} where ${isDropped}`);
    await connection.run(`delete from kept.main.${table} as pair using lost_pairs as lost
      where pair.l = lost.l and pair.r = lost.r`);
  }
}

async function comparePairsAnew(connection: DuckDBConnection, renewal: Renewal): Promise<void> {
  const { comparisons, agreement, model, cutBits, reviewBits } = renewal;
  // As in a whole run, the account that stands first by source and account_ref is on the left.
  await connection.run(`create or replace temp table new_pairs as
    select distinct case when one.place < other.place then one.id else other.id end as l,
      case when one.place < other.place then other.id else one.id end as r, 0::bigint as free
    from kept.main.live_keys as live
    inner join tonight as one on one.id = live.node and one.is_changed
    inner join kept.main.live_keys as mate on mate.key = live.key and mate.rule = live.rule and mate.node <> live.node
    inner join tonight as other on other.id = mate.node
    union all
    select gained.l, gained.r, 0 from gained_pairs as gained
    anti join kept.main.compared as known on known.l = gained.l and known.r = gained.r`);
  await connection.run('insert into seeds select l from new_pairs');
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
