import { types } from 'node:util';
import { WhalecurveError } from '../../../config/error.ts';

/** The text of what DuckDB's driver threw. Its errors are native: `instanceof Error` fails across realms. */
export function textOf(cause: unknown): string {
  return types.isNativeError(cause) ? cause.message : String(cause);
}

export function firstLineOf(cause: unknown): string {
  return textOf(cause).split('\n')[0]?.trim() ?? '';
}

/** A statement that failed, with DuckDB's own message: its `LINE n` and caret show the place in the SQL. */
export function statementError(cause: unknown, where?: string): WhalecurveError {
  const text = textOf(cause);
  if (/^Out of Memory Error/.test(text)) {
    // The rest advises on settings that only Whalecurve can reach.
    return new WhalecurveError('WC-ENGINE-002', firstLineOf(cause), {
      where,
      hint: 'give more by `warehouse.memory_limit`, or a disk with more room by `warehouse.spill`',
      cause,
    });
  }
  return new WhalecurveError('WC-ENGINE-002', text.trim(), { where, cause });
}
