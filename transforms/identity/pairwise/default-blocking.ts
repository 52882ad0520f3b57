import type { BlockingRule } from './settings.ts';

/** Both names in alphabetical order: a name is found with its parts swapped. */
const bothNames = "least(given_name, family_name) || '|' || greatest(given_name, family_name)";
const eitherInitial = 'left(coalesce(given_name, family_name, company_name), 1)';
const birthYear = 'left(date_of_birth, 4)';

/**
 * Cheap and sure rules first: a pair counts for the first rule that finds it, and the looser ones get what is left. The order
 * is that of the true pairs per new pair among a million generated accounts.
 */
export const defaultBlocking: readonly BlockingRule[] = [
  { name: 'tax id', key: 'tax_id', uses: ['tax_id'] },
  { name: 'e-mail', key: 'email', uses: ['email'] },
  { name: 'phone', key: 'phone', uses: ['phone'] },
  {
    name: 'street, number and postcode',
    key: keyOf('street', 'street_number', 'postcode'),
    uses: ['street', 'place'],
    refine: eitherInitial,
  },
  {
    name: 'family name and birth date',
    key: keyOf('family_name', 'date_of_birth'),
    uses: ['name', 'date_of_birth'],
    refine: 'given_name',
  },
  {
    name: 'given name and birth date',
    key: keyOf('given_name', 'date_of_birth'),
    uses: ['name', 'date_of_birth'],
    refine: 'city',
  },
  { name: 'postcode', key: 'postcode', uses: ['place'], refine: eitherInitial },
  { name: 'both names', key: bothNames, uses: ['name'], refine: "coalesce(city, '')" },
  {
    name: 'company and town',
    key: keyOf('company_name', 'city'),
    uses: ['company', 'place'],
    refine: 'postcode_area',
  },
  {
    name: 'initials and birth year',
    key: 'left(given_name, 1) || left(family_name, 1) || left(date_of_birth, 4)',
    uses: ['name', 'date_of_birth'],
    refine: 'right(date_of_birth, 4)',
    isLoose: true,
  },
  ...loose(
    ['family name and town', ['family_name', 'city'], ['name', 'place'], 'left(given_name, 1)'],
    [
      'postcode area and family name',
      ['postcode_area', 'family_name'],
      ['name', 'place'],
      'left(given_name, 1)',
    ],
    [
      'postcode area and given name',
      ['postcode_area', 'given_name'],
      ['name', 'place'],
      'left(family_name, 1)',
    ],
    ['given name and town', ['given_name', 'city'], ['name', 'place'], birthYear],
    ['birth date and town', ['date_of_birth', 'city'], ['date_of_birth', 'place'], eitherInitial],
    [
      'birth date and postcode area',
      ['date_of_birth', 'postcode_area'],
      ['date_of_birth', 'place'],
      eitherInitial,
    ],
    ['birth date', ['date_of_birth'], ['date_of_birth'], eitherInitial],
    ['mailbox', ['mailbox'], ['email'], 'family_name'],
    ['company', ['company_name'], ['company'], 'city'],
    ["company's first word and town", ['company_word', 'city'], ['company', 'place'], 'postcode'],
    [
      "company's end and town",
      ['right(company_name, 6)', 'city'],
      ['company', 'place'],
      'left(company_name, 1)',
    ],
    ['street and number', ['street', 'street_number'], ['street'], 'city'],
    ['family name', ['family_name'], ['name'], birthYear],
  ),
];

type LooseRule = readonly [
  name: string,
  attributes: readonly string[],
  uses: readonly string[],
  refine: string,
];

function loose(...rules: readonly LooseRule[]): BlockingRule[] {
  return rules.map(([name, attributes, uses, refine]) => ({
    name,
    key: keyOf(...attributes),
    uses,
    refine,
    isLoose: true,
  }));
}

function keyOf(...attributes: readonly string[]): string {
  return attributes.join(" || '|' || ");
}
