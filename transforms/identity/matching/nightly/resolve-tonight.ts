import type { DuckDBConnection } from '@duckdb/node-api';
import type { Scratch } from '../../../../connectors/engines/scratch.ts';
import type { CertainLinks } from '../../pairwise/certain-pairs.ts';
import { countOf } from '../../pairwise/duckdb-rows.ts';
import { areAllPairsCompared } from '../../pairwise/planned-pairs.ts';
import { type Frozen, type Resolution, resolve } from '../../pairwise/resolve.ts';
import type { MatchingSettings } from '../../pairwise/settings.ts';
import { evidenceRows, isWorthKeeping, spokenPairs } from '../link-rows.ts';
import { findChanges } from './changed-accounts.ts';
import { attachCache, fillCache, versionOf } from './pair-cache.ts';
import { keepClustersInCache, resolveChanges } from './resolve-changes.ts';

/** What rules and people say of accounts, by node. */
export interface Spoken {
  mustLink: readonly (readonly [number, number])[];
  cannotLink: readonly (readonly [number, number])[];
  certain: CertainLinks;
}

export interface WholeInput {
  settings: MatchingSettings;
  frozen: Frozen | undefined;
  spoken: Spoken;
  fewestToLearn: number;
}

export interface TonightInput extends WholeInput {
  /** With fewer accounts everything is compared every night. */
  fewestToCache: number;
  reviewBitsOf: (found: Pick<Resolution, 'cut'>) => number;
}

/** Of more changes than this share of the accounts, a whole run is no slower. */
const mostChanged = 0.3;

/**
 * Resolves the accounts of the scratch's table compared_accounts: what changed since the night before where its pairs are at
 * hand and hold under the same model, all of them otherwise, with the same result. Leaves accounts, certain, scored, evidence
 * and clusters.
 */
export async function resolveTonight(scratch: Scratch, input: TonightInput): Promise<Resolution> {
  const { connection } = scratch;
  const { frozen, settings, reviewBitsOf } = input;
  const isCached =
    frozen !== undefined && (await countOf(connection, 'compared_accounts')) >= input.fewestToCache;
  if (!isCached) return resolveAll(scratch, input);
  const version = versionOf(settings, frozen);
  const isUsable = await attachCache(scratch, version);
  if (isUsable === undefined) return resolveAll(scratch, input);
  try {
    if (isUsable && (await findChanges(scratch)) <= mostChanged) {
      const cut = settings.cutBits === undefined ? frozen.cut : { ...frozen.cut, bits: settings.cutBits };
      return await inTransaction(connection, async () => {
        const reviewBits = reviewBitsOf({ cut });
        const found = await resolveChanges(connection, { settings, frozen, reviewBits, ...input.spoken });
        await writeClusters(connection, found);
        await keepClustersInCache(connection);
        await materialise(connection);
        return found;
      });
    }
    const found = await resolveAll(scratch, input);
    if (!(await areAllPairsCompared(connection, settings.pairwise))) {
      await inTransaction(connection, () => fillCache(scratch, version, found, reviewBitsOf(found)));
    }
    return found;
  } finally {
    await connection.run('detach kept');
  }
}

/** Resolves all accounts, and leaves certain, accounts and scored. */
export async function resolveWhole(
  connection: DuckDBConnection,
  { settings, frozen, spoken, fewestToLearn }: WholeInput,
): Promise<Resolution> {
  return resolve(connection, 'compared_accounts', settings.pairwise, {
    ...spoken,
    alsoCompared: 'must_links',
    uniqueWithin: settings.uniqueWithin,
    cut: settings.cutBits,
    fewestToLearn,
    frozen,
  });
}

async function resolveAll(scratch: Scratch, input: TonightInput): Promise<Resolution> {
  const { connection } = scratch;
  const found = await resolveWhole(connection, input);
  const isKept = `${isWorthKeeping(found, input.reviewBitsOf(found))} or (l, r) in (${spokenPairs})`;
  await connection.run(
    `create or replace temp table evidence as ${evidenceRows(found, `(select * from scored where ${isKept})`)}`,
  );
  await writeClusters(connection, found);
  return found;
}

async function writeClusters(connection: DuckDBConnection, { clusters }: Resolution): Promise<void> {
  await connection.run('create or replace temp table clusters (node integer, cluster integer)');
  const appender = await connection.createAppender('clusters');
  for (const [node, cluster] of clusters.entries()) {
    appender.appendInteger(node);
    appender.appendInteger(cluster);
    appender.endRow();
  }
  appender.closeSync();
}

/** What the night goes on to read must not stand in the cache, which is detached. */
async function materialise(connection: DuckDBConnection): Promise<void> {
  await connection.run(`create or replace temp table joined_pairs as
    select * from scored where weight > 0 or (l, r) in (${spokenPairs})`);
  await connection.run('create or replace temp view scored as select * from joined_pairs');
  // One step at a time: in one statement the planner joined by `<>` first (19 s for 22,000 accounts).
  await connection.run(`create or replace temp table pair_clusters as
    select one.cluster as cluster, other.cluster as other_cluster
    from joined_pairs as pair
    inner join clusters as one on one.node = pair.l
    inner join clusters as other on other.node = pair.r`);
  await connection.run(`create or replace temp table apart as
    select cluster from pair_clusters where cluster <> other_cluster
    union select other_cluster from pair_clusters where cluster <> other_cluster`);
  await connection.run(`create or replace temp table apart_nodes as
    select node from clusters where cluster in (select cluster from apart)`);
  await connection.run(`create or replace temp table cut_accounts as
    select * from accounts where node in (select node from apart_nodes)`);
  await connection.run('create or replace temp view accounts as select * from cut_accounts');
}

async function inTransaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run('begin');
  try {
    const result = await work();
    await connection.run('commit');
    return result;
  } catch (error) {
    // After a commit that failed there is nothing left to roll back; the first error is the one that counts.
    await connection.run('rollback').catch(() => undefined);
    throw error;
  }
}
