import { errorOf, WhalecurveError } from '../../../config/error.ts';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { tableExists } from '../temporary-table.ts';
import { contradictoryDecisions, type PlacedDecision } from './contradictory-decisions.ts';
import {
  type AccountKey,
  keyText,
  type ReviewDecision,
  readReviewDecisions,
  storeReviewDecisions,
} from './stored-decisions.ts';

/** A decision as a person hands it in. */
export interface HandedIn extends Omit<ReviewDecision, 'decision'> {
  /** undecided takes an earlier decision back. */
  decision: ReviewDecision['decision'] | 'undecided';
  /** Line of the file, for an error. */
  where: string;
}

export interface TakenDecisions {
  mustLink: number;
  cannotLink: number;
  takenBack: number;
}

/**
 * Stores what people decided, all of it or nothing; the next run obeys.
 *
 * @throws WC-REVIEW-001 for accounts that no run has seen, and for decisions that contradict each other, those of
 *   earlier reviews or those of the config
 */
export async function takeDecisions(engine: Engine, handedIn: readonly HandedIn[]): Promise<TakenDecisions> {
  await refuseUnknownAccounts(engine, handedIn);
  const byPair = new Map(handedIn.map((given) => [pairText(given), given]));
  refuse(
    handedIn
      .filter((given) => byPair.get(pairText(given))?.decision !== given.decision)
      .map((given) =>
        problem(
          `the same two accounts are decided on otherwise in ${byPair.get(pairText(given))?.where}`,
          given.where,
        ),
      ),
  );
  const earlier = await readReviewDecisions(engine);
  const decided = [...byPair.values()].filter(isDecided);
  const all: PlacedDecision[] = [
    ...decided,
    ...earlier
      .filter((one) => !byPair.has(pairText(one)))
      .map((one) => ({ ...one, where: `the review of ${one.decidedAt.slice(0, 10)} by ${one.decidedBy}` })),
    ...(await configuredDecisions(engine)),
  ];
  const lines = new Set(handedIn.map(({ where }) => where));
  refuse(
    contradictoryDecisions(all).map(({ apart, together }) => {
      const chain = together.map(
        ({ account, other, where }) => `${keyText(account)} = ${keyText(other)} (${where})`,
      );
      const message = `${keyText(apart.account)} and ${keyText(apart.other)} are different by ${apart.where}, but the same by ${chain.join(', ')}`;
      return problem(message, [apart, ...together].find(({ where }) => lines.has(where))?.where);
    }),
  );
  const takenBack = earlier.filter((one) => byPair.get(pairText(one))?.decision === 'undecided');
  await storeReviewDecisions(engine, { store: decided, remove: takenBack });
  const mustLink = decided.filter(({ decision }) => decision === 'must_link').length;
  return { mustLink, cannotLink: decided.length - mustLink, takenBack: takenBack.length };
}

/** Those of the config, as the last run had them. */
export async function configuredDecisions(engine: Engine): Promise<PlacedDecision[]> {
  if (!(await tableExists(engine, 'settings', 'identity_decisions'))) return [];
  const rows = await engine.query(
    `select decision, source, account_ref, other_source, other_account_ref from settings.identity_decisions
     order by source nulls last, account_ref nulls last, other_source nulls last, other_account_ref nulls last`,
  );
  return rows.map((row) => ({
    account: { source: String(row.source), accountRef: String(row.account_ref) },
    other: { source: String(row.other_source), accountRef: String(row.other_account_ref) },
    decision: row.decision === 'must_link' ? 'must_link' : 'cannot_link',
    where: 'the config',
  }));
}

function isDecided(given: HandedIn): given is HandedIn & ReviewDecision {
  return given.decision !== 'undecided';
}

/** Keys of so many accounts go into one question. */
const keysAtOnce = 500;

async function refuseUnknownAccounts(engine: Engine, handedIn: readonly HandedIn[]): Promise<void> {
  const named = [
    ...new Map(
      handedIn.flatMap(({ account, other }) => [account, other]).map((key) => [keyText(key), key]),
    ).values(),
  ];
  const known = new Set<string>();
  for (let first = 0; first < named.length; first += keysAtOnce) {
    for (const key of await knownAmong(engine, named.slice(first, first + keysAtOnce))) known.add(key);
  }
  refuse(
    handedIn.flatMap(({ account, other, where }) =>
      [account, other]
        .filter((key) => !known.has(keyText(key)))
        .map((key) => problem(`there is no account ${keyText(key)}`, where)),
    ),
  );
}

async function knownAmong(engine: Engine, keys: readonly AccountKey[]): Promise<string[]> {
  const conditions = keys.map(
    (_, index) => `(source = $${2 * index + 1} and account_ref = $${2 * index + 2})`,
  );
  const rows = await engine.query(
    `select source, account_ref from identity.accounts where ${conditions.join(' or ')}`,
    keys.flatMap(({ source, accountRef }) => [source, accountRef]),
  );
  return rows.map((row) => keyText({ source: String(row.source), accountRef: String(row.account_ref) }));
}

function pairText({ account, other }: { account: AccountKey; other: AccountKey }): string {
  return `${keyText(account)}\n${keyText(other)}`;
}

function problem(message: string, where: string | undefined): WhalecurveError {
  return new WhalecurveError('WC-REVIEW-001', message, { where });
}

function refuse(problems: readonly WhalecurveError[]): void {
  const [first, ...others] = problems;
  if (first !== undefined) throw errorOf([first, ...others], 'the decisions');
}
