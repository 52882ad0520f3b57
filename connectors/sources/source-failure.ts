import { WhalecurveError } from '../../config/error.ts';
import type { ErrorCode } from '../../config/error-codes.ts';
import type { TableRequest } from './source.ts';

/** The ways in which a database can fail us. Each source sorts its driver's errors into these. */
export type FailureKind =
  | 'unreachable'
  | 'untrusted'
  | 'login'
  | 'permission'
  | 'table'
  | 'column'
  | 'reading'
  | 'cancelled'
  | 'query';

export interface Circumstances {
  source: string;
  /** `127.0.0.1:5432/sales`: where we went, without the password. */
  server: string;
  user: string;
  request?: TableRequest | undefined;
  /** What the server's owner can do, where the kind's own hint would say less. */
  hint?: string | undefined;
}

/** The error that people read, the same for every kind of database. */
export function sourceFailure(
  kind: FailureKind,
  circumstances: Circumstances,
  cause: unknown,
): WhalecurveError {
  const { source, server, user, request } = circumstances;
  const said = wordsOf(cause);
  const table = request?.name ?? 'the source';
  const failures: Record<FailureKind, { code: ErrorCode; message: string; hint: string | undefined }> = {
    unreachable: {
      code: 'WC-SOURCE-001',
      message: `${server} cannot be reached: ${said}`,
      hint: 'check the host, the port and the database in `url`, and that the server runs and lets this machine in',
    },
    untrusted: {
      code: 'WC-SOURCE-001',
      message: `no trusted TLS connection to ${server}: ${said}`,
      hint: "give the server's certificate authority in `tls.ca`, or turn `tls` off where the server has none",
    },
    login: {
      code: 'WC-SOURCE-002',
      message: `${server} refused the login of ${user}: ${said}`,
      hint: 'check the user and the password in the environment variable that `url` names',
    },
    permission: {
      code: 'WC-SOURCE-003',
      message: `${user} may not read ${table}: ${said}`,
      hint: `let the owner of ${table} grant select on it to ${user}`,
    },
    table: {
      code: 'WC-SOURCE-004',
      message: `there is no table ${table} in ${server}`,
      hint: '`whalecurve discover` lists the tables that this login can read',
    },
    column: {
      code: 'WC-SOURCE-005',
      message: `${table}: ${said}`,
      hint: '`whalecurve discover` lists the columns of each table',
    },
    reading: {
      code: 'WC-SOURCE-006',
      message: `reading ${table} failed: ${said}`,
      hint: 'the next run reads the source again from its beginning',
    },
    cancelled: { code: 'WC-SOURCE-006', message: `reading ${table} was cancelled`, hint: undefined },
    query: {
      code: 'WC-SOURCE-007',
      message: `the server does not accept the query of ${table}: ${said}`,
      hint: 'run the query in a client of the database; it must be one SELECT with a name for each column',
    },
  };
  const { code, message, hint } = failures[kind];
  return new WhalecurveError(code, message, {
    where: request === undefined ? source : `${source}.${request.name}`,
    hint: circumstances.hint ?? hint,
    cause,
  });
}

/** Codes of Node's sockets and resolver. */
export const unreachableCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EPIPE',
  'ECONNRESET',
  'ENOENT',
  'EACCES',
]);

/** Codes of Node's TLS: the server answered, but its certificate does not hold. */
export const untrustedCodes: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'EPROTO',
]);

/** `ECONNREFUSED`, an SQLSTATE or the like; empty where there is none. */
export function codeOf(cause: unknown): string {
  return textIn(cause, 'code');
}

export function messageOf(cause: unknown): string {
  return textIn(cause, 'message');
}

/** By its shape and not by `instanceof`: errors of Node's core may come from another realm than our code. */
function textIn(cause: unknown, name: 'code' | 'message'): string {
  if (typeof cause !== 'object' || cause === null || !(name in cause)) return '';
  return String((cause as Record<string, unknown>)[name] ?? '');
}

/** Of a host with several addresses Node gives an AggregateError without a message; its code must do. */
function wordsOf(cause: unknown): string {
  return messageOf(cause) || codeOf(cause) || String(cause);
}
