import { WhalecurveError } from '../../../config/error.ts';
import { unreachableCodes, untrustedCodes } from '../../sources/source-failure.ts';
import type { PostgresWarehouse } from '../warehouse-config.ts';
import { type ServerError, serverError } from './server-error.ts';
import { postgresName } from './server-name.ts';

/** Why there is no connection to work on. */
export function connectionError(cause: unknown, warehouse: PostgresWarehouse): WhalecurveError {
  const error = serverError(cause);
  const server = postgresName(warehouse);
  const user = decodeURIComponent(new URL(warehouse.url).username);
  const failed = (message: string, hint: string) =>
    new WhalecurveError('WC-ENGINE-005', `${message}: ${error.message}`, { where: 'warehouse', hint, cause });
  // Class 28: the login; SASL: the server wants a password and the URL has none.
  if (/^28/.test(error.code) || /^SASL/.test(error.message)) {
    return failed(
      `${server} refused the login of ${user}`,
      'check the user and the password in the environment variable that `warehouse.url` names',
    );
  }
  if (untrustedCodes.has(error.code) || /does not support SSL/.test(error.message)) {
    return failed(
      `no trusted TLS connection to ${server}`,
      "give the server's certificate authority in `warehouse.tls.ca`, or turn `tls` off where the server has none",
    );
  }
  if (error.code === '3D000') {
    return failed(
      `${server} is not there`,
      `make it as an administrator of the server: create database … encoding 'UTF8' template template0 owner ${user}`,
    );
  }
  if (error.code === '53300') return failed(`${server} has no room for another connection`, tooManyHint);
  if (error.code === '42501') return permissionError(cause, warehouse);
  return failed(
    `${server} cannot be reached`,
    'check the host, the port and the database in `warehouse.url`, and that the server runs and lets this machine in',
  );
}

const tooManyHint =
  'close other connections, or raise max_connections of the server: a run holds one for the state, two for its locks and one for each table that it reads at the time';

/**
 * A statement that failed, with the server's own message. Where the server names the place, `LINE n` and a caret
 * show it, as DuckDB prints them.
 */
export function statementError(
  cause: unknown,
  warehouse: PostgresWarehouse,
  { sql, where }: { sql?: string | undefined; where?: string | undefined } = {},
): WhalecurveError {
  const error = serverError(cause);
  if (isBroken(error)) return brokenError(cause, warehouse);
  const place = sql === undefined || error.position === undefined ? '' : placeOf(sql, error.position);
  const detail = error.detail === undefined ? '' : `\n${error.detail}`;
  return new WhalecurveError('WC-ENGINE-002', `${error.message}${detail}${place}`, {
    where,
    hint: hints[error.code] ?? error.hint,
    cause,
  });
}

/** The login may not do what a run has to do. */
export function permissionError(cause: unknown, warehouse: PostgresWarehouse): WhalecurveError {
  const { pathname, username } = new URL(warehouse.url);
  const database = decodeURIComponent(pathname.slice(1));
  const user = decodeURIComponent(username);
  return new WhalecurveError(
    'WC-ENGINE-005',
    `${user} may not do in ${postgresName(warehouse)} what a run has to: ${serverError(cause).message}`,
    {
      where: 'warehouse',
      hint: `as an administrator of the server: alter database "${database}" owner to "${user}", or: grant create on database "${database}" to "${user}"`,
      cause,
    },
  );
}

const hints: Readonly<Record<string, string>> = {
  '53100': 'make room on the disk of the warehouse server; nothing was published',
  '53200': 'lower `warehouse.work_mem`, or give the warehouse server more memory; nothing was published',
  '53300': tooManyHint,
  '54000': 'a row of PostgreSQL holds about 8 kB besides its long texts: read fewer columns, by a `query:`',
  '55P03': 'end the session that reads or writes the table, and start the run again',
  '57014': 'if nobody stopped it, `warehouse.statement_timeout` is too short',
};

/** Whether the connection is gone, and nothing can be asked on it again. */
export function isBroken({ code, message }: ServerError): boolean {
  // 57P01 to 57P03: the server is being stopped; class 08: the connection.
  if (/^(57P0[1-5]|08...)$/.test(code) || unreachableCodes.has(code)) return true;
  return code === '' && /terminated|not queryable|closed/i.test(message);
}

function brokenError(cause: unknown, warehouse: PostgresWarehouse): WhalecurveError {
  return new WhalecurveError(
    'WC-ENGINE-005',
    `the connection to ${postgresName(warehouse)} broke: ${serverError(cause).message}`,
    {
      where: 'warehouse',
      hint: 'look into the log of the server at that time, then start the run again; what was not committed is undone',
      cause,
    },
  );
}

/** How much of a long line is shown, and how much of it before the caret. */
const shownCharacters = 80;
const shownBefore = 40;

/** `LINE 3:   y` with a caret below the place. Positions count characters and not UTF-16 units. */
function placeOf(sql: string, position: number): string {
  const before = [...sql].slice(0, position - 1).join('');
  const line = before.split('\n').length;
  const text = sql.split('\n')[line - 1] ?? '';
  const column = before.length - (before.lastIndexOf('\n') + 1);
  const from = text.length <= shownCharacters ? 0 : Math.max(0, column - shownBefore);
  const head = `LINE ${line}: `;
  const shown = text.slice(from, from + shownCharacters);
  return `\n\n${head}${shown}\n${' '.repeat(head.length + column - from)}^`;
}
