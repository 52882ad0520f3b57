import type { DuckDBConnection } from '@duckdb/node-api';
import type { IdentitySettings } from '../../../config/identity-settings.ts';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { quoteName, quoteText } from '../../../connectors/engines/quote.ts';
import type { Scratch } from '../../../connectors/engines/scratch.ts';
import { comparedAccounts } from '../matching/compared-accounts.ts';
import { readKeptModel } from '../matching/kept-model.ts';
import { evidenceColumns } from '../matching/pair-evidence.ts';
import { resolveAgain } from '../matching/run-matching.ts';
import { type Agreement, comparePairs } from '../pairwise/compare.ts';
import { configuredMatching } from '../pairwise/configured-settings.ts';
import { countOf, readNumbers } from '../pairwise/duckdb-rows.ts';
import { type Model, priorBits, probabilityOf, weightSql } from '../pairwise/model.ts';
import { replaceValueBits } from '../pairwise/replace-value-bits.ts';
import { comparisonsOf } from '../pairwise/resolve.ts';
import type { BlockingRule, Comparison } from '../pairwise/settings.ts';
import { standardise } from '../pairwise/standardise.ts';
import { weighValues } from '../pairwise/weigh-values.ts';
import { type AccountKey, inOrder } from '../review/stored-decisions.ts';

/** One step of the waterfall, in bits; the steps add up to the evidence but for rounding. */
export interface EvidenceStep {
  comparison: string;
  /** null: one of the two lacks it, which is no evidence either way. */
  level: string | null;
  /** log2(m / u) of the level. */
  weight: number;
  /** How much rarer the shared values are than shared values are on average (Winkler 1989). */
  rarity: number;
  /** Of each account, by attribute, in the form in which they are compared. */
  values: readonly [Readonly<Record<string, string>>, Readonly<Record<string, string>>];
}

export interface ScoredPair {
  /** In the order in which a link has them. */
  accounts: readonly [AccountKey, AccountKey];
  kind: 'learned' | 'assumed';
  priorBits: number;
  steps: readonly EvidenceStep[];
  /** What is taken off because two people of one household would look alike as well. */
  relativesBits: number;
  evidence: number;
  probability: number;
  /** Evidence in bits above which a pair is accepted. */
  cut: number;
  /** Blocking rules under which the two share a block. */
  sharedBlocks: readonly string[];
  /** Rules under which both have a key, and not the same: what kept them from being compared. */
  differentBlocks: readonly string[];
}

/**
 * Weighs two accounts as a run under the model of the state would, also if no run ever compared them. Reads the state,
 * and works in a scratch.
 */
export async function scorePair(
  engine: Engine,
  settings: IdentitySettings,
  [first, second]: readonly [AccountKey, AccountKey],
): Promise<ScoredPair> {
  const accounts = inOrder(first, second);
  const scratch = await engine.openScratch();
  try {
    const { connection } = scratch;
    const judge = await prepare(engine, scratch, settings, accounts);
    await connection.run(`create or replace temp table asked_pair as
      select l.node as l, r.node as r, 0::bigint as free
      from accounts as l, accounts as r
      where l.account_number = (${numberOf(accounts[0])}) and r.account_number = (${numberOf(accounts[1])})`);
    await comparePairs(connection, 'asked_pair', 'asked', judge.comparisons, judge.agreement);
    await connection.run(
      `create or replace temp view scored as select *, ${weightSql(judge.model)} as weight from asked`,
    );
    const [levels = []] = await readNumbers(
      connection,
      `select ${judge.comparisons.map((_, index) => `c${index}`).join(', ') || '0'} from scored`,
    );
    const evidence = await readEvidence(connection, judge);
    const values = await readValues(connection, judge.comparisons);
    return {
      accounts,
      kind: judge.kind,
      priorBits: priorBits(judge.model),
      steps: judge.comparisons.map((comparison, index) =>
        stepOf(comparison, judge.model.comparisons[index]?.levels[(levels[index] ?? 0) - 1], {
          share: evidence.shares[index] ?? 0,
          values: values.map((side) => pick(side, comparison.attributes)),
        }),
      ),
      relativesBits: evidence.relatives,
      evidence: evidence.weight,
      probability: probabilityOf(evidence.weight),
      cut: judge.cut,
      ...(await blocksOf(connection, configuredMatching(settings).pairwise.blocking)),
    };
  } finally {
    await scratch.close();
  }
}

interface PairJudge {
  kind: 'learned' | 'assumed';
  model: Model;
  comparisons: readonly Comparison[];
  agreement: Agreement;
  cut: number;
}

