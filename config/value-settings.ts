import { z } from 'zod';

/** What a customer costs, and how the score is weighed. */
export const valueSettings = z.strictObject({});

export type ValueSettings = z.output<typeof valueSettings>;
