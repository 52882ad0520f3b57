import { z } from 'zod';

/** Which accounts are one customer, and whose word counts when they disagree. */
export const identitySettings = z.strictObject({
  trust: z.array(z.string()).default([]).describe('Sources, most trusted first; the others follow by name'),
});

export type IdentitySettings = z.output<typeof identitySettings>;
