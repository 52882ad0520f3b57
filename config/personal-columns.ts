import { z } from 'zod';

/** What a published column tells about a person; `text` is free text, in which anything may stand. */
export const personalKind = z.enum(['name', 'email', 'phone', 'tax_id', 'address', 'date_of_birth', 'text']);

/** One kind, or that which the row's column `by` names; what `kinds` does not name is not personal. */
export const personalColumn = z.union([
  personalKind,
  z.strictObject({
    by: z.string().describe('Column that says what the row holds'),
    kinds: z.record(z.string(), personalKind),
  }),
]);

export type PersonalKind = z.output<typeof personalKind>;
export type PersonalColumn = z.output<typeof personalColumn>;
