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
 * hand and hold under the same model, all of them otherwise, with the same result. `keep` finds accounts, certain, scored, evidence
 * and clusters, some of them views on the pairs of the night before, which are gone afterwards.
 */
export async function resolveTonight<T>(
  scratch: Scratch,
  input: TonightInput,
  keep: (found: Resolution) => Promise<T>,
): Promise<T> {
  const { frozen, settings } = input;
  const isCached =
    frozen !== undefined && (await countOf(scratch.connection, 'compared_accounts')) >= input.fewestToCache;
  const version = isCached ? versionOf(settings, frozen) : '';
  const isUsable = isCached ? await attachCache(scratch, version) : undefined;
  if (frozen === undefined || isUsable === undefined) return keep(await resolveAll(scratch, input));
  try {
    if (isUsable && (await findChanges(scratch)) <= mostChanged) {
      return await keep(await resolveFromCache(scratch, { ...input, frozen }));
    }
    const found = await resolveAll(scratch, input);
    if (!(await areAllPairsCompared(scratch.connection, settings.pairwise))) {
      await inTransaction(scratch.connection, () =>
        fillCache(scratch, version, found, input.reviewBitsOf(found)),
      );
    }
    return await keep(found);
  } finally {
    await scratch.connection.run('detach kept');
  }
}

async function resolveFromCache(
  { connection }: Scratch,
  { settings, frozen, spoken, reviewBitsOf }: TonightInput & { frozen: Frozen },
): Promise<Resolution> {
  const cut = settings.cutBits === undefined ? frozen.cut : { ...frozen.cut, bits: settings.cutBits };
  return inTransaction(connection, async () => {
    const reviewBits = reviewBitsOf({ cut });
    const found = await resolveChanges(connection, { settings, frozen, reviewBits, ...spoken });
    await writeClusters(connection, found);
    await keepClustersInCache(connection);
    return found;
  });
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
