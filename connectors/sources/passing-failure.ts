import { codeOf, messageOf } from './source-failure.ts';

/** Why a failure may not be there at the next attempt. */
export type PassingKind =
  | 'connection lost'
  | 'deadlock'
  | 'serialization failure'
  | 'timeout'
  | 'server busy';

/**
 * What passes by itself, read from the code of the driver that stands in the error or among its causes; null where the
 * same would fail again: a login, a permission, a missing table, a query, a mapping.
 *
 * SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html; MySQL and MariaDB:
 * https://mariadb.com/kb/en/mariadb-error-codes/
 */
export function passingKind(error: unknown): PassingKind | null {
  for (let cause = error, depth = 0; isObject(cause) && depth < maxDepth; cause = cause.cause, depth += 1) {
    const found = kindOf(cause);
    if (found !== null) return found;
  }
  return null;
}

const maxDepth = 6;

const kinds: readonly (readonly [PassingKind, RegExp])[] = [
  ['deadlock', /^(40P01|ER_LOCK_DEADLOCK)$/],
  ['serialization failure', /^(40001|ER_CHECKREAD)$/],
  // 57014 is statement_timeout, 55P03 lock_timeout, 25P03 a session that was ended for its idleness.
  [
    'timeout',
    /^(57014|55P03|25P03|ER_LOCK_WAIT_TIMEOUT|ER_STATEMENT_TIMEOUT|ER_QUERY_TIMEOUT|PROTOCOL_SEQUENCE_TIMEOUT)$/,
  ],
  ['server busy', /^(53300|57P03|ER_CON_COUNT_ERROR|ER_TOO_MANY_USER_CONNECTIONS|ER_USER_LIMIT_REACHED)$/],
  [
    'connection lost',
    /^(08...|57P0[125]|PROTOCOL_CONNECTION_LOST|ER_SERVER_SHUTDOWN|ER_CONNECTION_KILLED|ER_ABORTING_CONNECTION|ER_NEW_ABORTING_CONNECTION|ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EPIPE|ESTALE)$/,
  ],
];

/** By number, where the driver knows only the names of MySQL. 1969: max_statement_time; 1927: killed. */
const ofMariadb: Readonly<Record<number, PassingKind>> = { 1969: 'timeout', 1927: 'connection lost' };

function kindOf(error: { errno?: unknown }): PassingKind | null {
  const code = codeOf(error);
  const [kind] = kinds.find(([, codes]) => codes.test(code)) ?? [];
  if (kind !== undefined) return kind;
  const byNumber = ofMariadb[Number(error.errno)];
  if (byNumber !== undefined) return byNumber;
  // `pg` gives no code for a connection that ended, or that did not come about in time.
  if (code === '' && /^(Connection terminated|timeout expired|Query read timeout)/i.test(messageOf(error)))
    return 'connection lost';
  return null;
}

function isObject(error: unknown): error is { cause?: unknown; errno?: unknown } {
  return typeof error === 'object' && error !== null;
}
