import { z } from 'zod';

/** `log:` of the config. */
export const logSettings = z
  .strictObject({
    file: z
      .string()
      .optional()
      .describe(
        'File that gets a JSON line for each thing that happens, beside what is printed; one per process',
      ),
    level: z.enum(['error', 'warn', 'info', 'debug']).default('info').describe('The least that is written'),
    max_size: z
      .string()
      .regex(/^\d+(\.\d+)? ?[KMG]i?B$/i, 'a size such as 10MB')
      .default('10MB')
      .describe('Size from which the file is put aside, and a new one begun'),
    max_files: z.int().min(1).default(5).describe('Files that are kept, the present one with them'),
  })
  .prefault({});

export type LogSettings = z.output<typeof logSettings>;
