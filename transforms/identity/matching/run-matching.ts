import type { IdentitySettings } from '../../../config/identity-settings.ts';
import type { Cell, Engine } from '../../../connectors/engines/engine.ts';
import type { Scratch } from '../../../connectors/engines/scratch.ts';
import { readNumbers } from '../pairwise/duckdb-rows.ts';
import type { Frozen, Resolution } from '../pairwise/resolve.ts';
import type { MatchingSettings } from '../pairwise/settings.ts';
import { comparedAccounts } from './compared-accounts.ts';
import { explainCuts } from './cut-reasons.ts';
import { hashOfSettings, keepModel, type LastModel, readKeptModel, readLastModel } from './kept-model.ts';
import { cutPairs, cutRows, linkRows } from './link-rows.ts';
import { literalRows } from './literal-rows.ts';
import { countMatched, fingerprintOf, isMatched, keepFingerprint } from './matched-inputs.ts';
import { resolveTonight, resolveWhole, type Spoken, type TonightInput } from './nightly/resolve-tonight.ts';

/** Fewer accounts teach nothing: the assumed model holds. */
const fewestToLearn = 300;
/** Where the data refused a fit, the next one is tried when there are so many times the accounts, or when a person asks. */
const growthToRetry = 1.25;
/** So far below the cut, in bits, a pair is left to a person: at the edge it is one customer in one case of 17. */
const reviewBand = 4;
/** Accounts under one value whose pairs a rule of the user with a condition looks at: about 20,000 pairs. */
const mostComparedByRule = 200;

export type MatchingLimits = Pick<IdentitySettings, 'max_accounts_per_value' | 'max_names_per_value'>;

/**
 * Judges every two accounts that are worth it and says which are one customer, under the model of an earlier night if there is
 * one. Reads the tables of stage identity up to rule_links and decisions, and replaces links, clusters, cuts and
 * blocking; when it learns, also model, blocking_plan and value_weights. Where accounts, settings, links of rules and decisions are
 * those of the night before, the tables stay as they are. Gives the number of links.
 *
 * @param fewestToCache with fewer accounts everything is compared every night
 */
export async function runMatching(
  engine: Engine,
  settings: MatchingSettings,
  limits: MatchingLimits,
  fewestToCache = 20_000,
): Promise<number> {
  const scratch = await engine.openScratch();
  try {
    const settingsHash = hashOfSettings(settings.pairwise);
    await takeAccounts(scratch, settings);
    const fingerprint = await fingerprintOf(scratch, settingsHash, settings, limits);
    if (await isMatched(engine, fingerprint)) return await countMatched(engine);
    const last = await readLastModel(engine, scratch, { settingsHash, fewestToLearn });
    const tonight: TonightInput = {
      settings,
      frozen: last.frozen,
      fewestToCache,
      reviewBitsOf: ({ cut }) => settings.reviewBits ?? cut.bits - reviewBand,
      spoken: await spokenOf(scratch, settings, limits),
      fewestToLearn: last.refused === undefined ? fewestToLearn : last.refused.accounts * growthToRetry,
    };
    return await resolveTonight(scratch, tonight, async (found) => {
      if (last.frozen === undefined) {
        const model = isTriedAgain(found, tonight) ? found : asRefused(found, last);
        await keepModel(engine, scratch, model, { settingsHash, whyLearned: last.whyLearned });
      }
      if (found.blocking.length > 0) {
        await engine.buildTable({ schema: 'identity', table: 'blocking' }, blockingRows(settings, found));
      }
      await keepFingerprint(engine, fingerprint);
      return keepTables(scratch, settings, found);
    });
  } finally {
    await scratch.close();
  }
}

function isTriedAgain({ accounts }: Resolution, { fewestToLearn: fewest }: TonightInput): boolean {
  return accounts >= fewest;
}

/** The assumed model of tonight, which stands where an earlier night tried in vain: what it tried on, and why not, is kept. */
function asRefused(found: Resolution, { refused }: LastModel): Resolution {
  if (refused === undefined) return found;
  return { ...found, accounts: refused.accounts, model: { ...found.model, notes: [refused.reason] } };
}

/** Learns from the accounts of the last run and keeps the model for the nights to come, without judging by it. */
export async function learnAnew(
  engine: Engine,
  settings: MatchingSettings,
  limits: MatchingLimits,
): Promise<Resolution> {
  const scratch = await engine.openScratch();
  try {
    const found = await resolveAccounts(scratch, settings, limits);
    const settingsHash = hashOfSettings(settings.pairwise);
    await keepModel(engine, scratch, found, { settingsHash, whyLearned: 'asked' });
    await keepFingerprint(engine, undefined);
    return found;
  } finally {
    await scratch.close();
  }
}

