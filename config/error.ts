import type { ErrorCode } from './error-codes.ts';

export interface ErrorDetails {
  /** Where it happened: `file:line:column`, or `source.table.key`. */
  where?: string | undefined;
  /** What the reader can do about it, one sentence. */
  hint?: string | undefined;
  cause?: unknown;
}

/** Every failure that a user can meet: a code from `error-codes.ts`, what is wrong, where, and what to do. */
export class WhalecurveError extends Error {
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'WhalecurveError';
    this.code = code;
    this.where = details.where;
    this.hint = details.hint;
  }
}
