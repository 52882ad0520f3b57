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
  starts: ['bigint', 'How often it was started: more than once where it was interrupted and went on'],
  stale_sources: [
    'text',
    'Sources that could not be read, whose rows are those of an earlier run; null: none',
  ],
  error_code: ['text', 'Why it failed: a code of docs/errors.md'],
  error_message: ['text', 'Why it failed, in words'],
};

const jobColumns: StateColumns = {
  run_id: ['text not null', 'The run'],
  job: ['text not null', 'The job: extract:finance'],
  kind: ['text not null', 'What kind of work it is'],
  place: ['bigint', '0: the job itself; 1 and more: a table of it, in the order in which it came to them'],
  source_table: ['text', 'The table, where the row is about one table of the job'],
  status: ['text not null', 'done or failed'],
  started_at: ['timestamp not null', 'When it started, UTC'],
  ended_at: ['timestamp not null', 'When it ended, UTC'],
  seconds: ['decimal(12, 3) not null', 'From start to end'],
  rows_in: ['bigint', 'Rows read'],
  rows_out: ['bigint', 'Rows written'],
  rows_refused: ['bigint', 'Rows that went to quarantine'],
  bytes: ['bigint', 'Bytes that came from the source'],
  peak_memory_bytes: [
    'bigint',
    'Most memory that its process had held by the end of the job, engine included',
  ],
  retries: ['bigint', 'Attempts after the first, at what may pass: a lost connection, a deadlock, a timeout'],
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
  strategy: [
    'text not null',
    'full: the whole table was read; cursor: what changed; append: new keys; snapshot_diff: the whole table, of which what differs was written; cdc: what the log of the source names',
  ],
  strategy_reason: ['text', 'Why the whole table was read where otherwise only what changed is'],
  sent_rows: ['bigint', 'Rows that the source sent'],
  changed_rows: ['bigint', 'Rows written to raw: new, or other than before; null: all of them'],
  vanished_rows: ['bigint', 'Rows that are gone at the source since this run'],
  schema_changes: ['text', 'Columns that came, went or changed their type since the last run'],
  accepted_rows: ['bigint', 'Rows among the quarantined that somebody accepted as refused'],
  source_lag_seconds: [
    'bigint',
    'From the newest change that the source had to the start of the run, by the cursor; null without one in time',
  ],
  snapshot: ['text not null', 'source: all tables of the source were read in one snapshot'],
  stale_since: [
    'timestamp',
    'When the rows were read, UTC, where the source could not be read in this run; null: in this run',
  ],
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
  measure: [
    'decimal(38, 4)',
    'What was measured: rows for volume, days for freshness, a share for score_shift',
  ],
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
    key: ['run_id', 'job', 'place'],
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
  quarantine_accepted: {
    comment: 'Refused rows that somebody accepted as refused: they no longer count against the limits',
    grain: 'one refused row and what is wrong with it',
    key: ['source', 'source_table', 'source_row', 'column_name', 'rule'],
    columns: {
      source: ['text not null', 'The source'],
      source_table: ['text not null', 'The table of the source'],
      source_row: [
        'text not null',
        'Key of the row in its table; its number where the key is what is missing',
      ],
      column_name: ['text not null', 'The column that broke the rule'],
      rule: ['text not null', 'The rule'],
      why: ['text not null', 'Why it is rightly refused, in the words of who accepted it'],
      accepted_by: ['text not null', 'Who accepted it'],
      accepted_at: ['timestamp not null', 'When, UTC'],
    },
  },
  published_tiers: {
    comment: 'The tier of each customer when a run last published, where `score_shift` is asked for',
    grain: 'one customer',
    key: ['customer_id'],
    columns: {
      customer_id: ['text not null', 'The customer'],
      tier: ['text', 'A+, A, B, C or D'],
    },
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
  source_tables: {
    comment: 'What raw holds of each source table, and how it was read',
    grain: 'one source table',
    key: ['source', 'source_table'],
    columns: {
      source: ['text not null', 'The source'],
      source_table: ['text not null', 'The table of the source'],
      raw_columns: ['text not null', 'JSON: the columns of its raw table with their types'],
      raw_key: ['text not null', 'JSON: the columns that tell its rows apart'],
      definition: ['text not null', 'What its rows are: another one makes the whole table be read again'],
      horizon: ['text', 'The oldest transaction that was under way at the source when it was read'],
      log_position: ['text', 'Place in the log of the source up to which all changes are in raw'],
      log_coverage: ['text', 'How the log covers the table: what changes it makes the table be read whole'],
      keys_compared_at: ['timestamp', 'When its keys were last compared with those of the source, UTC'],
      deleted_rows: ['bigint not null', 'Rows of the raw table that are gone at the source'],
      extracted_rows: [
        'bigint not null',
        'Rows that have a fate: as the source counts them, and those that are gone',
      ],
      strategy: ['text not null', 'How it was read last; see run_tables'],
      strategy_reason: ['text', 'Why it was read as a whole, where otherwise only what changed is'],
      sent_rows: ['bigint not null', 'Rows that the source sent last'],
      changed_rows: ['bigint', 'Rows written to raw; null: all of them'],
      vanished_rows: ['bigint not null', 'Rows that were found to be gone at the source'],
      schema_changes: ['text', 'Columns that came, went or changed their type'],
      bytes: ['bigint not null', 'Bytes that came from the source'],
      seconds: ['decimal(12, 3) not null', 'Time to extract it'],
      run_id: ['text not null', 'The run that loaded it last'],
    },
  },
  fence: {
    comment: 'Which start of a run may write: whoever finds a greater token than its own has been replaced',
    grain: 'one row in all',
    key: ['token'],
    columns: {
      token: ['bigint not null', 'Grows with every start'],
      run_id: ['text not null', 'The run that took it'],
    },
  },
  kept_extracts: {
    comment: 'What each source gave when it was last read, for a night in which it cannot be read',
    grain: 'one source',
    key: ['source'],
    columns: {
      source: ['text not null', 'The source'],
      extracted_at: ['timestamp not null', 'When it was read, UTC'],
      tables: ['text not null', 'JSON: its tables with their columns and control totals; no row of them'],
      run_id: ['text not null', 'The run that loaded it'],
    },
  },
  forgotten_totals: {
    comment:
      'What customers who were forgotten had brought: added to the totals that customers have now, it gives those of before',
    grain: 'one month and entity of those who were forgotten at one time',
    key: ['forgotten_at', 'month', 'entity'],
    columns: {
      forgotten_at: ['timestamp not null', 'When they were forgotten, UTC'],
      month: ['date not null', 'First day of the month of the events, in the reporting time zone'],
      entity: ['text not null', 'purchases, payments, returns, …'],
      events: ['bigint not null', 'Number of events'],
      money: ['decimal(38, 4)', 'Their money in the reporting currency; null where the entity has none'],
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
      cursor_value: ['text', 'Its greatest value at the source, in the precision of the source'],
      run_id: ['text not null', 'The run that loaded them'],
    },
  },
} as const satisfies Record<string, StateTable>;
