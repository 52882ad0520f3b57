import { z } from 'zod';

const maxShare = z
  .number()
  .min(0)
  .max(1)
  .describe('Share of the rows of a table above which a run that refuses as many ends with 3');
const maxRows = z.int().min(0).describe('Number of rows of a table above which it does');

export const quarantineSettings = z
  .strictObject({ max_share: maxShare.default(0.05), max_rows: maxRows.optional() })
  .prefault({});

/** Of one table, in place of those of the config. */
export const tableQuarantineSettings = z
  .strictObject({ max_share: maxShare.optional(), max_rows: maxRows.optional() })
  .optional()
  .describe(
    'How many rows of this table may be refused, where that is not what `quarantine:` of the config says',
  );
