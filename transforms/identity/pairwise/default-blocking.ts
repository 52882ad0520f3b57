import type { BlockingRule } from './settings.ts';

/** Both names in alphabetical order: a name is found with its parts swapped. */
const bothNames = "least(given_name, family_name) || '|' || greatest(given_name, family_name)";
const eitherInitial = 'left(coalesce(given_name, family_name), 1)';
const birthYear = 'left(date_of_birth, 4)';

/** Cheap and sure rules first: a pair counts for the first rule that finds it, and the looser ones get what is left. */
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
  { name: 'company and town', key: keyOf('company_name', 'city'), uses: ['company', 'place'] },
  {
    name: 'family name and town',
    key: keyOf('family_name', 'city'),
    uses: ['name', 'place'],
    refine: 'left(given_name, 1)',
  },
  { name: 'postcode', key: 'postcode', uses: ['place'], refine: eitherInitial },
  { name: 'both names', key: bothNames, uses: ['name'], refine: birthYear },
  {
    name: 'initials and birth year',
    key: 'left(given_name, 1) || left(family_name, 1) || left(date_of_birth, 4)',
    uses: ['name', 'date_of_birth'],
    refine: 'right(date_of_birth, 4)',
  },
  {
    name: 'postcode area and family name',
    key: keyOf('postcode_area', 'family_name'),
    uses: ['name', 'place'],
    refine: 'left(given_name, 1)',
  },
  {
    name: 'postcode area and given name',
    key: keyOf('postcode_area', 'given_name'),
    uses: ['name', 'place'],
    refine: 'left(family_name, 1)',
  },
  {
    name: 'given name and town',
    key: keyOf('given_name', 'city'),
    uses: ['name', 'place'],
    refine: birthYear,
  },
  {
    name: 'birth date and town',
    key: keyOf('date_of_birth', 'city'),
    uses: ['date_of_birth', 'place'],
    refine: eitherInitial,
  },
  {
    name: 'birth date and postcode area',
    key: keyOf('date_of_birth', 'postcode_area'),
    uses: ['date_of_birth', 'place'],
    refine: eitherInitial,
  },
  { name: 'birth date', key: 'date_of_birth', uses: ['date_of_birth'], refine: eitherInitial },
  { name: 'mailbox', key: 'mailbox', uses: ['email'], refine: 'family_name' },
  { name: 'company', key: 'company_name', uses: ['company'], refine: 'city' },
  { name: 'street and number', key: keyOf('street', 'street_number'), uses: ['street'], refine: 'city' },
  { name: 'family name', key: 'family_name', uses: ['name'], refine: birthYear },
];

function keyOf(...attributes: readonly string[]): string {
  return attributes.join(" || '|' || ");
}