/** What tonight's run would find under the model that is kept; resolveAccounts says what it leaves in the scratch. */
export async function resolveAgain(
  engine: Engine,
  scratch: Scratch,
  settings: MatchingSettings,
  limits: MatchingLimits,
): Promise<Resolution> {
  const frozen = await readKeptModel(engine, scratch, hashOfSettings(settings.pairwise));
  return resolveAccounts(scratch, settings, limits, frozen);
}

/**
 * What runMatching finds, before any of it is kept. Leaves in the scratch compared_accounts, accounts, scored, certain,
 * must_links and cannot_links.
 *
 * @param frozen by default the model is learned anew
 */
async function resolveAccounts(
  scratch: Scratch,
  settings: MatchingSettings,
  limits: MatchingLimits,
  frozen?: Frozen,
): Promise<Resolution> {
  await takeAccounts(scratch, settings);
  const spoken = await spokenOf(scratch, settings, limits);
  return resolveWhole(scratch.connection, { settings, frozen, spoken, fewestToLearn });
}

async function spokenOf(
  scratch: Scratch,
  { rules }: MatchingSettings,
  limits: MatchingLimits,
): Promise<Spoken> {
  return {
    mustLink: await pairsIn(scratch, 'must_links'),
    cannotLink: await pairsIn(scratch, 'cannot_links'),
    certain: {
      table: 'rule_links',
      rules,
      limits: {
        accounts: limits.max_accounts_per_value,
        names: limits.max_names_per_value,
        comparedAccounts: mostComparedByRule,
      },
    },
  };
}

/** Leaves compared_accounts, rule_links (l, r, rule, place), must_links (l, r) and cannot_links (l, r). */
async function takeAccounts(scratch: Scratch, { pairwise }: MatchingSettings): Promise<void> {
  await scratch.take('compared_accounts', comparedAccounts(pairwise.attributes));
  await scratch.take(
    'rule_links',
    `select account_number - 1 as l, other_account_number - 1 as r, rule,
       case rule when 'tax_id' then 1 when 'other_refs' then 2 when 'email_and_name' then 3 else 4 end as place
     from identity.rule_links`,
  );
  await scratch.take(
    'decisions',
    `select decision, least(account_number, other_account_number) - 1 as l,
       greatest(account_number, other_account_number) - 1 as r
     from identity.decisions
     where account_number is not null and other_account_number is not null and account_number <> other_account_number`,
  );
  for (const [table, decision] of [
    ['must_links', 'must_link'],
    ['cannot_links', 'cannot_link'],
  ]) {
    await scratch.connection.run(
      `create or replace temp table ${table} as
       select distinct l::integer as l, r::integer as r from decisions where decision = '${decision}'`,
    );
  }
}

async function pairsIn(scratch: Scratch, table: string): Promise<[number, number][]> {
  const rows = await readNumbers(scratch.connection, `select l, r from ${table} order by l, r`);
  return rows.map(([l = 0, r = 0]) => [l, r]);
}

/** Gives clusters, links and cuts to the engine. */
async function keepTables(scratch: Scratch, settings: MatchingSettings, found: Resolution): Promise<number> {
  const { connection } = scratch;
  await scratch.give(
    { schema: 'identity', table: 'clusters' },
    `select cast(node + 1 as bigint) as account_number, cast(cluster + 1 as bigint) as cluster
     from clusters order by node`,
  );
  const { comparisons } = settings.pairwise;
  const reviewBits = settings.reviewBits ?? found.cut.bits - reviewBand;
  const links = await scratch.give(
    { schema: 'identity', table: 'links' },
    linkRows({ found, comparisons, reviewBits }),
  );
  await connection.run(`create or replace temp table cut_pairs as ${cutPairs(found)}`);
  await explainCuts(connection, found, await pairsIn(scratch, 'cannot_links'));
  await scratch.give({ schema: 'identity', table: 'cuts' }, cutRows);
  return links;
}

function blockingRows({ pairwise }: MatchingSettings, { blocking }: Resolution): string {
  const rules = new Map(pairwise.blocking.map((rule) => [rule.name, rule]));
  const rows = blocking.map((report, place): Cell[] => [
    report.rule,
    place + 1,
    rules.get(report.rule)?.key ?? null,
    rules.get(report.rule)?.refine ?? null,
    report.pairs,
    report.newPairs,
    report.largestBlock,
    report.blocksLeftOut,
    report.accountsLeftOut,
    report.blocksLeftOut === 0
      ? null
      : `blocks of more than ${report.largestBlock} accounts give too many pairs to compare`,
  ]);
  const columns = {
    rule: 'text',
    place: 'bigint',
    block_key: 'text',
    split_by: 'text',
    pairs: 'bigint',
    new_pairs: 'bigint',
    largest_block: 'bigint',
    blocks_left_out: 'bigint',
    accounts_left_out: 'bigint',
    reason: 'text',
  };
  return literalRows(columns, rows);
}
