import { errorOf, WhalecurveError } from '../../config/error.ts';
import type { JudgedPairs, TruePersons, Truth } from '../../transforms/identity/measure/truth.ts';
import { Connected } from '../../transforms/identity/pairwise/connected.ts';
import { type AccountKey, keyText } from '../../transforms/identity/review/stored-decisions.ts';
import type { CommandIo } from '../command-io.ts';
import { type GivenCsv, type GivenLine, readGivenCsv } from '../given-csv.ts';
import { accountIn, namesAccount } from './account-key.ts';

/** What the help and the error say of the file. */
export const truthForms =
  'account,person: one line for each account (crm:123) with whoever it is in truth;\n' +
  'or account,other_account: one line for two accounts that are one customer;\n' +
  'or account,other_account,same (yes or no): then only these pairs are judged.\n' +
  'source,account_ref (and other_source,other_account_ref) may stand in place of account.';

/** Names under which the column of the person is known. */
const personColumns = ['person', 'true_customer', 'customer', 'cluster'];

/**
 * Reads the truth in one of the forms above.
 *
 * @throws WC-FILE-001 if there is no such file, WC-FILE-002 for one that is in no form, or contradicts itself
 */
export async function readTruth(io: CommandIo, file: string): Promise<Truth> {
  const given = await readGivenCsv(io, file);
  const { columns } = given;
  const person = personColumns.find((name) => columns.includes(name));
  if (namesAccount(columns, '') && namesAccount(columns, 'other_')) {
    const pairs = judgedPairs(given);
    return columns.includes('same') ? pairs : personsOf(pairs);
  }
  if (namesAccount(columns, '') && person !== undefined) return truePersons(given, person);
  throw new WhalecurveError('WC-FILE-002', `the columns ${columns.join(', ')} are no truth`, {
    where: `${file}:1`,
    hint: `the first line is ${truthForms.replaceAll('\n', ' ')}`,
  });
}

function truePersons({ file, lines }: GivenCsv, personColumn: string): TruePersons {
  const known = new Map<string, { person: string; line: number }>();
  const problems: WhalecurveError[] = [];
  const [accounts, persons]: [AccountKey[], string[]] = [[], []];
  for (const { line, cells } of lines) {
    const account = accountIn(cells, '', `${file}:${line}`);
    const person = cells[personColumn] ?? '';
    if (person === '') throw unfit(`no ${personColumn}`, `${file}:${line}`);
    const before = known.get(keyText(account));
    if (before === undefined) {
      known.set(keyText(account), { person, line });
      accounts.push(account);
      persons.push(person);
    } else if (before.person !== person) {
      const message = `${keyText(account)} is ${person} here and ${before.person} in line ${before.line}`;
      problems.push(unfit(message, `${file}:${line}`));
    }
  }
  refuse(problems, file);
  return { form: 'persons', accounts, persons };
}

function judgedPairs({ file, lines }: GivenCsv): JudgedPairs {
  const places = new Map<string, number>();
  const accounts: AccountKey[] = [];
  const placeOf = (account: AccountKey): number => {
    const known = places.get(keyText(account));
    if (known !== undefined) return known;
    places.set(keyText(account), accounts.length);
    return accounts.push(account) - 1;
  };
  const judged = new Map<string, { one: number; other: number; isSame: boolean; line: number }>();
  const problems: WhalecurveError[] = [];
  for (const given of lines) {
    const where = `${file}:${given.line}`;
    const ends = [
      placeOf(accountIn(given.cells, '', where)),
      placeOf(accountIn(given.cells, 'other_', where)),
    ];
    const [one, other] = [Math.min(...ends), Math.max(...ends)];
    if (one === other) throw unfit('an account is paired with itself', where);
    const isSame = isSameIn(given, file);
    const before = judged.get(`${one} ${other}`);
    if (before !== undefined && before.isSame !== isSame)
      problems.push(unfit(`the two accounts are judged otherwise in line ${before.line}`, where));
    else judged.set(`${one} ${other}`, { one, other, isSame, line: given.line });
  }
  refuse(problems, file);
  const pairs = [...judged.values()].map(({ one, other, isSame }) => ({ one, other, isSame }));
  return { form: 'pairs', accounts, pairs };
}

function isSameIn({ line, cells }: GivenLine, file: string): boolean {
  const word = (cells.same ?? 'yes').trim().toLowerCase();
  if (['yes', 'true', '1', 'same'].includes(word)) return true;
  if (['no', 'false', '0', 'different'].includes(word)) return false;
  throw unfit(`\`${word}\` is neither yes nor no`, `${file}:${line}`);
}

/** Accounts that pairs hold together are one person. */
function personsOf({ accounts, pairs }: JudgedPairs): TruePersons {
  const connected = new Connected(accounts.length);
  for (const { one, other } of pairs) connected.connect(one, other);
  return { form: 'persons', accounts, persons: accounts.map((_, place) => String(connected.rootOf(place))) };
}

function refuse(problems: readonly WhalecurveError[], file: string): void {
  const [first, ...others] = problems;
  if (first !== undefined) throw errorOf([first, ...others], file);
}

function unfit(message: string, where: string): WhalecurveError {
  return new WhalecurveError('WC-FILE-002', message, { where });
}
