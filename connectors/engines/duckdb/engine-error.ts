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
  const damaged = /^IO Error: (Corrupt database file|Could not read enough bytes)/.test(text);
  if (damaged) {
    return new WhalecurveError('WC-ENGINE-004', `a database file is damaged: ${firstLineOf(cause)}`, {
      where,
      hint: 'restore it from a copy, or move it away: the next run makes it anew',
      cause,
    });
  }
  return new WhalecurveError('WC-ENGINE-002', text.trim(), { where, hint: hintOfSystem(text), cause });
}

/** What to do about a failure of the file system, in the words of DuckDB or of Node. */
function hintOfSystem(text: string): string | undefined {
  if (/No space left on device|ENOSPC|disk quota exceeded|EDQUOT/i.test(text)) {
    return 'the disk is full: make room on it, or move `warehouse.path`, `warehouse.state` or `warehouse.spill`';
  }
  if (/Read-only file system|EROFS|Permission denied|EACCES/i.test(text)) {
    return 'let the user that runs whalecurve write to that folder';
  }
  return undefined;
}
