import { z } from 'zod';
import { attributeTypes } from './identity-attributes.ts';

/**
 * How pairs of accounts are found, compared and decided on, as data. SQL expressions are over the columns of
 * standardAttributes and the attributes of the user; those that see two accounts call them l and r.
 */

const name = z.string().regex(/^[a-z][a-z0-9_]*$/, 'lower case letters, digits and _, with a letter first');
const sql = z.string().min(1);
const share = z.number().gt(0).max(1);
const account = z.string().regex(/^[a-z][a-z0-9_]*:.+$/, 'an account as source:account_ref, such as crm:123');

const attribute = z.strictObject({
  type: z
    .enum(attributeTypes)
    .default('text')
    .describe('text; identifier (a number of a card: blanks and dashes do not count); number; date'),
});

const level = z.strictObject({
  name: z.string().min(1),
  when: sql.optional().describe('SQL over l and r; the last level has none and takes all the rest'),
  m: share.describe('Share among pairs that are one customer, where learning starts'),
  u: share.describe(
    'Share among pairs that are not; with rarity that of the rest of the condition: 1 where there is no rest',
  ),
  rarity: z
    .boolean()
    .default(false)
    .describe('The two share the value at this level: agreement on a rare value says more'),
});

const comparison = z.strictObject({
  attribute: z.string().optional().describe('Column of accounts; default: the name of the comparison'),
  kind: z
    .enum(['exact', 'identifier', 'text', 'number', 'date'])
    .optional()
    .describe(
      'exact: equal or different; identifier: also one character or a swap apart; text: also close (Jaro-Winkler); number: also within 1 % and 10 %; date: also a slip or the same year. Default: by the type of the attribute, else exact',
    ),
  m: share
    .lt(1)
    .optional()
    .describe('Share of the pairs of one customer that agree on it, where learning starts; default: by kind'),
  levels: z.array(level).min(2).optional().describe('Levels of your own in place of `kind`, surest first'),
});

export const matchingSettings = {
  attributes: z
    .record(name, attribute)
    .refine((attributes) => Object.keys(attributes).length <= 20, 'at most 20 attributes')
    .default({})
    .describe(
      'Columns of accounts besides those that every company has, such as a loyalty card; map them under `map:` of the tables of accounts, or have a column of that name',
    ),
  comparisons: z
    .record(name, z.union([z.literal(false), comparison], 'false or a comparison'))
    .default({})
    .describe(
      'What else two accounts are compared by; false leaves out a built-in one (name, date_of_birth, email, phone, street, place, tax_id, company, source)',
    ),
  blocking: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        on: z
          .array(sql)
          .describe(
            'SQL over one account; accounts that are equal in all of these are compared. Empty: the built-in rule of that name is left out',
          ),
        split_by: sql.optional().describe('SQL that splits blocks which are too large'),
      }),
    )
    .default([])
    .describe('Rules by which pairs are found, before the built-in ones or in the place of one of that name'),
  rules: z
    .array(
      z.strictObject({
        name,
        on: z
          .array(sql)
          .min(1)
          .describe('SQL over one account; two accounts that are equal in all of these are linked …'),
        when: sql.optional().describe('… where this SQL over l and r is true'),
      }),
    )
    .default([])
    .describe(
      'Links that are certain, besides an equal tax id, references between accounts, and an equal e-mail or phone with a name that agrees',
    ),
  must_link: z
    .array(z.array(account).min(2))
    .default([])
    .describe('Accounts that are one customer, whatever the evidence: [[crm:123, shop:77]]'),
  cannot_link: z
    .array(z.array(account).min(2))
    .default([])
    .describe('Accounts no two of which are one customer'),
  decisions: z
    .strictObject({ file: z.string() })
    .optional()
    .describe('CSV with the columns decision (must_link, cannot_link), account, other_account: crm:123'),
  unique_within: z
    .array(z.string())
    .default([])
    .describe('Sources in which nobody has two accounts: a second one there is evidence against'),
  thresholds: z
    .strictObject({
      accept: z
        .union([z.literal('auto'), z.number().gt(0).lt(1)], 'auto or a probability between 0 and 1')
        .default('auto')
        .describe('Probability above which two accounts are one customer; auto: chosen from the data'),
      review: z
        .union([z.literal('auto'), z.number().gt(0).lt(1)], 'auto or a probability between 0 and 1')
        .default('auto')
        .describe('Probability above which a pair that is not accepted is left to a person'),
    })
    .prefault({}),
  pairs_per_account: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('Pairs that all blocking rules together may give for each account; bounds time and disk'),
  largest_block: z
    .int()
    .min(2)
    .max(10_000)
    .optional()
    .describe('Accounts of the largest block that is compared; larger ones are split or left out'),
};
