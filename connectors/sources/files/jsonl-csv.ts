import { addAbortSignal, Readable } from 'node:stream';
import type { CsvReading } from './csv-bytes.ts';
import { jsonRecords } from './json-lines.ts';
import type { DataFile } from './list-files.ts';

/** As many characters of lines are let out at once. */
const chunkLength = 128 * 1024;

/** The records of a JSONL file as CSV in the canonical dialect, in this order of columns. */
export function openJsonl(
  file: DataFile,
  columns: readonly string[],
  options: { encoding?: string | undefined; limit?: number | undefined; signal: AbortSignal },
): CsvReading {
  const places = new Map(columns.map((name, place) => [name, place]));
  const { limit = Number.POSITIVE_INFINITY } = options;
  let rows = 0;
  let isDone = false;
  async function* chunks(): AsyncGenerator<Buffer> {
    let text = '';
    for await (const fields of jsonRecords(file, options.encoding, options.signal)) {
      const values: string[] = new Array(columns.length).fill('');
      for (const [name, value] of fields) values[places.get(name) ?? 0] = csvField(value);
      text += `${values.join(',')}\n`;
      rows += 1;
      if (text.length > chunkLength) {
        yield Buffer.from(text);
        text = '';
      }
      if (rows === limit) break;
    }
    if (text !== '') yield Buffer.from(text);
    isDone = true;
  }
  const bytes = Readable.from(chunks(), { objectMode: false });
  addAbortSignal(options.signal, bytes);
  // A run can be cancelled before anybody listens to the stream, which would end the process.
  bytes.on('error', () => {});
  return { bytes, rows: () => (isDone ? rows : null) };
}

/** What is in quotes is never taken for NULL, for the end of the data (`\.`), or for blanks around a field. */
function csvField(value: string | null): string {
  if (value === null) return '';
  return /^[\w.:+-]+$/.test(value) ? value : `"${value.replaceAll('"', '""')}"`;
}
