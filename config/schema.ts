import { z } from 'zod';
import { mysqlCdc, postgresCdc } from './cdc-settings.ts';
import { entityNames } from './entities.ts';
import { drift, extractionSettings } from './extraction-settings.ts';
import { gateSettings } from './gate-settings.ts';
import { identitySettings } from './identity-settings.ts';
import { limitSettings } from './limit-settings.ts';
import { logSettings } from './log-settings.ts';
import { monitoringSettings } from './monitoring-settings.ts';
import { noticeSettings } from './notice-settings.ts';
import { quarantineSettings, tableQuarantineSettings } from './quarantine-settings.ts';
import { retentionSettings } from './retention-settings.ts';
import { isFileOfItsOwn, maskedFile, otherFile, roleSettings } from './role-settings.ts';
import { runSettings, sourceRunSettings } from './run-settings.ts';
import { scheduleSettings } from './schedule-settings.ts';
import { valueSettings } from './value-settings.ts';

/**
 * What a user writes in `whalecurve.yml`. Every key that is not required has a default that works; JSON
 * Schema for editors is generated from here (`whalecurve config schema`). A message says what is expected: it
 * is printed after "expected".
 */

const size = z.string().regex(/^\d+(\.\d+)? ?[KMGT]i?B$/i, 'a size such as 2GB');

const tls = z.union([
  z.boolean(),
  z.strictObject({
    ca: z.string().optional().describe('File with the certificate authority'),
    cert: z.string().optional(),
    key: z.string().optional(),
    reject_unauthorized: z.boolean().default(true),
  }),
]);

const maxLineMb = z
  .int()
  .min(1)
  .max(1024)
  .optional()
  .describe(
    'Longest row of a source in MB; default: 16. Above 32, sources are read up to three times slower',
  );

const duckdbWarehouse = z
  .strictObject({
    engine: z.literal('duckdb'),
    path: z.string().default('./warehouse.duckdb').describe('The file that analysts read'),
    state: z.string().optional().describe('The state file; default: state.duckdb beside the warehouse'),
    memory_limit: size.default('2GB').describe('Memory the engine may use'),
    threads: z.int().min(1).optional().describe('Threads; default: one per processor'),
    max_line_mb: maxLineMb,
    spill: z
      .string()
      .optional()
      .describe('Folder for what does not fit in memory; default: beside the state'),
    masked: maskedFile,
  })
  .refine(isFileOfItsOwn, otherFile);

const postgresWarehouse = z.strictObject({
  engine: z.literal('postgres'),
  url: z.string().describe('Connection URL of a database for Whalecurve alone: ${WAREHOUSE_URL}'),
  tls: tls.optional(),
  connect_timeout: z.int().min(1).default(10).describe('Seconds'),
  statement_timeout: z.int().min(0).default(0).describe('Seconds that one statement may take; 0: no end'),
  work_mem: size.default('64MB').describe('Memory of one sort or hash of a session'),
  maintenance_work_mem: size.default('256MB').describe('Memory for building an index'),
  distribute: z.boolean().default(false).describe('Spread the large tables over a Citus cluster'),
  folder: z.string().default('./.whalecurve').describe('Folder for what a run leaves behind on the way'),
  memory_limit: size.default('1GB').describe('Memory of the embedded reader of Parquet and JSONL'),
  threads: z.int().min(1).optional().describe('Threads of that reader; default: one per processor'),
  max_line_mb: maxLineMb,
  ...roleSettings,
});

const reporting = z.strictObject({
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as EUR')
    .default('USD')
    .describe('ISO 4217 code that every report is in'),
  timezone: z.string().default('UTC').describe('IANA zone in which days and months are counted'),
  as_of: z
    .union([z.literal('today'), z.iso.date()])
    .default('today')
    .describe('The last day that takes part, whole day included'),
  exchange_rates: z
    .strictObject({ file: z.string().describe('CSV with the columns date, from, to, rate') })
    .optional(),
});

const expression = z.union([z.string(), z.number(), z.boolean()], 'an SQL expression').transform(String);

const verify = z.enum(['count', 'keys', 'rows']);

