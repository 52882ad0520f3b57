/**
 * Every error code, in one place; `docs/errors.md` is generated from it and a test holds each code to a test
 * that provokes it. `meaning` says what the code means in general, `remedy` what to do about it in general; the
 * message and the hint of an error say what happened this time.
 */
export const errorCodes = {
  'WC-CONFIG-001': {
    meaning: 'The config file cannot be read, or is not YAML.',
    remedy:
      'Look at the line that the error shows: an indent that differs from its neighbours, a missing colon, or an open quote. `whalecurve init` writes a config to start from.',
  },
  'WC-CONFIG-002': {
    meaning: 'A value in the config has the wrong type, or is not one of the allowed values.',
    remedy:
      'Write what the error says was expected. `whalecurve config schema` prints every key with its type, in a form that editors use for completion.',
  },
  'WC-CONFIG-003': {
    meaning: 'The config has a key that does not exist.',
    remedy:
      'Use the name that the error suggests, or remove the key. Under `map`, the keys are the columns of the entity.',
  },
  'WC-CONFIG-004': {
    meaning:
      'What a `${…}` of the config stands for is not there: a variable is not set, a file cannot be read, or a command fails.',
    remedy:
      'Set a variable `${NAME}` in the environment of the process, or in the file `.env` beside the config. `${file:PATH}` needs a file that the process may read, `${cmd:LINE}` a command that prints the value within 30 s.',
  },
  'WC-CONFIG-005': {
    meaning: 'A required key is missing from the config.',
    remedy: 'Add the key; the error says where and with which kind of value.',
  },
  'WC-CONFIG-006': {
    meaning: 'A key stands twice in the same mapping of the config.',
    remedy: 'Keep one of the two. YAML readers disagree about which one counts, so neither is taken.',
  },
  'WC-CONFIG-007': {
    meaning: 'Two keys of the config contradict each other.',
    remedy: 'Change one of them; the error names both and says what each would need.',
  },
  'WC-USAGE-001': {
    meaning: 'The command was called with arguments it does not know.',
    remedy:
      'See `whalecurve --help`, or `whalecurve VERB --help` for the options and an example of one verb.',
  },
  'WC-USAGE-002': {
    meaning: 'A file that the command would write is there already.',
    remedy: 'Give another name by `-c FILE`, move the file away, or replace it by `--force`.',
  },
  'WC-USAGE-003': {
    meaning: 'There is no customer or account of the name that was asked for.',
    remedy:
      'Give a customer id, an e-mail, or an account as `source:account_ref`. An account that the last run did not read is not there yet.',
  },
  'WC-USAGE-004': {
    meaning: 'What was asked for may mean several customers.',
    remedy: 'Use one of the words that the error lists: each of them means one customer.',
  },
  'WC-SOURCE-001': {
    meaning: 'The source cannot be reached (host down, name unknown, connection refused or timed out).',
    remedy:
      'Check host and port in the URL, that the server runs, and that a firewall or VPN lets this machine through. `whalecurve check` tries again.',
  },
  'WC-SOURCE-002': {
    meaning: 'The source refused the login.',
    remedy:
      'Check user, password and database name in the URL. Characters such as @ : / # % in a password are written as %40 %3A %2F %23 %25.',
  },
  'WC-SOURCE-003': {
    meaning: 'The login has no permission to read a table of the source.',
    remedy: 'Grant the login SELECT on the table (and USAGE on its schema). Nothing more is needed.',
  },
  'WC-SOURCE-004': {
    meaning: 'A table that the config names does not exist in the source.',
    remedy: 'Take the name from `whalecurve discover SOURCE`, which lists what the login can read.',
  },
  'WC-SOURCE-005': {
    meaning: 'A column that the config names does not exist in the table.',
    remedy:
      'Take the name from `whalecurve discover SOURCE`; columns of a `query:` have the names it gives them.',
  },
  'WC-SOURCE-006': {
    meaning: 'The source failed while a table was being read.',
    remedy:
      'The run changed nothing and can be started again. If it happens every night, look into the log of the source at that time; `statement_timeout` may be too short.',
  },
  'WC-SOURCE-007': {
    meaning: 'A `query:` of the config is not accepted by the source.',
    remedy: 'Try the query in a client of the source. It must be one SELECT, in the words of that source.',
  },
  'WC-SOURCE-008': {
    meaning:
      'A table has no columns, two whose names differ only in case, or one named as a column that Whalecurve adds.',
    remedy:
      'Give the column another name: in a `query:` for a database, in the header of a file. `_row`, `_file`, `_extracted_at`, `_run_id` and `_deleted_at` are names of raw tables.',
  },
  'WC-FILE-001': {
    meaning: 'No file matches the path that the config names.',
    remedy: 'Paths of tables are relative to `path` of the source, and `path` to the folder of the config.',
  },
  'WC-FILE-002': {
    meaning: 'A file breaks its format (for example it ends inside a quoted field).',
    remedy:
      'Ask for the file again: most often its transfer was cut off. If it is whole, describe how it is written under `format:`.',
  },
  'WC-FILE-003': {
    meaning: 'A row of a file has more or fewer fields than its header.',
    remedy:
      'Look at the row that the error names: a delimiter inside a field without quotes is the usual cause. `format: { delimiter, quote }` says how the file is written.',
  },
  'WC-FILE-004': {
    meaning:
      'A file is written in another way than before, or two files of one table contradict each other: encoding, delimiter, header, decimal sign or order of day and month.',
    remedy:
      'If the change is meant, say how the file is written under `format:` of its table, which always wins and is kept from then on. If not, ask for the file again.',
  },
  'WC-LOAD-001': {
    meaning: 'A table that is read by what changed has rows that its key does not tell apart.',
    remedy:
      'Name under `key:` the columns that are unique and never empty. A table without such columns is read by `strategy: full`.',
  },
  'WC-LOAD-002': {
    meaning: 'Rows of a table have no value in its cursor, so that nobody could see them change.',
    remedy:
      'Say `null_cursor: include` to read these rows every night, or `exclude` to leave them out; or choose a column that is never empty.',
  },
  'WC-LOAD-003': {
    meaning: 'More of a table has vanished since the last load than `max_vanished_share` allows.',
    remedy:
      'Look at the source: an emptied or half restored table looks so. If the rows are gone for good, set `max_vanished_share: 1` on the table for one run.',
  },
  'WC-LOAD-004': {
    meaning: 'The columns of a table are other ones than before, and `drift: freeze` forbids it.',
    remedy:
      'If the change is meant, set `drift: evolve` on the table for one run: new columns and types are then taken along.',
  },
  'WC-MAP-001': {
    meaning: 'An expression in `map` or `where` has a syntax error.',
    remedy: 'Expressions are SQL over the columns of the source table; texts stand in single quotes.',
  },
  'WC-MAP-002': {
    meaning:
      'An expression in `map` or `where` names a column that the table does not have, or an ambiguous one.',
    remedy:
      'Use a name that the error suggests. Where two columns differ only in case, write the name in double quotes.',
  },
  'WC-MAP-003': {
    meaning: 'A required column of the entity is neither mapped nor found by name.',
    remedy:
      'Add it under `map:` with the expression that gives it; `whalecurve plan` shows what was matched.',
  },
  'WC-MAP-004': {
    meaning: 'An expression in `map` or `where` does not give the type that the entity needs.',
    remedy:
      'Cast it, for example `cast(amount_cents as integer) * 0.01`, or set the type of a file column under `types:`.',
  },
  'WC-MODEL-001': {
    meaning: 'A model file cannot be read: its header or its SQL is malformed.',
    remedy: 'The header is YAML in the block comment at the head of the file; below it stands one SELECT.',
  },
  'WC-MODEL-002': {
    meaning: 'A model failed when its SQL ran.',
    remedy:
      'Run its SELECT by `whalecurve query --state` to see which rows are the cause. Nothing was published.',
  },
  'WC-MODEL-003': {
    meaning: 'Models depend on each other in a circle.',
    remedy: 'The error lists the circle; move what both need into a model of its own.',
  },
  'WC-MODEL-004': {
    meaning: 'A model breaks a rule of the common SQL dialect.',
    remedy:
      'The rules, with a way to write each thing so that both engines give the same, stand in ARCHITECTURE.md.',
  },
  'WC-ENGINE-001': {
    meaning: 'The warehouse or state file is open in another process.',
    remedy:
      'Wait for the run that is going on, or close the program that has the file open. Analysts open the warehouse file, never the state.',
  },
  'WC-ENGINE-002': {
    meaning: 'The engine failed to run a statement.',
    remedy:
      'The message is the engine’s own. If it is about memory or disk, see `warehouse.memory_limit` and `warehouse.spill`.',
  },
  'WC-ENGINE-003': {
    meaning: 'The state was written by a newer version of Whalecurve.',
    remedy: 'Update Whalecurve on this machine to the version that the error names, or a later one.',
  },
  'WC-ENGINE-004': {
    meaning: 'The warehouse or state file is damaged, or no database of this engine.',
    remedy:
      'Restore it from a copy, or move it away: the next run makes the warehouse anew. Nothing was written to it.',
  },
  'WC-ENGINE-005': {
    meaning: 'The warehouse server cannot be reached, refuses the login, or lacks what the engine needs.',
    remedy:
      'Check `warehouse.url`, and that the login owns a database of its own in UTF8: `create database warehouse encoding utf8 template template0 owner whalecurve`.',
  },
  'WC-ENGINE-006': {
    meaning: 'The config asks to spread the tables over a Citus cluster, and the warehouse server is none.',
    remedy:
      'Run `create extension citus` in the database as a superuser of the cluster, or set `warehouse.distribute: false`.',
  },
  'WC-ENGINE-007': {
    meaning:
      'A table does not fit into the warehouse: PostgreSQL limits columns, names and the size of a row.',
    remedy:
      'Name the columns that are needed in a `query:`, or give a column a shorter name there. The engine `duckdb` has none of these limits.',
  },
  'WC-ENGINE-008': {
    meaning: 'The roles for analysts are missing on the warehouse server, and the login may not create them.',
    remedy:
      'Run the SQL that the error prints as an administrator of the server, or set `warehouse.roles: false`.',
  },
  'WC-RUN-001': {
    meaning: 'Another run holds the lock.',
    remedy:
      'Wait until it has ended; `whalecurve status` shows it. The lock of a killed run expires by itself.',
  },
  'WC-RUN-002': {
    meaning: 'A job of the run failed.',
    remedy:
      'The cause stands with it. The warehouse is as it was; `whalecurve status` shows how far the run came.',
  },
  'WC-RUN-003': {
    meaning: 'There is no finished run to read from yet.',
    remedy: 'Start one with `whalecurve run`.',
  },
  'WC-RUN-004': {
    meaning: 'The run was cancelled.',
    remedy: 'The warehouse is as it was; start the run again when it suits.',
  },
  'WC-RUN-005': {
    meaning: 'What analysts read is older than `status --max-age` allows.',
    remedy:
      'Look why: the schedule does not run, or its runs fail (`whalecurve status --last 7`). `whalecurve run` runs at once.',
  },
  'WC-RUN-006': {
    meaning: 'A run, or one of its jobs, took longer than `run.deadline` or `run.job_deadline` allows.',
    remedy:
      'The warehouse is as it was. `whalecurve status` shows which job took how long; the next run goes on where this one stopped.',
  },
  'WC-RUN-007': {
    meaning: 'There is no run to cancel, or the one that goes on did not end after it was told to.',
    remedy: '`whalecurve status` shows whether a run is going on, and in which process.',
  },
  'WC-GATE-001': {
    meaning: 'Control totals differ: what arrived is not what the source says it sent.',
    remedy:
      'Start the run again. If the difference stays, compare the table that the error names at both ends, and report it: no such run is published.',
  },
  'WC-GATE-002': {
    meaning: 'A data test failed, so nothing was published.',
    remedy:
      'Look into `whalecurve.checks` by `whalecurve query --state`; it names the table, the test and the rows.',
  },
  'WC-LIMIT-001': {
    meaning: 'A table has sent more bytes than `limits.table` allows in one run.',
    remedy:
      'A view without an end, a file that unpacks to far more than it seems, or simply a large table: raise `limits.table` if it is that. Nothing was published.',
  },
  'WC-LIMIT-002': {
    meaning: 'Less room is left on the disk than `limits.free_disk` keeps free.',
    remedy:
      'Make room, or move the state to a larger disk (`warehouse.state`, `warehouse.spill`). `whalecurve clean --dry-run` says what the state could do without. Nothing was published.',
  },
  'WC-MONITOR-001': {
    meaning: 'The port of `monitoring` cannot be taken.',
    remedy:
      'Another process has it, or it is below 1024 and needs rights. Give each scheduler and worker on one machine a port of its own.',
  },
  'WC-GATE-003': {
    meaning:
      'The night differs from those before by more than a test of the config allows (freshness, volume, score_shift), so nothing was published.',
    remedy:
      'Look at what the run built by `whalecurve query --candidate "select …"`. If it is right, raise the limit under `tests:` for one run; if not, the source or a changed mapping is the place to look.',
  },
  'WC-GATE-004': {
    meaning:
      'After an incremental load, the source has rows that were not loaded: the counts of a window of the cursor differ.',
    remedy:
      'Rows came in behind the cursor, or changed without moving it. `whalecurve backfill` reads the window that the error names, or the whole table, again; a greater `lookback` keeps it from happening.',
  },
  'WC-QUEUE-001': {
    meaning: 'Redis, which the chosen runner needs, cannot be reached.',
    remedy: 'Check `runner.redis`, and that Redis runs; `runner: { type: inline }` needs none.',
  },
  'WC-REVIEW-001': {
    meaning:
      'A decision that `whalecurve review --in` read cannot be taken: it names an account that does not exist, or contradicts another decision.',
    remedy:
      'Mend the line that the error names and read the file again: until then none of its decisions is stored. `whalecurve review list` shows the decisions that hold, those of the config with them.',
  },
  'WC-CDC-001': {
    meaning:
      'The log of a source cannot be read: the server does not write it, or the login may not read it.',
    remedy:
      'Run the SQL that `whalecurve check` prints as the owner of the server. Until then the tables of `strategy: cdc` are read whole every night.',
  },
  'WC-CDC-002': {
    meaning: 'The log of a source does not hold every change of a table.',
    remedy:
      'Run the SQL that `whalecurve check` prints as the owner of the table, or give the table another `strategy`. Until then it is read whole every night.',
  },
  'WC-CDC-003': {
    meaning: 'The log of a source does not name the rows of a table by the key of the config.',
    remedy:
      'Let the log hold the columns of `key` by the SQL that `whalecurve check` prints, or use the primary key as `key`.',
  },
  'WC-CDC-004': {
    meaning:
      'The place in the log up to which a table was loaded is lost: its replication slot or binary log is gone, was moved on by somebody else, or is that of another server.',
    remedy:
      'Nothing is to be done: the table was read whole, and the next night goes on from there. If it happens again, look who drops or reads the slot, or raise `binlog_expire_logs_seconds` above the time between two runs.',
  },
  'WC-CDC-005': {
    meaning: 'So much of a table changed, or in such a way (truncated, altered), that it was read whole.',
    remedy:
      'Nothing is to be done. Where a large table changes as much every night and memory allows, raise `cdc.whole_above`.',
  },
  'WC-CDC-006': {
    meaning: 'A replication slot keeps more of the log at its server than `cdc.max_retained_mb`.',
    remedy:
      'Runs that load the source free it. If there will be none for long, drop the slot by the SQL that the notice prints, before the disk of the server is full; the next run makes it anew.',
  },
  'WC-DEMO-001': {
    meaning: 'A database or folder that `demo seed` would fill holds something else.',
    remedy:
      'Give the demo company databases and a folder of its own. Only tables that `demo seed` made are ever replaced.',
  },
  'WC-DEMO-002': {
    meaning: 'The demo company could not be written into a database.',
    remedy:
      'The login must be allowed to create tables there. What was begun is made anew by the next `demo seed`.',
  },
} as const satisfies Record<string, { meaning: string; remedy: string }>;

export type ErrorCode = keyof typeof errorCodes;
