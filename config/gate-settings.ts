import { z } from 'zod';

const severity = z
  .enum(['error', 'warn'])
  .default('error')
  .describe('error: nothing is published; warn: the run goes on and says so');
const columns = z.union([z.string(), z.array(z.string()).min(1)]).transform((names) => [names].flat());

/** How many rows may break a test of rows. */
const tolerance = {
  severity,
  max_failures: z.int().min(0).default(0).describe('Rows that may break it'),
  max_share: z.number().min(0).max(1).default(0).describe('Share of the rows of the table that may break it'),
};

const share = z.number().min(0).max(1);

const gateTest = z.union(
  [
    z.strictObject({ unique: columns, ...tolerance }),
    z.strictObject({ not_null: columns, ...tolerance }),
    z.strictObject({
      accepted_values: z.strictObject({ column: z.string(), values: z.array(z.string()).min(1) }),
      ...tolerance,
    }),
    z.strictObject({
      relationships: z.strictObject({
        column: z.string(),
        to: z
          .string()
          .describe('The table and its column in which each value is found: customers.customer_id'),
      }),
      ...tolerance,
    }),
    z.strictObject({
      expression: z.string().describe('SQL that is true, or null, for each row'),
      ...tolerance,
    }),
    z.strictObject({
      freshness: z.strictObject({
        column: z.string().describe('A date, or a time in UTC'),
        max_days: z
          .int()
          .min(0)
          .describe('Days that its newest value may lie before the last day of the run'),
      }),
      severity,
    }),
    z.strictObject({
      volume: z.strictObject({
        max_change: z
          .number()
          .min(0)
          .default(0.5)
          .describe('Share by which the number of rows may differ from the median of the last runs'),
        runs: z
          .int()
          .min(1)
          .max(100)
          .default(7)
          .describe('Runs that published, of which the median is taken'),
        min_rows: z.int().min(0).default(0).describe('Rows that there must be in any case'),
      }),
      severity,
    }),
    z.strictObject({
      score_shift: z.strictObject({
        max_share: share.describe('Share of the customers of the last published night whose tier may change'),
      }),
      severity,
    }),
  ],
  'one of unique, not_null, accepted_values, relationships, expression, freshness, volume, score_shift',
);

export type GateTest = z.output<typeof gateTest>;

/** `tests:` of the config: what is asked of a published table or an entity before anything is published. */
export const gateSettings = z
  .record(z.string(), z.array(gateTest))
  .default({})
  .describe('Tests of published tables and entities, which each run must pass before it publishes');
