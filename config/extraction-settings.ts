import { z } from 'zod';
import { duration } from './duration.ts';

/** How a table is read each night. What is not said has the default of `readingOf` (jobs/read-plan.ts). */

export const drift = z.enum(['evolve', 'freeze']);

export const extractionSettings = {
  strategy: z
    .enum(['full', 'cursor', 'append', 'snapshot_diff', 'cdc'])
    .optional()
    .describe(
      'full: the whole table each night; cursor: what changed since; append: only rows with new keys; snapshot_diff: the whole table, of which only what differs is written; cdc: what the log of the database says has changed (`cdc` of the source). Default: cursor where `cursor` is given, else full',
    ),
  cursor: z
    .union([z.string(), z.array(z.string()).min(1)])
    .transform((names) => [names].flat())
    .optional()
    .describe('Column that grows with every change; behind it, if you like, the key as a tie-breaker'),
  lookback: z
    .union([
      duration.transform((milliseconds) => ({ milliseconds })),
      z
        .number()
        .min(0)
        .transform((steps) => ({ steps })),
    ])
    .optional()
    .describe('How far behind the cursor rows are read again: 3d, or a number for a sequence'),
  null_cursor: z
    .enum(['raise', 'include', 'exclude'])
    .optional()
    .describe(
      'Rows without a value in the cursor: they end the run (the default), are read every night, or never',
    ),
  deletes: z
    .enum(['compare_keys'])
    .optional()
    .describe('compare_keys: the keys of the source are compared with those that were loaded'),
  deletes_every: duration.optional().describe('How often the keys are compared; default: every night'),
  max_vanished_share: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('Share of a table that may vanish in a night; default: 0.5 of a table of at least 100 rows'),
  drift: drift
    .optional()
    .describe(
      'evolve: new columns and types are taken along; freeze: they end the run. Default: that of the source',
    ),
};
