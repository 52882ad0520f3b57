import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { StreamPart } from '../../sources/source.ts';
import { type ReadPath, readFromPipe } from '../duckdb/byte-pipe.ts';
import { writeCsv } from '../duckdb/csv-output.ts';
import { csvReader } from '../duckdb/csv-reader.ts';
import { textOf } from '../duckdb/engine-error.ts';
import { fileReader } from '../duckdb/file-reader.ts';
import { parseError } from '../duckdb/parse-error.ts';
import { stepsToReader } from '../duckdb/read-bytes.ts';

export interface ReadOptions {
  maxLineBytes: number;
  signal: AbortSignal;
  onBytes: (bytes: number) => void;
}

/**
 * Reads a file by DuckDB, as the engine `duckdb` does, and gives its rows as canonical CSV to `take`: so both
 * engines read every file alike. The error is the first cause: that of the bytes, of the reader, of `take`.
 */
export async function readFile(
  connection: DuckDBConnection,
  part: StreamPart,
  subject: string,
  take: (bytes: Readable) => Promise<void>,
  { maxLineBytes, signal, onBytes }: ReadOptions,
): Promise<void> {
  const context = { subject, maxLineBytes };
  const pass = async (rows: string, areFew: boolean) => {
    const { written, taken } = await writeCsv(connection, rows, part.columns, take, areFew);
    if (taken.status === 'rejected' && (written.status === 'fulfilled' || isGone(written.reason))) {
      throw taken.reason;
    }
    if (written.status === 'rejected') throw parseError(written.reason, context);
  };
  if (part.kind === 'csv') {
    const { bytes, dialect, columns } = part;
    const through = stepsToReader(part, subject);
    const read: ReadPath<void> = (path, isShort) =>
      pass(csvReader(path, columns, dialect, maxLineBytes), isShort);
    await readFromPipe(bytes, read, { signal, onBytes, through });
    return;
  }
  let rows: string;
  try {
    rows = await fileReader(connection, part);
  } catch (cause) {
    throw parseError(cause, context);
  }
  await pass(rows, false);
  onBytes((await stat(part.path)).size);
}

/** Whoever read the rows has closed the pipe. */
function isGone(reason: unknown): boolean {
  return /Could not write/i.test(textOf(reason));
}
