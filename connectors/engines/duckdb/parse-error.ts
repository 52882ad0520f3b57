import { WhalecurveError } from '../../../config/error.ts';
import { firstLineOf, statementError, textOf } from './engine-error.ts';

/** What was being read when DuckDB's reader failed. */
export interface ReadContext {
  /** The file, or the table as the config names it. */
  subject: string;
  maxLineBytes: number;
}

/** DuckDB's complaint about bytes in the words of the user, without its advice on its own settings. */
export function parseError(cause: unknown, { subject, maxLineBytes }: ReadContext): WhalecurveError {
  const text = textOf(cause);
  const line = /CSV Error on Line: (\d+)/.exec(text)?.[1];
  const where = line === undefined ? subject : `${subject}:${line}`;
  const limit = `${Math.round(maxLineBytes / 1024 / 1024)} MB`;
  const broken = (message: string, hint?: string) =>
    new WhalecurveError('WC-FILE-002', message, { where, hint, cause });

  const fields = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(text);
  if (fields) {
    return new WhalecurveError('WC-FILE-003', `the row has ${fields[2]} fields where ${fields[1]} belong`, {
      where,
      hint: 'quote fields that hold the delimiter or a line end, or give `format:` for the table',
      cause,
    });
  }
  if (/Maximum line size|does not support a full read|buffer_size/i.test(text)) {
    return broken(`a row is longer than ${limit}, the most that is read`, 'raise `warehouse.max_line_mb`');
  }
  if (/unterminated quote/i.test(text)) {
    return broken(
      'a quoted field does not end',
      `the data may be cut off, hold a quote that is not doubled, or a row above ${limit} (\`warehouse.max_line_mb\`)`,
    );
  }
  if (/not utf-8 encoded|Invalid unicode/i.test(text)) {
    return broken('a text is not UTF-8', 'give the encoding of the file: `format: { encoding: latin1 }`');
  }
  const conversion = conversionPattern.exec(text);
  if (conversion) {
    const [, column, value = '', type] = conversion;
    return broken(`column ${column} holds "${shorten(value, 60)}", which is not ${type}`);
  }
  if (/reached an invalid state/.test(text)) {
    return broken('rows do not end all in the same way', 'write the file with one kind of line end');
  }
  if (/^Invalid Input Error: .*(Parquet|magic bytes)/i.test(text)) {
    return broken('the file is no Parquet file, or not all of it is there');
  }
  if (/^(Invalid Input|Conversion) Error/.test(text)) return broken(shorten(firstLineOf(cause), 300));
  return statementError(cause, subject);
}

const conversionPattern =
  /Error when converting column "(.*)"\. Could not convert string "([\s\S]*?)" to '(.*)'/;

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
