import { WhalecurveError } from '../../config/error.ts';
import type { IdentitySettings } from '../../config/identity-settings.ts';

/** What a person decided on two accounts, each written `source:account_ref`. */
export interface IdentityDecision {
  decision: 'must_link' | 'cannot_link';
  account: string;
  otherAccount: string;
  /** Where it is written, for an error. */
  where: string;
}

/**
 * The decisions of the config and of its file as rows (decision, source, account_ref, other source, other account_ref), each
 * pair once and in order. Of accounts that are one customer each is linked with the first.
 *
 * @throws WC-CONFIG-007 where one decision says of two accounts what another denies
 */
export function pairsDecided(
  settings: Pick<IdentitySettings, 'must_link' | 'cannot_link'>,
  decided: readonly IdentityDecision[],
): string[][] {
  const all = [...groupsDecided(settings), ...decided].map(inOrder);
  const known = new Map<string, IdentityDecision>();
  for (const one of all) {
    const pair = `${one.account}\n${one.otherAccount}`;
    const earlier = known.get(pair);
    if (earlier !== undefined && earlier.decision !== one.decision) {
      throw new WhalecurveError(
        'WC-CONFIG-007',
        `${one.account} and ${one.otherAccount} are ${one.decision} here and ${earlier.decision} in ${earlier.where}`,
        { where: one.where, hint: 'keep one of the two decisions' },
      );
    }
    known.set(pair, one);
  }
  return [...known.entries()]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, { decision, account, otherAccount }]) => [decision, ...parts(account), ...parts(otherAccount)]);
}

function groupsDecided({
  must_link: together,
  cannot_link: apart,
}: Pick<IdentitySettings, 'must_link' | 'cannot_link'>): IdentityDecision[] {
  return [
    ...together.flatMap(([account = '', ...others], index) =>
      others.map((otherAccount) => ({
        decision: 'must_link' as const,
        account,
        otherAccount,
        where: `identity.must_link[${index}]`,
      })),
    ),
    ...apart.flatMap((accounts, index) =>
      accounts.flatMap((account, place) =>
        accounts.slice(place + 1).map((otherAccount) => ({
          decision: 'cannot_link' as const,
          account,
          otherAccount,
          where: `identity.cannot_link[${index}]`,
        })),
      ),
    ),
  ];
}

function inOrder(decision: IdentityDecision): IdentityDecision {
  const { account, otherAccount } = decision;
  return account <= otherAccount ? decision : { ...decision, account: otherAccount, otherAccount: account };
}

/** A source has no colon in its name; an account_ref may have. */
function parts(account: string): [source: string, accountRef: string] {
  const colon = account.indexOf(':');
  return [account.slice(0, colon), account.slice(colon + 1)];
}
