import { z } from 'zod';
import { personalColumn } from '../config/personal-columns.ts';

const severity = z.enum(['error', 'warn']).default('error');
/** A folded block of YAML ends with a line break that is no part of the text. */
const text = z.string().trim();
const columns = z.union([z.string(), z.array(z.string()).min(1)]).transform((names) => [names].flat());

/** A data test; rows that break it are counted in `whalecurve.checks`. An `error` stops the publish. */
export const modelTest = z.union([
  z.strictObject({ unique: columns, severity }),
  z.strictObject({ not_null: columns, severity }),
  z.strictObject({
    accepted_values: z.strictObject({ column: z.string(), values: z.array(z.string()) }),
    severity,
  }),
  z.strictObject({
    relationships: z.strictObject({ column: z.string(), to: z.string().describe('schema.table.column') }),
    severity,
  }),
  z.strictObject({ expression: z.string().describe('true or null for each row'), severity }),
]);

const direction = z.enum(['lower', 'higher', 'none']);

interface LongMetric {
  better: z.output<typeof direction>;
  scored_by?: string | undefined;
  unit_amount?: string | undefined;
  is_result: boolean;
}

/** `column: lower`, or the long form; `none` is shown but cannot be weighed. */
const metric = z.union([
  direction.transform((better): LongMetric => ({ better, is_result: false })),
  z.strictObject({
    better: direction,
    scored_by: z
      .string()
      .optional()
      .describe('Column of the model that the score compares in its place, such as the same in the window'),
    unit_amount: z
      .string()
      .optional()
      .describe('Column of the model: money over the window that one unit for the better is worth'),
    is_result: z.boolean().default(false).describe('A result of others, which no action moves by itself'),
  }),
]);

/** The YAML in the block comment at the head of each model: documentation, tests and column comments at once. */
export const modelHeader = z.strictObject({
  comment: text.describe('What the table is for; becomes its comment'),
  grain: z.string().describe('What one row is'),
  key: columns.describe('Columns that are unique together and never null; tested'),
  publish: z
    .string()
    .optional()
    .describe('Name in schema `warehouse`; without it the table stays in the state'),
  personal: z
    .record(z.string(), personalColumn)
    .optional()
    .describe('Columns with personal data, and of which kind: analysts get them masked'),
  tests: z.array(modelTest).default([]),
  metrics: z
    .record(z.string(), metric)
    .optional()
    .describe(
      'Columns that become columns of customer_value, and which way they are better. The key of the model is customer_id',
    ),
  citus: z
    .strictObject({
      pull: text.optional().describe('Why rows of all nodes are brought together on the coordinator'),
      repartition: text.optional().describe('Why rows are sent from node to node'),
    })
    .optional()
    .describe('What the model asks of a cluster beyond work that each node does on its own rows'),
  columns: z.record(z.string(), text).describe('Comment of every column, in order'),
});

export type ModelHeader = z.output<typeof modelHeader>;
export type ModelTest = z.output<typeof modelTest>;
