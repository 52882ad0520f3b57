import type { ErrorCode } from './error-codes.ts';

export interface ErrorDetails {
  /** Where it happened: `file:line:column`, or `source.table.key`. */
  where?: string | undefined;
  /** What the reader can do about it, one sentence. */
  hint?: string | undefined;
  /** The line of the file that is meant, with a caret below the place; no secrets. */
  excerpt?: string | undefined;
  /** What was found, one error for each, when this error stands for several found at once. */
  problems?: readonly WhalecurveError[] | undefined;
  cause?: unknown;
}

/** Every failure that a user can meet: a code from `error-codes.ts`, what is wrong, where, and what to do. */
export class WhalecurveError extends Error {
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly hint: string | undefined;
  readonly excerpt: string | undefined;
  readonly problems: readonly WhalecurveError[];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'WhalecurveError';
    this.code = code;
    this.where = details.where;
    this.hint = details.hint;
    this.excerpt = details.excerpt;
    this.problems = details.problems ?? [];
  }
}

/**
 * One error for all that was found at once. A single problem is given as it is; several keep the code of the
 * first, and their message lists every one with its place, so that a plain log line loses none.
 */
export function errorOf(problems: readonly [WhalecurveError, ...WhalecurveError[]], subject: string) {
  const [first, ...others] = problems;
  if (others.length === 0) return first;
  const lines = problems.map(({ code, where, message }) => `  ${where ?? ''} ${message} (${code})`);
  return new WhalecurveError(first.code, `${problems.length} problems in ${subject}\n${lines.join('\n')}`, {
    where: first.where,
    problems,
  });
}
