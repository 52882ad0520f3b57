import type { Cell, Engine } from '../../../../connectors/engines/engine.ts';
import { literalRows } from '../../../../transforms/identity/matching/literal-rows.ts';

/** One account as the stage identity has standardised it; what it lacks is null. */
export interface MatchingAccount {
  source: string;
  ref: string;
  given?: string | null;
  family?: string | null;
  email?: string | null;
  phone?: string | null;
  born?: string | null;
  street?: string | null;
  city?: string | null;
  postcode?: string | null;
  taxId?: string | null;
}

export type Decided = readonly [decision: 'must_link' | 'cannot_link', one: string, other: string];

const givenNames = ['anna', 'bert', 'carla', 'dirk', 'elena', 'frank', 'greta', 'hugo', 'ines', 'jonas'];
const familyNames = [
  'adler',
  'brandt',
  'conrad',
  'dorn',
  'ebert',
  'falk',
  'graf',
  'hahn',
  'iller',
  'jansen',
  'kern',
];
const cities = ['berlin', 'bonn', 'bremen'];

/** The person of that number, as the shop knows her. */
export function person(index: number): MatchingAccount {
  const given = givenNames[index % givenNames.length] ?? '';
  const family = familyNames[(index * 7) % familyNames.length] ?? '';
  return {
    source: 'shop',
    ref: `s${String(index).padStart(4, '0')}`,
    given,
    family,
    email: `${given}.${family}${index * 37}@example.org`,
    phone: `+4930${1_000_000 + index * 7919}`,
    born: `19${50 + (index % 45)}-0${1 + (index % 9)}-${10 + (index % 18)}`,
    street: `${1 + (index % 90)} ${familyNames[(index * 3) % familyNames.length]} street`,
    city: cities[index % 3] ?? '',
    postcode: String(10_000 + (index % 60) * 13),
  };
}

/** So many people with an account in the shop and one in the desk, which lacks the phone, or the e-mail, or has a slip. */
export function people(count: number): MatchingAccount[] {
  return Array.from({ length: count }, (_, index) => {
    const shop = person(index);
    const desk = { ...shop, source: 'desk', ref: `d${String(index).padStart(4, '0')}` };
    if (index % 3 === 0) return [shop, { ...desk, phone: null }];
    if (index % 3 === 1) return [shop, { ...desk, email: null, given: `${shop.given}e` }];
    return [shop, { ...desk, street: null, born: null }];
  }).flat();
}

/** Writes the tables that matching reads, as the steps before it leave them. */
export async function writeMatchingInput(
  engine: Engine,
  accounts: readonly MatchingAccount[],
  decisions: readonly Decided[] = [],
): Promise<void> {
  const keyOf = ({ source, ref }: MatchingAccount): string => `${source}:${ref}`;
  const ordered = [...accounts].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const numbers = new Map(ordered.map((account, index) => [keyOf(account), index + 1]));
  const rows = accounts.map((account): Cell[] => [
    ...[numbers.get(keyOf(account)) ?? 0, account.source, account.ref, account.given ?? null],
    ...[account.family ?? null, account.email ?? null, account.phone ?? null, account.born ?? null],
    ...[account.street ?? null, account.city ?? null, account.postcode ?? null, account.taxId ?? null],
  ]);
  const columns = {
    account_number: 'bigint',
    source: 'text',
    account_ref: 'text',
    given_name: 'text',
    family_name: 'text',
    email: 'text',
    phone: 'text',
    date_of_birth: 'date',
    street: 'text',
    city: 'text',
    postcode: 'text',
    tax_id: 'text',
  };
  await engine.buildTable({ schema: 'identity', table: 'test_rows' }, literalRows(columns, rows));
  const build = (schema: string, table: string, select: string) =>
    engine.buildTable({ schema, table }, select);
  await build('identity', 'accounts', 'select account_number, source, account_ref from identity.test_rows');
  await build(
    'identity',
    'standardised',
    `select source, 'people' as source_table, account_ref as source_key, account_number, given_name,
       cast(null as text) as middle_name, family_name, cast(null as text) as company_name, email, phone, tax_id,
       date_of_birth, 'DE' as country, postcode
     from identity.test_rows`,
  );
  await build(
    'entities',
    'accounts',
    `select source, 'people' as source_table, account_ref as source_key, street, city from identity.test_rows`,
  );
  const ignored = { attribute: 'text', value: 'text' };
  await build('identity', 'ignored_values', literalRows(ignored, []));
  await build(
    'identity',
    'rule_links',
    `select one.account_number, other.account_number as other_account_number, 'tax_id' as rule
     from identity.test_rows as one
     inner join identity.test_rows as other
       on other.tax_id = one.tax_id and one.account_number < other.account_number`,
  );
  const decided = decisions.map(([decision, one, other]): Cell[] => [
    decision,
    numbers.get(one) ?? null,
    numbers.get(other) ?? null,
  ]);
  const decisionColumns = { decision: 'text', account_number: 'bigint', other_account_number: 'bigint' };
  await build('identity', 'decisions', literalRows(decisionColumns, decided));
  await build(
    'settings',
    'run',
    `select cast('2024-12-31' as date) as as_of, cast('r_test' as text) as run_id`,
  );
}

/** Each customer as the names of its accounts, in order. */
export async function customersOf(engine: Engine): Promise<string[][]> {
  const rows = await engine.query<{ cluster: string; name: string }>(
    `select cluster.cluster, account.source || ':' || account.account_ref as name
     from identity.clusters as cluster
     inner join identity.accounts as account on account.account_number = cluster.account_number
     order by cluster.account_number nulls last`,
  );
  const groups = new Map<string, string[]>();
  for (const { cluster, name } of rows) groups.set(cluster, [...(groups.get(cluster) ?? []), name]);
  return [...groups.values()];
}

export async function tableOf(engine: Engine, table: string): Promise<string[]> {
  const rows = await engine.query(`select * from identity.${table}`);
  return rows.map((row) => JSON.stringify(row)).sort();
}
