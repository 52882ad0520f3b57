import { z } from 'zod';

/** How the changes of a source are read from its log, for tables of `strategy: cdc`. */

const wholeAbove = z
  .int()
  .min(1)
  .default(100_000)
  .describe('Changed keys of a table above which it is read whole: they are kept in memory');

export const postgresCdc = z
  .strictObject({
    slot: z
      .string()
      .regex(/^[a-z0-9_]{1,63}$/, 'lower case letters, digits and _')
      .describe('Replication slot for Whalecurve alone; the first run makes it'),
    publication: z.string().describe('Publication with the tables, made by their owner'),
    whole_above: wholeAbove,
    max_retained_mb: z
      .int()
      .min(1)
      .default(10_240)
      .describe('MB of log that the slot may keep at the server before the run warns'),
  })
  .optional()
  .describe('Logical replication, for tables of `strategy: cdc`');

export const mysqlCdc = z
  .strictObject({
    server_id: z
      .int()
      .min(1)
      .max(2 ** 32 - 1)
      .describe('Number that no server and no other reader of its binary log has'),
    whole_above: wholeAbove,
  })
  .optional()
  .describe('The binary log, for tables of `strategy: cdc`');