/** Leaves accounts in the scratch: the two alone under a learned model, all of them where the assumed one counts their values. */
async function prepare(
  engine: Engine,
  scratch: Scratch,
  settings: IdentitySettings,
  accounts: readonly AccountKey[],
): Promise<PairJudge> {
  const { connection } = scratch;
  const matching = configuredMatching(settings);
  const { pairwise, cutBits } = matching;
  const [kept] = await engine.query<{ settings_hash: string }>(
    'select settings_hash from identity.model order by comparison_place nulls last, level_place nulls last limit 1',
  );
  // By its own hash: a pair is explained as the last run judged it, also where the settings changed since.
  const frozen = await readKeptModel(engine, scratch, kept?.settings_hash ?? '');
  if (frozen === undefined) {
    const found = await resolveAgain(engine, scratch, matching, settings);
    return { ...found, cut: found.cut.bits };
  }
  const numbers = await numbersOf(engine, accounts);
  await scratch.take(
    'compared_accounts',
    comparedAccounts(pairwise.attributes, `in (${numbers.join(', ')})`),
  );
  await standardise(connection, 'compared_accounts', pairwise);
  const counted = await weighValues(connection, pairwise);
  await replaceValueBits(
    connection,
    frozen.values.filter(({ attribute }) => counted.has(attribute)),
  );
  const known = new Set(pairwise.comparisons.map(({ name }) => name));
  const model = {
    ...frozen.model,
    comparisons: frozen.model.comparisons.filter(({ name }) => known.has(name)),
  };
  return {
    kind: 'learned',
    model,
    comparisons: comparisonsOf(pairwise, { model }),
    agreement: frozen.agreement,
    cut: cutBits ?? frozen.cut.bits,
  };
}

async function numbersOf(engine: Engine, accounts: readonly AccountKey[]): Promise<number[]> {
  const conditions = accounts.map(
    (_, index) => `(source = $${2 * index + 1} and account_ref = $${2 * index + 2})`,
  );
  const rows = await engine.query(
    `select account_number from identity.accounts where ${conditions.join(' or ')}`,
    accounts.flatMap(({ source, accountRef }) => [source, accountRef]),
  );
  return rows.map((row) => Number(row.account_number));
}

function numberOf({ source, accountRef }: AccountKey): string {
  return `select account_number from compared_accounts
    where source = ${quoteText(source)} and account_ref = ${quoteText(accountRef)}`;
}

async function readEvidence(
  connection: DuckDBConnection,
  judge: PairJudge,
): Promise<{ shares: number[]; relatives: number; weight: number }> {
  const reader = await connection.runAndReadAll(`
    select scored.weight, ${evidenceColumns(judge).join(', ')}
    from scored
    inner join accounts as l on l.node = scored.l
    inner join accounts as r on r.node = scored.r`);
  const [row = {}] = reader.getRowObjectsJson();
  return {
    shares: judge.comparisons.map(({ name }) => Number(row[`${name}_bits`] ?? 0)),
    relatives: Number(row.relatives_bits),
    weight: Number(row.weight),
  };
}

/** Of the two accounts, all that they hold, as text. */
async function readValues(
  connection: DuckDBConnection,
  comparisons: readonly Comparison[],
): Promise<Record<string, string>[]> {
  const names = [...new Set(comparisons.flatMap(({ attributes }) => attributes))];
  if (names.length === 0) return [{}, {}];
  const columns = names.map((name) => `cast(account.${quoteName(name)} as varchar) as ${quoteName(name)}`);
  const reader = await connection.runAndReadAll(`
    select ${columns.join(', ')}
    from asked_pair inner join accounts as account on account.node = asked_pair.l or account.node = asked_pair.r
    order by account.node <> asked_pair.l`);
  return reader
    .getRowObjectsJson()
    .map((row) =>
      Object.fromEntries(
        Object.entries(row).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
      ),
    );
}

function stepOf(
  comparison: Comparison,
  level: Model['comparisons'][number]['levels'][number] | undefined,
  { share, values: [one = {}, other = {}] }: { share: number; values: Record<string, string>[] },
): EvidenceStep {
  const weight = level?.weight ?? 0;
  return {
    comparison: comparison.name,
    level: level?.name ?? null,
    weight,
    rarity: level === undefined ? 0 : share - weight,
    values: [one, other],
  };
}

function pick(values: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (values[name] ? [[name, values[name]]] : [])));
}

/** A block that is too large is left out all the same: identity.blocking says of which rules. */
async function blocksOf(
  connection: DuckDBConnection,
  rules: readonly BlockingRule[],
): Promise<Pick<ScoredPair, 'sharedBlocks' | 'differentBlocks'>> {
  if (rules.length === 0 || (await countOf(connection, 'asked_pair')) === 0)
    return { sharedBlocks: [], differentBlocks: [] };
  const keys = rules.map(({ key }) => `cast((${key}) as varchar)`);
  const reader = await connection.runAndReadAll(`
    select ${keys.join(', ')} from accounts as account
    where account.node in (select l from asked_pair union all select r from asked_pair)`);
  const [one = [], other = []] = reader.getRowsJson();
  const both = rules.flatMap(({ name }, index) =>
    one[index] === null || other[index] === null ? [] : [{ name, isShared: one[index] === other[index] }],
  );
  return {
    sharedBlocks: both.filter(({ isShared }) => isShared).map(({ name }) => name),
    differentBlocks: both.filter(({ isShared }) => !isShared).map(({ name }) => name),
  };
}
