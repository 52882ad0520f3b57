import type { DuckDBConnection } from '@duckdb/node-api';
import { type CertainLinks, gatherCertainLinks } from '../../pairwise/certain-pairs.ts';
import { clusterAccounts } from '../../pairwise/cluster-accounts.ts';
import { comparePairs } from '../../pairwise/compare.ts';
import { countOf, readNumbers } from '../../pairwise/duckdb-rows.ts';
import { weightSql } from '../../pairwise/model.ts';
import { comparisonsOf, contradictionsOf, type Frozen, type Resolution } from '../../pairwise/resolve.ts';
import type { MatchingSettings } from '../../pairwise/settings.ts';
import { evidenceRows, spokenPairs } from '../link-rows.ts';
import { spokenOf } from './pair-cache.ts';
import { type Renewal, renewPairs } from './renew-pairs.ts';

export interface ChangesInput {
  settings: MatchingSettings;
  frozen: Frozen;
  reviewBits: number;
  certain: CertainLinks;
  mustLink: readonly (readonly [number, number])[];
  cannotLink: readonly (readonly [number, number])[];
}

/**
 * What resolve finds under the same frozen model, from the cache of the night before and tonight's changes: only what they touch
 * is compared and clustered. Leaves accounts, certain, scored, evidence as a whole run does, and the cache up to date but for
 * its clusters. Runs inside a transaction.
 */
export async function resolveChanges(connection: DuckDBConnection, input: ChangesInput): Promise<Resolution> {
  const { settings, frozen, reviewBits } = input;
  const comparisons = comparisonsOf(settings.pairwise, frozen);
  const { model, agreement, kind, plan } = frozen;
  const cut = settings.cutBits === undefined ? frozen.cut : { ...frozen.cut, bits: settings.cutBits };
  const renewal: Renewal = {
    settings: settings.pairwise,
    frozen,
    comparisons,
    agreement,
    model,
    cutBits: cut.bits,
    reviewBits,
  };
  await renewPairs(connection, renewal);
  await connection.run('drop table accounts');
  await connection.run(`create temp view accounts as
    select account.* replace (tonight.place as node) from kept.main.accounts as account
    inner join tonight on tonight.id = account.node`);
  const certain = await gatherCertainLinks(connection, input.certain);
  await scoreSpoken(connection, renewal);
  const contradictions = contradictionsOf(settings.pairwise, frozen, settings.uniqueWithin);
  const accounts = await countOf(connection, 'tonight');
  const { clusters, components } = await clusterAccounts(connection, {
    accounts,
    mustLink: input.mustLink,
    certain,
    cannotLink: input.cannotLink,
    contradictions,
    linkage: settings.pairwise.linkage,
    largestComponent: settings.pairwise.largestComponent,
    before: { clusters: await clustersBefore(connection, accounts), seeds: await seedsOf(connection) },
  });
  return {
    ...{ kind, model, plan, cut, agreement, comparisons, accounts, contradictions, clusters, components },
    learnedCut: frozen.cut,
    blocking: [],
  };
}

/** Compares what rules and people speak of and no block holds; leaves scored and evidence of all pairs, by place. */
async function scoreSpoken(connection: DuckDBConnection, renewal: Renewal): Promise<void> {
  const { comparisons, agreement, model, cutBits } = renewal;
  const places = (table: string): string => `kept.main.${table} as kept_pair
    inner join tonight as one on one.id = kept_pair.l
    inner join tonight as other on other.id = kept_pair.r`;
  const byPlace = 'kept_pair.* replace (one.place as l, other.place as r)';
  await connection.run(`create or replace temp table extra_pairs as
    select l, r, 0::bigint as free from (${spokenPairs}) as spoken
    anti join (select one.place as l, other.place as r from ${places('evidence')}) as known
      on known.l = spoken.l and known.r = spoken.r`);
  await comparePairs(connection, 'extra_pairs', 'extra_compared', comparisons, agreement);
  await connection.run(`create or replace temp table extra as
    select * exclude (free), ${weightSql(model)} - ${cutBits.toFixed(3)}::double as weight from extra_compared`);
  await connection.run(`create or replace temp view scored as
    select ${byPlace} from ${places('compared')}
    union all by name
    select extra.* from extra
    anti join (select one.place as l, other.place as r from ${places('compared')}) as known
      on known.l = extra.l and known.r = extra.r`);
  await connection.run(`create or replace temp table evidence as
    select ${byPlace} from ${places('evidence')}
    union all by name ${evidenceRows(renewal, 'extra')}`);
}

async function clustersBefore(connection: DuckDBConnection, accounts: number): Promise<Int32Array> {
  const clusters = Int32Array.from({ length: accounts }, (_, node) => node);
  const rows = await readNumbers(
    connection,
    `select one.place, first.place from kept.main.clusters as kept_cluster
     inner join tonight as one on one.id = kept_cluster.node
     inner join tonight as first on first.id = kept_cluster.cluster
     where kept_cluster.node <> kept_cluster.cluster`,
  );
  for (const [node = 0, cluster = 0] of rows) clusters[node] = cluster;
  return clusters;
}

/** Places of the seeds, and of all of whom rules or people say something else than the night before. */
async function seedsOf(connection: DuckDBConnection): Promise<number[]> {
  const spokenNow = `select one.id as l, other.id as r, word from (${spokenOf}) as spoken
    inner join tonight as one on one.place = spoken.l
    inner join tonight as other on other.place = spoken.r`;
  await connection.run(`create or replace temp table spoken_now as ${spokenNow}`);
  const rows = await readNumbers(
    connection,
    `with different as (
       (select l, r, word from spoken_now except select l, r, word from kept.main.spoken)
       union all
       (select l, r, word from kept.main.spoken except select l, r, word from spoken_now)
     ),
     ids as (select node from seeds union select l from different union select r from different)
     select tonight.place from tonight semi join ids on ids.node = tonight.id`,
  );
  await connection.run('delete from kept.main.spoken');
  await connection.run('insert into kept.main.spoken select l, r, word from spoken_now');
  return rows.map(([place = 0]) => place);
}

/** Once the table clusters is there, the cache holds everything of tonight. */
export async function keepClustersInCache(connection: DuckDBConnection): Promise<void> {
  await connection.run('delete from kept.main.clusters');
  await connection.run(`insert into kept.main.clusters
    select one.id, first.id from clusters
    inner join tonight as one on one.place = clusters.node
    inner join tonight as first on first.place = clusters.cluster`);
}
