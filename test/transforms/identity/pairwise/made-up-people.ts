import type { DuckDBConnection } from '@duckdb/node-api';
import { defaultPairwiseSettings } from '../../../../transforms/identity/pairwise/default-settings.ts';
import {
  type Resolution,
  type ResolveOptions,
  resolve,
} from '../../../../transforms/identity/pairwise/resolve.ts';
import type { PairwiseSettings } from '../../../../transforms/identity/pairwise/settings.ts';

export type Account = Record<string, string | null>;

/** Resolves accounts; the first has number 1. Rows may stand in any order, numbers tell which is which. */
export async function customersOf(
  connection: DuckDBConnection,
  accounts: readonly Account[],
  settings: PairwiseSettings = defaultPairwiseSettings,
  options: ResolveOptions = {},
  order: readonly number[] = accounts.map((_, index) => index),
): Promise<Resolution> {
  const names = [...new Set(accounts.flatMap((account) => Object.keys(account)))];
  const text = (value: string | null | undefined): string =>
    value === null || value === undefined ? 'null' : `'${value.replaceAll("'", "''")}'`;
  const rows = order.map(
    (index) => `(${index + 1}, ${names.map((name) => text(accounts[index]?.[name])).join(', ')})`,
  );
  await connection.run(
    `create or replace temp table input as select * from (values ${rows.join(', ')}) as t (account_number, ${names.join(', ')})`,
  );
  return resolve(connection, 'input', settings, options);
}

export const givenNames = [
  'anna',
  'bert',
  'carla',
  'dirk',
  'elena',
  'frank',
  'greta',
  'hugo',
  'ines',
  'jonas',
];
export const familyNames = [
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

/** So many people, each with an account in two systems that agree on all but the phone. */
export function people(count: number): Account[] {
  return Array.from({ length: count }, (_, index) => {
    const given = givenNames[index % givenNames.length] ?? '';
    const family = familyNames[(index * 7) % familyNames.length] ?? '';
    const person = {
      given_name: given,
      family_name: family,
      email: `${given}.${family}${index * 37}@example.org`,
      date_of_birth: `19${String(50 + (index % 45))}-0${1 + (index % 9)}-${10 + (index % 18)}`,
      street: `${1 + index} ${familyNames[(index * 3) % familyNames.length]} street`,
      city: ['berlin', 'bonn', 'bremen'][index % 3] ?? '',
      postcode: String(10_000 + index * 13),
    };
    return [
      { ...person, phone: `+4930${String(1_000_000 + index * 7919)}` },
      { ...person, phone: null },
    ];
  }).flat();
}
