import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { quoteText } from '../../../../connectors/engines/quote.ts';
import type { Scratch } from '../../../../connectors/engines/scratch.ts';
import type { Frozen, Resolution } from '../../pairwise/resolve.ts';
import type { MatchingSettings } from '../../pairwise/settings.ts';
import { isWorthKeeping } from '../link-rows.ts';

/**
 * The pairs of the night before, in a file beside the state that is attached as `kept`: accounts as they were compared, their
 * blocks, the compared pairs and the clusters. Nothing is decided by it: where it is missing, or of other settings or
 * another model, everything is compared anew. Accounts have an id here that stays from night to night:
 *
 * - ids (id, source, account_ref, row_hash); accounts (the columns of the session's accounts, `node` is the id)
 * - whole_keys (rule, key, refined, node), live_keys (rule, key, node): see live-blocks.ts
 * - compared (l, r, c0 …, rarity, weight) and evidence, both of pairs that a block holds: l stands before r by source and account_ref
 * - spoken (l, r, word): what rules and people speak of; spoken_evidence: the evidence on what evidence does not have of it
 * - clusters (node, cluster)
 */
const keptTables = [
  'ids',
  'accounts',
  'whole_keys',
  'live_keys',
  'compared',
  'evidence',
  'spoken_evidence',
  'clusters',
  'spoken',
] as const;

/** Raised where the tables or what is in them change. */
const cacheVersion = 2;

/** What must be the same for pairs of another night to be of use. */
export function versionOf(settings: MatchingSettings, { model, cut, agreement, plan }: Frozen): string {
  const parts = [cacheVersion, settings, model, cut, [...agreement], [...(plan ?? [])]];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Attaches the cache and says whether it holds pairs of this version; undefined where the engine has no place for one. */
export async function attachCache(scratch: Scratch, version: string): Promise<boolean | undefined> {
  const { connection, cachePath } = scratch;
  if (cachePath === undefined) return undefined;
  const attach = `attach ${quoteText(cachePath)} as kept`;
  await connection.run(attach).catch(async () => {
    // Damaged, or of another DuckDB: it is made anew.
    await rm(cachePath, { force: true });
    await rm(`${cachePath}.wal`, { force: true });
    await connection.run(attach);
  });
  await connection.run('create table if not exists kept.main.version (version varchar)');
  const reader = await connection.runAndReadAll('select version from kept.main.version');
  return reader.getRows()[0]?.[0] === version;
}

/** SQL that stands for everything that is compared of an account. */
export async function rowHash(scratch: Scratch): Promise<string> {
  const reader = await scratch.connection.runAndReadAll('describe compared_accounts');
  const columns = reader.getRows().map(([name]) => String(name));
  const compared = columns.filter((name) => name !== 'account_number').map((name) => `"${name}"`);
  return `hash(${compared.join(', ')})`;
}

/** Keeps what a whole run under a frozen model left in the scratch. Runs inside a transaction. */
export async function fillCache(
  scratch: Scratch,
  version: string,
  found: Resolution,
  reviewBits: number,
): Promise<void> {
  const { connection } = scratch;
  const hash = await rowHash(scratch);
  for (const table of keptTables) await connection.run(`drop table if exists kept.main.${table}`);
  await connection.run(`create table kept.main.ids as
    select (account_number - 1)::integer as id, source, account_ref, ${hash} as row_hash from compared_accounts`);
  await connection.run(
    'create table kept.main.accounts as select * exclude (account_number), null::bigint as account_number from accounts',
  );
  await connection.run('create table kept.main.whole_keys as select * from whole_keys');
  await connection.run('create table kept.main.live_keys as select * from live_keys');
  await connection.run(`create table kept.main.compared as
    select scored.* exclude (free) from scored semi join pairs on pairs.l = scored.l and pairs.r = scored.r and pairs.rule < 255`);
  await connection.run(`create table kept.main.evidence as
    select evidence.* from evidence
    semi join pairs on pairs.l = evidence.l and pairs.r = evidence.r and pairs.rule < 255
    where ${isWorthKeeping(found, reviewBits)}`);
  await connection.run(`create table kept.main.spoken_evidence as
    select * from evidence anti join kept.main.evidence using (l, r)`);
  await connection.run('create table kept.main.clusters as select node, cluster from clusters');
  await connection.run(`create table kept.main.spoken as ${spokenOf}`);
  await connection.run('delete from kept.main.version');
  await connection.run(`insert into kept.main.version values (${quoteText(version)})`);
}

/** SELECT of all that rules and people say of two accounts. */
export const spokenOf = `select l, r, 'rule ' || rule as word from certain
  union select l, r, 'together' from must_links
  union select l, r, 'apart' from cannot_links`;
