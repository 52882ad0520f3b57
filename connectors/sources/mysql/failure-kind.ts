import type { TableRequest } from '../source.ts';
import { codeOf, type FailureKind, unreachableCodes, untrustedCodes } from '../source-failure.ts';

/**
 * What an error of `mysql2` means. Codes: https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html;
 * MariaDB shares those that stand here.
 */
export function failureKind(cause: unknown, request?: TableRequest): FailureKind {
  const code = codeOf(cause);
  if (permissionCodes.has(code)) return 'permission';
  if (request?.table.query !== undefined && queryCodes.has(code)) return 'query';
  if (
    code === 'ER_NO_SUCH_TABLE' ||
    code === 'ER_NO_DB_ERROR' ||
    (code === 'ER_BAD_DB_ERROR' && request !== undefined)
  )
    return 'table';
  if (code === 'ER_BAD_FIELD_ERROR') return 'column';
  if (loginCodes.has(code)) return 'login';
  if (untrustedCodes.has(code) || /^HANDSHAKE_/.test(code)) return 'untrusted';
  if (request === undefined && (unreachableCodes.has(code) || connectCodes.has(code))) return 'unreachable';
  return 'reading';
}

const permissionCodes = new Set([
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_COLUMNACCESS_DENIED_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_SPECIFIC_ACCESS_DENIED_ERROR',
  'ER_VIEW_NO_EXPLAIN',
]);

/** What is wrong with the SQL that the user wrote. */
const queryCodes = new Set([
  'ER_PARSE_ERROR',
  'ER_NO_SUCH_TABLE',
  'ER_BAD_DB_ERROR',
  'ER_BAD_FIELD_ERROR',
  'ER_DUP_FIELDNAME',
  'ER_NON_UNIQ_ERROR',
  'ER_SP_DOES_NOT_EXIST',
  'ER_FUNC_INEXISTENT_NAME_COLLISION',
  'ER_WRONG_FIELD_WITH_GROUP',
  'ER_MIX_OF_GROUP_FUNC_AND_FIELDS',
  'ER_INVALID_GROUP_FUNC_USE',
  'ER_WRONG_NUMBER_OF_COLUMNS_IN_SELECT',
  'ER_WRONG_PARAMCOUNT_TO_NATIVE_FCT',
  'ER_OPERAND_COLUMNS',
  'ER_UNKNOWN_TABLE',
]);

const loginCodes = new Set([
  'ER_ACCESS_DENIED_ERROR',
  'ER_ACCESS_DENIED_NO_PASSWORD_ERROR',
  'ER_NOT_SUPPORTED_AUTH_MODE',
  'ER_MUST_CHANGE_PASSWORD_LOGIN',
  'ER_ACCOUNT_HAS_BEEN_LOCKED',
  'AUTH_SWITCH_PLUGIN_ERROR',
]);

const connectCodes = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'ER_BAD_DB_ERROR',
  'ER_CON_COUNT_ERROR',
  'ER_HOST_NOT_PRIVILEGED',
  'ER_HOST_IS_BLOCKED',
  'ER_TOO_MANY_USER_CONNECTIONS',
]);
