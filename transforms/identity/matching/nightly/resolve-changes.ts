import type { DuckDBConnection } from '@duckdb/node-api';
import { type CertainLinks, gatherCertainLinks } from '../../pairwise/certain-pairs.ts';
import { clusterAccounts } from '../../pairwise/cluster-accounts.ts';
import { countOf, readNumbers } from '../../pairwise/duckdb-rows.ts';
import { comparisonsOf, contradictionsOf, type Frozen, type Resolution } from '../../pairwise/resolve.ts';
import type { MatchingSettings } from '../../pairwise/settings.ts';
import { bitsOfSecondAccounts } from '../../pairwise/source-comparison.ts';
import { spokenOf } from './pair-cache.ts';
import { type Renewal, renewPairs } from './renew-pairs.ts';
import { renewSpokenPairs } from './spoken-pairs.ts';

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
 * is compared and clustered. Leaves certain, scored (l, r, weight) of all pairs, and views on the cache by place: accounts and evidence. The
 * cache is up to date but for its clusters. Runs inside a transaction.
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
  await viewAccounts(connection);
  const certain = await gatherCertainLinks(connection, input.certain);
  await renewSpokenPairs(connection, renewal);
  await viewAccounts(connection);
  await viewPairs(connection);
  const contradictions = contradictionsOf(settings.pairwise, frozen, settings.uniqueWithin);
  const accounts = await countOf(connection, 'tonight');
  const { clusters, components } = await clusterAccounts(connection, {
    accounts,
    mustLink: input.mustLink,
    certain,
    cannotLink: input.cannotLink,
    contradictions,
    secondAccounts: bitsOfSecondAccounts(model),
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

/** accounts of tonight by place. */
async function viewAccounts(connection: DuckDBConnection): Promise<void> {
  await connection.run(`create or replace temp view accounts as
    select account.* replace (tonight.place as node) from kept.main.accounts as account
    inner join tonight on tonight.id = account.node`);
}

/** scored and evidence of tonight by place. */
async function viewPairs(connection: DuckDBConnection): Promise<void> {
  const places = (table: string): string => `kept.main.${table} as pair
    inner join tonight as one on one.id = pair.l
    inner join tonight as other on other.id = pair.r`;
  await connection.run(`create or replace temp table scored as
    select one.place as l, other.place as r, pair.weight from ${places('compared')}
    union all
    select one.place, other.place, pair.weight from ${places('spoken_evidence')}
    anti join kept.main.compared as known on known.l = pair.l and known.r = pair.r`);
  const byPlace = 'pair.* replace (one.place as l, other.place as r)';
  await connection.run(`create or replace temp view evidence as
    select ${byPlace} from ${places('evidence')}
    union all by name select ${byPlace} from ${places('spoken_evidence')}`);
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
  await connection.run(`create or replace temp table spoken_now as
    select one.id as l, other.id as r, word from (${spokenOf}) as spoken
    inner join tonight as one on one.place = spoken.l
    inner join tonight as other on other.place = spoken.r`);
  await connection.run(`create or replace temp table spoken_new as
    select * from spoken_now anti join kept.main.spoken using (l, r, word)`);
  await connection.run(`create or replace temp table spoken_gone as
    select * from kept.main.spoken anti join spoken_now using (l, r, word)`);
  const rows = await readNumbers(
    connection,
    `with different as (select l, r from spoken_new union all select l, r from spoken_gone),
     ids as (select node from seeds union select l from different union select r from different)
     select tonight.place from tonight semi join ids on ids.node = tonight.id`,
  );
  await connection.run(`delete from kept.main.spoken as said using spoken_gone as gone
    where said.l = gone.l and said.r = gone.r and said.word = gone.word`);
  await connection.run('insert into kept.main.spoken select l, r, word from spoken_new');
  return rows.map(([place = 0]) => place);
}

/** Once the table clusters is there, the cache holds everything of tonight. */
export async function keepClustersInCache(connection: DuckDBConnection): Promise<void> {
  await connection.run(`create or replace temp table clusters_now as
    select one.id as node, first.id as cluster from clusters
    inner join tonight as one on one.place = clusters.node
    inner join tonight as first on first.place = clusters.cluster`);
  await connection.run(`delete from kept.main.clusters
    where (node, cluster) not in (select node, cluster from clusters_now)`);
  await connection.run(`insert into kept.main.clusters
    select node, cluster from clusters_now anti join kept.main.clusters using (node, cluster)`);
}
