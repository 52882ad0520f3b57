import { join } from 'node:path';
import type { PairwiseSettings } from '../transforms/identity/pairwise/settings.ts';
import { generatedAccountsSql, writeGeneratedAccounts } from './generated-accounts.ts';
import { generatedRegisterSql, writeNamesAndDates, writeOrganisations } from './generated-registers.ts';

/** A data set whose truth is known: account_number, the columns that identity reads, and `truth`, which it never sees. */
export interface LabelledSet {
  name: string;
  /** False where defaults were chosen while looking at its figures. */
  isHeldOut: boolean;
  /** File that must be there; none where the set is generated. */
  file?: string;
  /** Writes what `sql` reads into the folder. */
  generate?: (folder: string) => void;
  /** `folder` is that of the bench's own files. */
  sql: (folder: string) => string;
  /** Columns that the product does not know, compared as words. */
  ownAttributes: readonly string[];
  /** Columns that are taken away. */
  without?: readonly string[];
  /** Sources that have one account per customer. */
  uniqueWithin?: readonly string[];
}

const address = ['street', 'city', 'postcode', 'region'];

/** Only the mapping of columns differs between the sets. */
export function labelledSets(folder: string): LabelledSet[] {
  const [febrl1, febrl2, febrl3] = [febrl(folder, 1), febrl(folder, 2), febrl(folder, 3)];
  const historicalFile = join(folder, 'historical_figures_50k/historical_figures_with_errors_50k.parquet');
  const historical: LabelledSet = {
    name: 'historical figures 50k',
    isHeldOut: false,
    ownAttributes: ['occupation'],
    file: historicalFile,
    sql: () => `
      select row_number() over (order by unique_id) as account_number, cluster as truth, full_name,
        dob as date_of_birth, birth_place as city, postcode_fake as postcode, occupation
      from read_parquet('${historicalFile}')`,
  };
  const fakeFile = join(folder, 'fake_1000/fake_1000.csv');
  const fake: LabelledSet = {
    name: 'fake_1000',
    isHeldOut: false,
    ownAttributes: [],
    file: fakeFile,
    sql: () => `
      select row_number() over (order by unique_id) as account_number, cluster as truth, first_name as given_name,
        surname as family_name, dob as date_of_birth, city, email
      from read_csv('${fakeFile}', header = true, all_varchar = true)`,
  };
  const organisations: LabelledSet = {
    name: 'generated organisations, two sources',
    isHeldOut: true,
    ownAttributes: [],
    generate: (work) => writeOrganisations(4000, work),
    sql: generatedRegisterSql,
    uniqueWithin: ['register'],
  };
  const inCompany = (name: string, seed: number, where = 'true'): LabelledSet => ({
    name: `generated, seed ${seed}, ${name}`,
    isHeldOut: seed !== 1,
    ownAttributes: [],
    generate: (work) => writeGeneratedAccounts({ seed, customers: 6000 }, work),
    sql: (work) => `select * from (${generatedAccountsSql(work)}) where ${where}`,
  });
  return [
    febrl3,
    historical,
    fake,
    inCompany('6,000 customers', 1),
    heldOut(febrl1),
    heldOut(febrl2),
    heldOut({ ...febrl1, name: 'febrl dataset1, two files to link', uniqueWithin: ['org', 'dup'] }),
    heldOut({ ...febrl3, name: 'febrl dataset3, names and dates', without: address, ownAttributes: [] }),
    heldOut({ ...febrl2, name: 'febrl dataset2, names and dates', without: address, ownAttributes: [] }),
    heldOut({
      ...historical,
      name: 'historical figures, names and dates',
      without: ['city', 'postcode', 'occupation'],
      ownAttributes: [],
    }),
    heldOut({ ...fake, name: 'fake_1000, names and dates', without: ['city', 'email'] }),
    {
      name: 'generated names and dates',
      isHeldOut: true,
      ownAttributes: [],
      generate: (work) => writeNamesAndDates(9000, work),
      sql: generatedRegisterSql,
    },
    organisations,
    {
      ...organisations,
      name: 'generated organisations, names and towns',
      without: ['street', 'postcode', 'phone'],
    },
    inCompany('6,000 customers', 2),
    inCompany('companies', 2, 'company_name is not null'),
    inCompany('people', 2, 'company_name is null'),
  ];
}

function heldOut(set: LabelledSet): LabelledSet {
  return { ...set, isHeldOut: true };
}

/** The social security number, which tells nearly all, is left out as the README of the data says. */
function febrl(folder: string, number: 1 | 2 | 3): LabelledSet {
  const file = join(folder, `febrl/dataset${number}.csv`);
  return {
    name: `febrl dataset${number}`,
    isHeldOut: false,
    file,
    ownAttributes: ['region'],
    sql: () => `
      select row_number() over (order by record) as account_number, regexp_extract(record, 'rec-(\\d+)', 1) as truth,
        case when contains(record, '-org') then 'org' else 'dup' end as source,
        trim(given_name) as given_name, trim(surname) as family_name,
        concat_ws(' ', trim(street_number), trim(address_1), trim(address_2)) as street, trim(suburb) as city,
        trim(postcode) as postcode, trim(state) as region, trim(birth) as date_of_birth
      from read_csv('${file}', header = false, skip = 1, all_varchar = true, delim = ',', quote = '', escape = '',
        names = ['record', 'given_name', 'surname', 'street_number', 'address_1', 'address_2', 'suburb', 'postcode', 'state', 'birth', 'number'])`,
  };
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
