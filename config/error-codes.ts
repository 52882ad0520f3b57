/**
 * Every error code, in one place; `docs/errors.md` is generated from it and a test holds each code to a test
 * that provokes it. The text says what the code means in general; the message of the error says what
 * happened this time.
 */
export const errorCodes = {
  'WC-CONFIG-001': 'The config file cannot be read, or is not YAML.',
  'WC-CONFIG-002': 'A value in the config has the wrong type, or is not one of the allowed values.',
  'WC-CONFIG-003': 'The config has a key that does not exist.',
  'WC-CONFIG-004': 'An environment variable that the config names is not set.',
  'WC-CONFIG-005': 'A required key is missing from the config.',
  'WC-USAGE-001': 'The command was called with arguments it does not know.',
  'WC-SOURCE-001': 'The source cannot be reached (host down, name unknown, connection refused or timed out).',
  'WC-SOURCE-002': 'The source refused the login.',
  'WC-SOURCE-003': 'The login has no permission to read a table of the source.',
  'WC-SOURCE-004': 'A table that the config names does not exist in the source.',
  'WC-SOURCE-005': 'A column that the config names does not exist in the table.',
  'WC-SOURCE-006': 'The source failed while a table was being read.',
  'WC-SOURCE-007': 'A `query:` of the config is not accepted by the source.',
  'WC-FILE-001': 'No file matches the path that the config names.',
  'WC-FILE-002': 'A file breaks its format (for example it ends inside a quoted field).',
  'WC-FILE-003': 'A row of a file has more or fewer fields than its header.',
  'WC-MAP-001': 'An expression in `map` or `where` has a syntax error.',
  'WC-MAP-002':
    'An expression in `map` or `where` names a column that the table does not have, or an ambiguous one.',
  'WC-MAP-003': 'A required column of the entity is neither mapped nor found by name.',
  'WC-MAP-004': 'An expression in `map` or `where` does not give the type that the entity needs.',
  'WC-MODEL-001': 'A model file cannot be read: its header or its SQL is malformed.',
  'WC-MODEL-002': 'A model failed when its SQL ran.',
  'WC-MODEL-003': 'Models depend on each other in a circle.',
  'WC-MODEL-004': 'A model breaks a rule of the common SQL dialect.',
  'WC-ENGINE-001': 'The warehouse or state file is open in another process.',
  'WC-ENGINE-002': 'The engine failed to run a statement.',
  'WC-RUN-001': 'Another run holds the lock.',
  'WC-RUN-002': 'A job of the run failed.',
  'WC-RUN-003': 'There is no finished run to read from yet.',
  'WC-GATE-001': 'Control totals differ: what arrived is not what the source says it sent.',
  'WC-GATE-002': 'A data test failed, so nothing was published.',
  'WC-QUEUE-001': 'Redis, which the chosen runner needs, cannot be reached.',
} as const;

export type ErrorCode = keyof typeof errorCodes;
