import { WhalecurveError } from '../../config/error.ts';
import type { AccountKey } from '../../transforms/identity/review/stored-decisions.ts';

/** Which of the two accounts of a line. */
export type Side = '' | 'other_';

/** Whether a file names the account in one column (`account`: crm:123) or in two (`source`, `account_ref`). */
export function namesAccount(columns: readonly string[], side: Side): boolean {
  return (
    columns.includes(`${side}account`) ||
    (columns.includes(`${side}source`) && columns.includes(`${side}account_ref`))
  );
}

/** The account that a line names. @throws WC-FILE-002 where it names none */
export function accountIn(cells: Readonly<Record<string, string>>, side: Side, where: string): AccountKey {
  const written = cells[`${side}account`];
  const account =
    written === undefined
      ? { source: cells[`${side}source`] ?? '', accountRef: cells[`${side}account_ref`] ?? '' }
      : split(written);
  if (account.source !== '' && account.accountRef !== '') return account;
  const message =
    written === undefined
      ? `no ${account.source === '' ? `${side}source` : `${side}account_ref`}`
      : `\`${written}\` is no account`;
  throw new WhalecurveError('WC-FILE-002', message, { where, hint: 'an account is written as crm:123' });
}

/** `crm:123` of the command line. @throws WC-USAGE-001 where it is no account */
export function writtenAccount(text: string): AccountKey {
  const account = split(text);
  if (account.source !== '' && account.accountRef !== '') return account;
  throw new WhalecurveError('WC-USAGE-001', `\`${text}\` is no account`, {
    hint: 'write it as source:account_ref, for example crm:123',
  });
}

/** The name of a source holds no colon; the account in it may. */
function split(text: string): AccountKey {
  const colon = text.indexOf(':');
  return { source: text.slice(0, Math.max(colon, 0)), accountRef: text.slice(colon + 1) };
}
