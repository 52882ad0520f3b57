import { addAbortSignal, Readable } from 'node:stream';
import { type CsvDialect, canonicalDialect } from '../source.ts';
import type { CsvForm } from './csv-form.ts';
import { CsvScanner, scannedSeparators } from './csv-scanner.ts';
import { fileBytes } from './file-bytes.ts';
import type { DataFile } from './list-files.ts';
import { utf8Bytes } from './utf8-bytes.ts';

/** How the bytes of `openCsv` are to be parsed: the file's own separators, and what was made one on the way. */
export function dialectOf(form: CsvForm): CsvDialect {
  const { delimiter, quote } = scannedSeparators(form);
  return { ...canonicalDialect, delimiter, quote, escape: quote };
}

export interface CsvReading {
  bytes: Readable;
  /** Null until the last byte has been read. */
  rows(): number | null;
}

export interface CsvReadingOptions {
  limit?: number | undefined;
  signal: AbortSignal;
  /** Called with the encoding, where only now a byte above ASCII shows it. */
  onEncoding?: (name: string) => void;
}

/** The records of a file in UTF-8, without header, as `CsvScanner` lets them out; counted as they pass. */
export function openCsv(file: DataFile, form: CsvForm, options: CsvReadingOptions): CsvReading {
  const scanner = new CsvScanner(file.file, form, {
    hasHeader: form.hasHeader,
    firstLine: form.hasSeparatorLine ? 2 : 1,
    limit: options.limit,
  });
  let isDone = false;
  async function* records(): AsyncGenerator<Buffer> {
    let bytes: AsyncIterable<Buffer> = utf8Bytes(
      fileBytes(file, options.signal),
      form.charset,
      file,
      options.onEncoding,
    );
    if (form.hasSeparatorLine) bytes = withoutFirstLine(bytes);
    for await (const chunk of bytes) {
      const scanned = scanner.scan(chunk);
      if (scanned.length > 0) yield scanned;
      if (scanner.isAtLimit) break;
    }
    const rest = scanner.end();
    if (rest.length > 0) yield rest;
    isDone = true;
  }
  const bytes = Readable.from(records(), { objectMode: false });
  addAbortSignal(options.signal, bytes);
  // A run can be cancelled before anybody listens to the stream, which would end the process.
  bytes.on('error', () => {});
  return { bytes, rows: () => (isDone ? scanner.records : null) };
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
