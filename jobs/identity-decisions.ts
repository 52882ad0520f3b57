import { WhalecurveError } from '../config/error.ts';
import { suggestion } from '../config/nearest-word.ts';
import type { IdentityDecision } from '../transforms/identity/decisions.ts';
import { readSettingsCsv, type SettingsRow } from './settings-csv.ts';

const columns = ['decision', 'account', 'other_account'] as const;

/**
 * The decisions of `identity.decisions.file`: CSV with the columns decision (must_link or cannot_link), account,
 * other_account, accounts as source:account_ref. Further columns are left alone.
 *
 * @throws WC-FILE-001 if there is no such file, WC-FILE-002 for a row that is no decision, with its line
 */
export async function readDecisions(
  file: string,
  sourceNames: readonly string[],
): Promise<IdentityDecision[]> {
  const csv = { file, what: 'decisions', key: 'identity.decisions.file', columns };
  return readSettingsCsv(csv, (row, where) => decisionOf(row, where, sourceNames));
}

function decisionOf(row: SettingsRow, where: string, sourceNames: readonly string[]): IdentityDecision {
  const { decision = '', account = '', other_account: otherAccount = '' } = row;
  const refuse = (message: string, hint: string | undefined): never => {
    throw new WhalecurveError('WC-FILE-002', message, { where, hint });
  };
  if (decision !== 'must_link' && decision !== 'cannot_link') {
    return refuse(`\`${decision}\` is no decision`, 'write must_link or cannot_link');
  }
  for (const one of [account, otherAccount]) {
    const [source = '', ...ref] = one.split(':');
    if (ref.join(':') === '') refuse(`\`${one}\` is no account`, 'write it as source:account_ref');
    if (!sourceNames.includes(source)) {
      refuse(`\`${one}\` names no source of the config`, suggestion(source, sourceNames));
    }
  }
  if (account === otherAccount) refuse(`\`${account}\` stands on both sides`, 'name two accounts');
  return { decision, account, otherAccount, where };
}
