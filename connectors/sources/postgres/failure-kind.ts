import type { TableRequest } from '../source.ts';
import { codeOf, type FailureKind, messageOf, unreachableCodes, untrustedCodes } from '../source-failure.ts';

/**
 * What an error of `pg` means. SQLSTATE codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function failureKind(cause: unknown, request?: TableRequest): FailureKind {
  const code = codeOf(cause);
  const message = messageOf(cause);
  if (code === '42501') return 'permission';
  // Class 42: syntax and names; 0A: not supported; 22: a value that the query computes from is wrong.
  if (request?.table.query !== undefined && /^(42|0A)/.test(code)) return 'query';
  if (code === '42P01' || code === '3F000') return 'table';
  if (code === '42703') return 'column';
  // Class 28: the login; SASL: the server wants a password and the URL has none.
  if (/^28/.test(code) || /^SASL/.test(message)) return 'login';
  if (untrustedCodes.has(code) || /does not support SSL/.test(message)) return 'untrusted';
  if (request === undefined) {
    // 3D000: no such database; 53300: too many connections; 57P03: the server is starting; 08: connection.
    if (/^(3D000|53300|57P03|08...)$/.test(code) || unreachableCodes.has(code)) return 'unreachable';
    if (/timeout|terminated/i.test(message) && code === '') return 'unreachable';
  }
  return 'reading';
}
