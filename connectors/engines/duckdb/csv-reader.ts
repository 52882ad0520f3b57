import type { Column, CsvDialect } from '../../sources/source.ts';
import { quoteText } from '../quote.ts';
import { duckdbType } from './raw-types.ts';

/**
 * Default limit of one line. Buffers of 128 MB would take any cell, but then little is parsed while the bytes
 * still arrive: 9 s in place of 3 s for 250 MB on 2 cores.
 */
export const defaultMaxLineBytes = 16 * 1024 * 1024;

/**
 * `read_csv(…)` with everything said and nothing guessed: a guess from the first rows breaks on later ones.
 * Not for DuckDB's reader is a NULL text that holds the escape character (`\N`, escaped by `\`).
 */
export function csvReader(
  path: string,
  columns: readonly Column[],
  dialect: CsvDialect,
  maxLineBytes: number,
): string {
  const types = columns.map(({ name, type }) => `${quoteText(name)}: ${quoteText(duckdbType(type))}`);
  const settings = {
    columns: `{${types.join(', ')}}`,
    auto_detect: 'false',
    header: String(dialect.hasHeader),
    delim: quoteText(dialect.delimiter),
    quote: quoteText(dialect.quote),
    escape: quoteText(dialect.escape),
    new_line: "'\\n'",
    nullstr: dialect.nullText === '' ? "''" : `['', ${quoteText(dialect.nullText)}]`,
    allow_quoted_nulls: 'false',
    strict_mode: 'true',
    // The bytes that come down the pipe are plain, whatever the file that they came from is named.
    compression: "'none'",
    max_line_size: String(maxLineBytes),
    // A line may lie across two buffers, not three. Left alone, a buffer is 16 lines of the greatest size.
    buffer_size: String(Math.max(2 * defaultMaxLineBytes, maxLineBytes)),
  };
  const list = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return `read_csv(${quoteText(path)}, ${list.join(', ')})`;
}
