import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import { WhalecurveError } from '../config/error.ts';
import { suggestion } from '../config/nearest-word.ts';
import type { IdentityDecision } from '../transforms/identity/decisions.ts';

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
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new WhalecurveError('WC-FILE-001', `the decisions ${file} cannot be read`, {
      where: 'identity.decisions.file',
      cause,
    });
  });
  const { data, errors, meta } = Papa.parse<Record<string, string | undefined>>(text.replace(/^\uFEFF/, ''), {
    header: true,
    skipEmptyLines: true,
  });
  const missing = columns.filter((column) => !meta.fields?.includes(column));
  if (missing.length > 0) {
    throw new WhalecurveError('WC-FILE-002', `the decisions lack the column ${missing.join(', ')}`, {
      where: `${file}:1`,
      hint: `the first line is ${columns.join(',')}`,
    });
  }
  const [broken] = errors;
  if (broken !== undefined) {
    throw new WhalecurveError('WC-FILE-002', broken.message, { where: `${file}:${(broken.row ?? 0) + 2}` });
  }
  return data.map((row, index) => decisionOf(row, `${file}:${index + 2}`, sourceNames));
}

function decisionOf(
  row: Record<string, string | undefined>,
  where: string,
  sourceNames: readonly string[],
): IdentityDecision {
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
