import { join } from 'node:path';
import type { PairwiseSettings } from '../transforms/identity/pairwise/settings.ts';

/** A data set whose truth is known: account_number, the columns that identity reads, and `truth`, which it never sees. */
export interface LabelledSet {
  name: string;
  /** File that must be there. */
  file: string;
  sql: (file: string) => string;
  /** Columns that the product does not know, compared as words. */
  ownAttributes: readonly string[];
}

/** Only the mapping of columns differs between the sets. */
export function labelledSets(folder: string): LabelledSet[] {
  return [
    {
      name: 'febrl dataset3',
      file: join(folder, 'febrl/dataset3.csv'),
      ownAttributes: ['region'],
      // The social security number, which tells nearly all, is left out as its README says.
      sql: (file) => `
        select row_number() over (order by record) as account_number, regexp_extract(record, 'rec-(\\d+)', 1) as truth,
          trim(given_name) as given_name, trim(surname) as family_name,
          concat_ws(' ', trim(street_number), trim(address_1), trim(address_2)) as street, trim(suburb) as city,
          trim(postcode) as postcode, trim(state) as region, trim(birth) as date_of_birth
        from read_csv('${file}', header = false, skip = 1, all_varchar = true, delim = ',', quote = '', escape = '',
          names = ['record', 'given_name', 'surname', 'street_number', 'address_1', 'address_2', 'suburb', 'postcode', 'state', 'birth', 'number'])`,
    },
    {
      name: 'historical figures 50k',
      file: join(folder, 'historical_figures_50k/historical_figures_with_errors_50k.parquet'),
      ownAttributes: ['occupation'],
      sql: (file) => `
        select row_number() over (order by unique_id) as account_number, cluster as truth, full_name,
          dob as date_of_birth, birth_place as city, postcode_fake as postcode, occupation
        from read_parquet('${file}')`,
    },
    {
      name: 'fake_1000',
      file: join(folder, 'fake_1000/fake_1000.csv'),
      ownAttributes: [],
      sql: (file) => `
        select row_number() over (order by unique_id) as account_number, cluster as truth, first_name as given_name,
          surname as family_name, dob as date_of_birth, city, email
        from read_csv('${file}', header = true, all_varchar = true)`,
    },
  ];
}

/** The one configuration with the set's own columns added as a user would add them. */
export function withOwnAttributes(settings: PairwiseSettings, names: readonly string[]): PairwiseSettings {
  return {
    ...settings,
    attributes: names.map((name) => ({ name })),
    comparisons: [
      ...settings.comparisons,
      ...names.map((name) => ({
        name,
        attributes: [name],
        missing: `l.${name} is null or r.${name} is null`,
        levels: [
          { name: 'equal', when: `l.${name} = r.${name}`, rarity: [name], m: 0.8, u: 1 },
          {
            name: 'close',
            when: `bit_count(xor(l.${name}_letters, r.${name}_letters)) <= 4 and jaro_winkler_similarity(l.${name}, r.${name}) >= 0.9`,
            m: 0.1,
            u: 0.02,
          },
          { name: 'different', when: 'true', m: 0.1, u: 0.93 },
        ],
      })),
    ],
  };
}
