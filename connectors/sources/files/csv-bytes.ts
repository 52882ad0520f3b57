import { addAbortSignal, Readable } from 'node:stream';
import { WhalecurveError } from '../../../config/error.ts';
import { type CsvDialect, canonicalDialect } from '../source.ts';
import { withoutBackslashEscapes } from './backslash-escapes.ts';
import { needsRewriting, plainSeparators, rewrittenCsv } from './canonical-csv.ts';
import { utf8Bytes } from './charset.ts';
import { RecordCounter, type RecordCounterOptions } from './count-records.ts';
import type { CsvForm } from './csv-form.ts';
import { fileBytes } from './file-bytes.ts';
import type { DataFile } from './list-files.ts';

/** How the bytes of `openCsv` are to be parsed: the file's own separators, and what was made one on the way. */
export function dialectOf(form: CsvForm): CsvDialect {
  const { delimiter, quote } = needsRewriting(form) ? plainSeparators : form;
  return { ...canonicalDialect, delimiter, quote, escape: quote, nullText: form.nullText };
}

export interface CsvReading {
  bytes: Readable;
  /** Null until the last byte has been read. */
  rows(): number | null;
}

/** The records of a file in UTF-8, without header, every newline outside quotes LF; counted as they pass. */
export function openCsv(
  file: DataFile,
  form: CsvForm,
  options: { limit?: number | undefined; signal: AbortSignal },
): CsvReading {
  const counter = counterOf(file, form, { limit: options.limit });
  let isDone = false;
  async function* records(): AsyncGenerator<Buffer> {
    for await (const chunk of plainBytes(file, form, options.signal)) {
      const counted = counter.scan(chunk);
      if (counted.length > 0) yield counted;
      if (counter.isAtLimit) break;
    }
    counter.end();
    isDone = true;
  }
  const bytes = Readable.from(records(), { objectMode: false });
  addAbortSignal(options.signal, bytes);
  // A run can be cancelled before anybody listens to the stream, which would end the process.
  bytes.on('error', () => {});
  return { bytes, rows: () => (isDone ? counter.records : null) };
}

/** What the engine's reader stumbled over, found by reading the file again and counting the fields of every row. */
export async function explainCsv(file: DataFile, form: CsvForm): Promise<WhalecurveError | null> {
  const counter = counterOf(file, form, { checksFields: true });
  try {
    for await (const chunk of plainBytes(file, form)) counter.scan(chunk);
    counter.end();
    return null;
  } catch (fault) {
    if (fault instanceof WhalecurveError) return fault;
    throw fault;
  }
}

function counterOf(file: DataFile, form: CsvForm, options: RecordCounterOptions): RecordCounter {
  const { delimiter, quote } = dialectOf(form);
  return new RecordCounter(
    file.file,
    { delimiter, quote, columns: form.columns.length },
    { hasHeader: form.hasHeader, firstLine: form.hasSeparatorLine ? 2 : 1, ...options },
  );
}

/** The file's bytes in UTF-8, rewritten only where the engine's reader could not take them. */
function plainBytes(file: DataFile, form: CsvForm, signal?: AbortSignal): AsyncIterable<Buffer> {
  let bytes: AsyncIterable<Buffer> = utf8Bytes(fileBytes(file, signal), form.charset, file);
  if (form.hasSeparatorLine) bytes = withoutFirstLine(bytes);
  if (form.hasBackslashEscapes) bytes = withoutBackslashEscapes(bytes, form.quote);
  if (needsRewriting(form)) bytes = rewrittenCsv(bytes, form);
  return bytes;
}

async function* withoutFirstLine(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of bytes) {
    // The line is `sep=;`: it is whole in the first chunk.
    const length = isFirst ? (/^.*?(\r\n|\r|\n)/.exec(chunk.toString('latin1'))?.[0].length ?? 0) : 0;
    isFirst = false;
    yield chunk.subarray(length);
  }
}
