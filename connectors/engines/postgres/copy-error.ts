import { WhalecurveError } from '../../../config/error.ts';
import type { StreamPart } from '../../sources/source.ts';
import { serverError } from './server-error.ts';
import type { PostgresSession } from './session.ts';

/** What the server says of bytes that it refused, in the words of the user: the table or file, and the line. */
export function copyError(
  cause: unknown,
  session: PostgresSession,
  subject: string,
  columns: StreamPart['columns'],
): WhalecurveError {
  const { code, message, context = '' } = serverError(cause);
  // `COPY landed_…, line 5, column amount: "x"`, in the server's language.
  const line = /^\w+ \S+, \D*(\d+)/.exec(context)?.[1];
  const where = line === undefined ? subject : `${subject}:${line}`;
  const broken = (text: string, hint?: string) =>
    new WhalecurveError('WC-FILE-002', text, { where, hint, cause });
  // 22P04: the form of CSV; 22021: bytes that are no UTF-8; other codes of class 22: a value of another type.
  if (code === '22P04') {
    return new WhalecurveError(
      'WC-FILE-003',
      `the row does not have the ${columns.length} fields that belong: ${message}`,
      { where, hint: 'the data may be cut off', cause },
    );
  }
  if (code === '22021') return broken('a text is not UTF-8');
  if (code.startsWith('22')) return broken(message);
  if (code === '54000') {
    // Rows are written in batches, and the line is that of the batch's end.
    return new WhalecurveError('WC-ENGINE-007', `a row is too big for PostgreSQL: ${message}`, {
      where: subject,
      hint: 'a row takes 8 kB besides its long texts: name the columns that are needed in a `query:`',
      cause,
    });
  }
  return session.failure(cause, { where: subject });
}
