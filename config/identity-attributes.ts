import type { EntityColumn } from './entities.ts';

/** What an attribute of the user holds: how it is written evenly, and how it is compared where nothing else is said. */
export const attributeTypes = ['text', 'identifier', 'number', 'date'] as const;

export type AttributeType = (typeof attributeTypes)[number];

/**
 * What an expression of `identity` may name besides the attributes of the user: one account, standardised. All
 * are text, but for is_public_domain.
 */
export const standardAttributes: Readonly<Record<string, string>> = {
  source: 'Source of the account',
  country: 'Country',
  given_name: 'First given name, lower case without marks',
  middle_names: 'Further names between blanks',
  family_name: 'Last word of the family name, lower case without marks',
  company_name: 'Company name without legal form and blanks',
  date_of_birth: 'Date of birth as YYYYMMDD',
  email: 'E-mail without +tag',
  mailbox: 'What stands before the @',
  mail_domain: 'What stands after the @',
  is_public_domain: 'True for gmail.com and its like',
  phone: 'Phone as E.164, or its digits',
  street: 'Words of the street, without number',
  street_number: 'Number in the street',
  city: 'Town',
  postcode: 'Postcode in capitals without blanks',
  postcode_area: 'First part of the postcode',
  tax_id: 'Tax id in capitals, letters and digits only',
};

/** Columns of accounts that pairwise comparison makes of its own, or that the contract writes in another form. */
const takenNames = new Set([
  ...['node', 'account_number', 'l', 'r', 'free', 'rarity', 'street_text', 'given_part', 'family_part'],
  ...['mail', 'digits_of_birth', 'plain_street', 'plain_postcode', 'nickname_bits', 'nickname_check_bits'],
]);

export function isTakenName(name: string): boolean {
  return name in standardAttributes || takenNames.has(name) || /_(bits|letters)$/.test(name);
}

const columnTypes: Readonly<Record<AttributeType, EntityColumn['type']>> = {
  text: 'text',
  identifier: 'text',
  number: 'quantity',
  date: 'date',
};

/** The columns that entities.accounts has beyond its contract: one for each attribute of the user. */
export function ownAccountColumns({
  attributes,
}: {
  attributes: Readonly<Record<string, { type: AttributeType }>>;
}): Record<string, EntityColumn> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { type }]) => [
      name,
      { type: columnTypes[type], comment: `Attribute of identity: ${type}` },
    ]),
  );
}
