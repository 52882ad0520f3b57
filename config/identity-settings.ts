import { z } from 'zod';
import { matchingSettings } from './identity-matching-settings.ts';

/**
 * Which accounts are one customer, and whose word counts when they disagree. The lists here are added to those
 * that ship with the product (transforms/identity/word-lists.ts).
 */
export const identitySettings = z.strictObject({
  trust: z
    .array(z.string())
    .default([])
    .describe(
      'Sources, most trusted first: where two disagree, the first one that has a value wins. The sources that are not listed share the last place, where the latest change wins',
    ),
  default_country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional()
    .describe(
      'ISO 3166 code of accounts without a country, for phone numbers written without one. None by default: a guess would make strangers equal; such numbers are then compared digit by digit',
    ),
  max_names_per_value: z
    .int()
    .min(1)
    .default(10)
    .describe(
      'An e-mail, phone or tax id that is held under more different names than this is nobody’s own (a switchboard, the address of the shop) and never matched on; identity.ignored_values lists it. 10 is an assumption: more than the people of a large household',
    ),
  max_accounts_per_value: z
    .int()
    .min(2)
    .default(500)
    .describe(
      'A value held by more accounts than this is ignored even under one name, as 10,000 guest checkouts named Guest would be one giant customer. 500 is an assumption',
    ),
  nicknames: z
    .array(z.array(z.string()).min(2))
    .default([])
    .describe('Groups of given names that are one name, the formal one first: [[Elizabeth, Liz, Beth]]'),
  placeholders: z
    .object({
      name: z.array(z.string()).default([]),
      email: z.array(z.string()).default([]),
      phone: z.array(z.string()).default([]),
      tax_id: z.array(z.string()).default([]),
    })
    .catchall(z.array(z.string()))
    .prefault({})
    .describe(
      'Values that stand for “not known” in your systems, besides n/a, test@test.com, 0000000 and their like: of name, email, phone, tax_id and each of your `attributes`',
    ),
  role_mailboxes: z
    .array(z.string())
    .default([])
    .describe('Names before the @ that several people read, besides info, sales, family and their like'),
  legal_forms: z
    .array(z.string())
    .default([])
    .describe('Legal forms left out of company names, besides Ltd, GmbH, Inc and their like'),
  ...matchingSettings,
});

export type IdentitySettings = z.output<typeof identitySettings>;
