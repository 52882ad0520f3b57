import { Readable } from 'node:stream';
import papaparse from 'papaparse';
import type { Separators } from './sample-rows.ts';

/** What papaparse rewrites everything to: one byte each, as the engine and the record counter take them. */
export const plainSeparators: Separators = { delimiter: ',', quote: '"' };

/** True for separators that the record counter cannot take as they are: it compares single bytes. */
export function needsRewriting({ delimiter, quote }: Separators): boolean {
  return Buffer.byteLength(delimiter) > 1 || Buffer.byteLength(quote) > 1;
}

/**
 * Rewrites CSV with separators of several bytes (`||`, `§`). The one place where rows of a CSV file pass through
 * TypeScript, since such files are rare.
 */
export async function* rewrittenCsv(
  bytes: AsyncIterable<Buffer>,
  { delimiter, quote }: Separators,
): AsyncGenerator<Buffer> {
  const parser = papaparse.parse(papaparse.NODE_STREAM_INPUT, { delimiter, quoteChar: quote });
  const rows: AsyncIterable<string[]> = Readable.from(bytes).pipe(parser);
  let lines: string[] = [];
  for await (const row of rows) {
    lines.push(row.length === 1 && row[0] === '' ? '' : row.map(canonicalField).join(','));
    if (lines.length === 1000) {
      yield Buffer.from(`${lines.join('\n')}\n`);
      lines = [];
    }
  }
  if (lines.length > 0) yield Buffer.from(`${lines.join('\n')}\n`);
}

function canonicalField(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