const table = z.strictObject({
  entity: z
    .enum(entityNames)
    .optional()
    .describe('What the rows are; without it the table is only copied to raw'),
  key: z
    .union([z.string(), z.array(z.string()).min(1)])
    .transform((key) => [key].flat())
    .optional(),
  query: z.string().optional().describe('A SELECT in the words of the source, in place of the table'),
  ...extractionSettings,
  where: expression
    .optional()
    .describe('SQL condition over the raw columns; other rows are counted as filtered'),
  map: z
    .record(z.string(), expression)
    .default({})
    .describe('entity column: SQL expression over the raw columns'),
  types: z
    .record(z.string(), z.enum(['text', 'integer', 'decimal', 'double', 'date', 'timestamp', 'boolean']))
    .default({})
    .describe('Type of a column of a file, where the one found in the data is not the one meant'),
  verify: verify
    .optional()
    .describe('How far the rows are compared with the source; default: that of the config'),
  quarantine: tableQuarantineSettings,
  account_source: z
    .string()
    .optional()
    .describe('The source whose account_ref this table uses; default: its own'),
  timezone: z.string().optional().describe('Zone of times without one; default: that of the source'),
  format: z
    .strictObject({
      type: z.enum(['csv', 'tsv', 'jsonl', 'parquet']).optional(),
      delimiter: z
        .string()
        .regex(/^[^\r\n"]{1,8}$/, 'one character or a few, such as ; or ||')
        .optional(),
      quote: z.string().length(1).optional(),
      escape: z
        .enum(['doubled', 'backslash'])
        .optional()
        .describe('How a quote inside quotes is written: twice, or with a backslash before it'),
      encoding: z.string().optional(),
      header: z.boolean().optional(),
      decimal: z.enum(['.', ',']).optional(),
      date_format: z.string().optional().describe('strftime pattern of dates and times, e.g. %d/%m/%Y'),
      null_text: z.string().optional().describe('Text that stands for no value'),
    })
    .default({})
    .describe('How a file is written, where it should not be found from the data'),
});

const tables = z.record(z.string(), table);

const databaseSource = {
  url: z
    .string()
    .describe(
      'Connection URL; take it from the environment: ${NAME}, a file: ${file:PATH}, or what a command prints: ${cmd:LINE}',
    ),
  timezone: z.string().default('UTC').describe('Zone of times without one'),
  tls: tls.optional(),
  connect_timeout: z.int().min(1).default(10).describe('Seconds'),
  statement_timeout: z.int().min(0).default(3600).describe('Seconds; 0: none'),
  stall_timeout: z
    .int()
    .min(0)
    .default(60)
    .describe('Seconds without a byte after which a connection is taken for dead; 0: none'),
  ...sourceRunSettings,
  drift: drift.optional(),
  tables,
};

const source = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('postgres'), ...databaseSource, cdc: postgresCdc }),
  z.strictObject({ type: z.literal('mysql'), ...databaseSource, cdc: mysqlCdc }),
  z.strictObject({
    type: z.literal('files'),
    path: z.string().describe('Folder that the table names are relative to'),
    timezone: z.string().default('UTC').describe('Zone of times without one'),
    ...sourceRunSettings,
    drift: drift.optional(),
    tables: tables.describe('Each key is a file, a folder or a glob below `path`'),
  }),
]);

const runner = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('inline') }),
    z.strictObject({
      type: z.literal('bullmq'),
      redis: z.string().describe('Redis URL; take it from the environment: ${REDIS_URL}'),
      prefix: z.string().default('whalecurve').describe('Prefix of every Redis key'),
    }),
  ])
  .default({ type: 'inline' });

export const configSchema = z.strictObject({
  warehouse: z
    .discriminatedUnion('engine', [duckdbWarehouse, postgresWarehouse])
    .prefault({ engine: 'duckdb' }),
  reporting: reporting.prefault({}),
  sources: z.record(
    z.string().regex(/^[a-z][a-z0-9_]*$/, 'lower case letters, digits and _, with a letter first'),
    source,
  ),
  verify: verify
    .default('keys')
    .describe(
      'What the source and the landed rows are compared by: their count; also keys and money; also every column',
    ),
  identity: identitySettings.prefault({}),
  value: valueSettings.prefault({}),
  models: z
    .string()
    .optional()
    .describe(
      'Folder of models of your own: each `name.sql` in it makes the table `value.name`, such as a metric',
    ),
  quarantine: quarantineSettings,
  log: logSettings,
  tests: gateSettings,
  runner,
  run: runSettings.prefault({}),
  notify: noticeSettings,
  monitoring: monitoringSettings,
  retention: retentionSettings,
  limits: limitSettings,
  schedule: scheduleSettings.optional().describe('The schedule `nightly`, where there is no other'),
  schedules: z.record(z.string(), scheduleSettings).optional().describe('Schedules by name'),
});

export type Config = z.output<typeof configSchema>;
export type SourceConfig = Config['sources'][string];
export type TableConfig = z.output<typeof table>;
export type TlsConfig = z.output<typeof tls>;
export type RunnerConfig = Config['runner'];

/** A config that was read from a file: paths are absolute, secrets resolved, and its folder known. */
export interface LoadedConfig extends Config {
  file: string;
  folder: string;
  /** Values that came from the environment; no error, log line or table may hold one. */
  secrets: readonly string[];
}
