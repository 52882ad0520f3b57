import { Transform } from 'node:stream';
import type { CsvDialect } from '../sources/source.ts';

const carriageReturn = 13;
const lineFeed = 10;

/**
 * Turns rows ended by CR LF into rows ended by LF; what is quoted stays as it is.
 *
 * DuckDB 1.5.6 cannot be trusted with such rows: told `new_line = '\r\n'` in strict mode it makes one row of
 * two and drops the rest in silence, and when it has to guess, an LF inside the first quoted field misleads it.
 */
export function endRowsByLineFeed({ quote, escape: escapeText, delimiter }: CsvDialect): Transform {
  const quoteByte = Buffer.from(quote)[0];
  const escapeByte = escapeText === quote ? undefined : Buffer.from(escapeText)[0];
  const delimiterByte = Buffer.from(delimiter).at(-1);
  let isQuoted = false;
  let isFieldStart = true;
  let hasJustClosed = false;
  let isEscaped = false;
  let hasPendingReturn = false;

  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const rows = Buffer.allocUnsafe(chunk.length + 1);
      let length = 0;
      for (const byte of chunk) {
        if (hasPendingReturn) {
          if (byte !== lineFeed) rows[length++] = carriageReturn;
          hasPendingReturn = false;
        }
        if (isQuoted) {
          if (isEscaped) isEscaped = false;
          else if (byte === escapeByte) isEscaped = true;
          else if (byte === quoteByte) {
            isQuoted = false;
            hasJustClosed = true;
          }
          rows[length++] = byte;
          continue;
        }
        // A quote opens a field only at its start; doubled inside a quoted field it stands for itself.
        if (byte === quoteByte && (isFieldStart || hasJustClosed)) isQuoted = true;
        hasJustClosed = false;
        isFieldStart = byte === delimiterByte || byte === lineFeed;
        if (byte === carriageReturn) hasPendingReturn = true;
        else rows[length++] = byte;
      }
      done(null, rows.subarray(0, length));
    },
    flush(done) {
      done(null, hasPendingReturn ? Buffer.from([carriageReturn]) : undefined);
    },
  });
}
