/** What can become of an extracted row; each has exactly one, so that their counts sum to `extracted`. */
export const fates = ['loaded', 'filtered', 'quarantined', 'deleted', 'after_as_of'] as const;

/** Column: its type and what it holds. One that joins a table of an earlier version may be null: old rows lack it. */
type StateColumns = Readonly<Record<string, readonly [type: string, comment: string]>>;

export interface StateTable {
  comment: string;
  /** What one row is. */
  grain: string;
  key: readonly string[];
  columns: StateColumns;
}

const runColumns: StateColumns = {
  run_id: ['text not null', 'The run; sorts by time'],
  pipeline: ['text not null', 'Which pipeline ran'],
  status: ['text not null', 'running, done or failed'],
  as_of: ['date not null', 'The last day that took part, in the reporting time zone'],
  started_at: ['timestamp not null', 'When it started, UTC'],
  ended_at: ['timestamp', 'When it ended, UTC; null while it runs, or if it was killed'],
  seconds: ['decimal(12, 3)', 'From start to end'],
  sources: ['bigint', 'Number of sources'],
  accounts: ['bigint', 'Accounts of all sources, also those that only events name'],
  customers: ['bigint', 'Customers that these accounts are'],
  money_in: ['decimal(38, 4)', 'Net amount of all loaded purchases, in the reporting currency'],
  money_out: ['decimal(38, 4)', 'Net amount of the purchases of all customers, in the reporting currency'],
  config_hash: ['text not null', 'First 16 hex digits of the SHA-256 of the config file'],
  product_version: ['text not null', 'Version of Whalecurve'],
  error_code: ['text', 'Why it failed: a code of docs/errors.md'],
  error_message: ['text', 'Why it failed, in words'],
};

const jobColumns: StateColumns = {
  run_id: ['text not null', 'The run'],
  job: ['text not null', 'The job: extract:finance'],
  kind: ['text not null', 'What kind of work it is'],
  source_table: ['text', 'The table, where the row is about one table of the job'],
  status: ['text not null', 'done or failed'],
  started_at: ['timestamp not null', 'When it started, UTC'],
  ended_at: ['timestamp not null', 'When it ended, UTC'],
  seconds: ['decimal(12, 3) not null', 'From start to end'],
  rows_in: ['bigint', 'Rows read'],
  rows_out: ['bigint', 'Rows written'],
  bytes: ['bigint', 'Bytes that came from the source'],
  error_code: ['text', 'Why it failed: a code of docs/errors.md'],
  error_message: ['text', 'Why it failed, in words'],
};

const fateComments = {
  extracted: 'that the source sent: the sum of the five fates',
  loaded: 'that take part',
  filtered: 'that the `where` of the config leaves out',
  quarantined: 'that break the contract of the entity',
  deleted: 'that the source marks as deleted',
  after_as_of: 'that happened after the last day of the run',
};

const fateColumns = Object.fromEntries(
  Object.entries(fateComments).flatMap(([fate, comment]) => [
    [`${fate}_rows`, ['bigint not null', `Rows ${comment}`] as const],
    [`${fate}_money`, ['decimal(38, 4)', `Money of the rows ${comment}`] as const],
  ]),
);

const tableColumns: StateColumns = {
  run_id: ['text not null', 'The run'],
  source: ['text not null', 'The source'],
  source_table: ['text not null', 'The table of the source'],
  entity: ['text', 'What its rows are; null if it is only copied'],
  ...fateColumns,
  bytes: ['bigint not null', 'Bytes that came from the source'],
  seconds: ['decimal(12, 3) not null', 'Time to extract it'],
  strategy: ['text not null', 'full: the whole table was read'],
  snapshot: ['text not null', 'source: all tables of the source were read in one snapshot'],
};

const checkColumns: StateColumns = {
  run_id: ['text not null', 'The run'],
  check_name: ['text not null', 'What was checked'],
  subject: ['text not null', 'The source table or the model that was checked'],
  severity: ['text not null', 'error: the run fails; warn: it goes on'],
  is_ok: ['boolean not null', 'Whether the check held'],
  failures: ['bigint not null', 'Rows, or totals, that break it'],
  expected: ['text', 'What should have been there, for a total'],
  found: ['text', 'What was there, for a total; keys of some rows that break it, for a data test'],
};

/** The tables of schema `whalecurve` that the run history is kept in. */
export const stateTables = {
  runs: {
    comment: 'Every run: when, how it ended, what it found',
    grain: 'one run',
    key: ['run_id'],
    columns: runColumns,
  },
  run_jobs: {
    comment: 'Every job of every run',
    grain: 'one job of one run, or one source table of it',
    key: ['run_id', 'job', 'source_table'],
    columns: jobColumns,
  },
  run_tables: {
    comment: 'What became of the rows and the money of every source table in every run',
    grain: 'one source table in one run',
    key: ['run_id', 'source', 'source_table'],
    columns: tableColumns,
  },
  checks: {
    comment: 'Every control total and data test of every run',
    grain: 'one check of one run',
    key: ['run_id', 'subject', 'check_name'],
    columns: checkColumns,
  },
  file_forms: {
    comment: 'How the files of each source table were found to be written; kept, never guessed anew',
    grain: 'one source table',
    key: ['source', 'source_table'],
    columns: {
      source: ['text not null', 'The source'],
      source_table: ['text not null', 'The table of the source'],
      form: ['text not null', 'JSON: forms of its files, which file has which, forms of its columns'],
      run_id: ['text not null', 'The run that found it'],
    },
  },
  cursors: {
    comment: 'How far each source table was read',
    grain: 'one source table',
    key: ['source', 'source_table'],
    columns: {
      source: ['text not null', 'The source'],
      source_table: ['text not null', 'The table of the source'],
      cursor_column: ['text not null', 'The column that grows with every change'],
      cursor_value: ['text', 'Its greatest value in the rows that were loaded'],
      run_id: ['text not null', 'The run that loaded them'],
    },
  },
} as const satisfies Record<string, StateTable>;
