import { WhalecurveError } from '../../../config/error.ts';
import type { IdentitySettings } from '../../../config/identity-settings.ts';
import type { Engine, Row } from '../../../connectors/engines/engine.ts';
import { hashOfSettings } from '../matching/kept-model.ts';
import { configuredMatching } from '../pairwise/configured-settings.ts';
import { type AccountKey, inOrder, keyText } from '../review/stored-decisions.ts';
import { type ScoredPair, scorePair } from './score-pair.ts';

export interface ExplainedPair extends ScoredPair {
  /** Of each account, as of the last run. */
  customers: readonly [string, string];
  isOneCustomer: boolean;
  /** What the last run made of the two: identity.links.decision; null where there is no such row. */
  decision: 'accepted' | 'certain' | 'must_link' | 'review' | null;
  /** Certain rule that links the two themselves. */
  rule: string | null;
  /** Why the two are apart although they were to be joined: identity.cuts. */
  keptApart: { reason: string; isDirect: boolean } | null;
  /** What a person said, in the settings or in a review. */
  decided: { decision: 'must_link' | 'cannot_link'; origin: string } | null;
  /** Every two accounts were compared: blocking did not matter. */
  areAllPairsCompared: boolean;
  /** Of the shared blocks, those of rules that left out blocks that were too large. */
  maybeLeftOut: readonly string[];
  /** The settings changed since the model was learned: the next run learns anew. */
  areSettingsChanged: boolean;
}

/**
 * All that is known of why two accounts are one customer, or two.
 *
 * @throws WC-USAGE-001 for an account that no run has seen, or the same one twice
 */
export async function explainTwoAccounts(
  engine: Engine,
  settings: IdentitySettings,
  [first, second]: readonly [AccountKey, AccountKey],
): Promise<ExplainedPair> {
  const [one, other] = inOrder(first, second);
  if (keyText(one) === keyText(other)) {
    throw new WhalecurveError('WC-USAGE-001', `${keyText(one)} and ${keyText(other)} are the same account`, {
      hint: 'name two accounts, or one alone to explain its customer',
    });
  }
  const customers: [string, string] = [await customerOf(engine, one), await customerOf(engine, other)];
  const scored = await scorePair(engine, settings, [one, other]);
  const link = await pairRow(engine, 'identity.links', 'decision, rule', [one, other]);
  const cut = await pairRow(engine, 'identity.cuts', 'reason, is_direct', [one, other]);
  const decided = await pairRow(engine, 'identity.decisions', 'decision, origin', [one, other]);
  const blocking = await engine.query(
    'select rule, blocks_left_out from identity.blocking order by rule nulls last',
  );
  const leftOut = blocking.filter((rule) => Number(rule.blocks_left_out) > 0);
  const [model] = await engine.query('select min(settings_hash) as hash from identity.model');
  return {
    ...scored,
    customers,
    isOneCustomer: customers[0] === customers[1],
    decision: (link?.decision ?? null) as ExplainedPair['decision'],
    rule: link?.rule == null ? null : String(link.rule),
    keptApart: cut === undefined ? null : { reason: String(cut.reason), isDirect: cut.is_direct === true },
    decided:
      decided === undefined
        ? null
        : {
            decision: decided.decision === 'must_link' ? 'must_link' : 'cannot_link',
            origin: String(decided.origin),
          },
    areAllPairsCompared: blocking.some(({ rule }) => rule === 'all pairs'),
    maybeLeftOut: scored.sharedBlocks.filter((name) => leftOut.some(({ rule }) => rule === name)),
    areSettingsChanged:
      scored.kind === 'learned' && model?.hash !== hashOfSettings(configuredMatching(settings).pairwise),
  };
}

async function customerOf(engine: Engine, account: AccountKey): Promise<string> {
  const [member] = await engine.query(
    'select customer_id from identity.members where source = $1 and account_ref = $2',
    [account.source, account.accountRef],
  );
  if (member !== undefined) return String(member.customer_id);
  throw new WhalecurveError('WC-USAGE-001', `there is no account ${keyText(account)}`, {
    hint: 'an account is written as source:account_ref, as warehouse.customer_accounts has it',
  });
}

async function pairRow(
  engine: Engine,
  table: string,
  columns: string,
  [one, other]: readonly [AccountKey, AccountKey],
): Promise<Row | undefined> {
  const [row] = await engine.query(
    // Decisions have the two in the order in which they were written.
    `select ${columns} from ${table}
     where (source = $1 and account_ref = $2 and other_source = $3 and other_account_ref = $4)
       or (source = $3 and account_ref = $4 and other_source = $1 and other_account_ref = $2)`,
    [one.source, one.accountRef, other.source, other.accountRef],
  );
  return row;
}
