import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { WhalecurveError } from '../../../config/error.ts';
import { type Column, type StreamPart, type TableRequest, totalsAsked } from '../../sources/source.ts';
import type { LandedTable, Landing, LandingPlace, LandingSession, LandOptions } from '../engine.ts';
import { refuseUnholdableNames, withColumnsOf } from '../landed-columns.ts';
import { quoteText } from '../quote.ts';
import { readFromPipe } from './byte-pipe.ts';
import { controlTotals } from './control-totals.ts';
import { csvReader, defaultMaxLineBytes } from './csv-reader.ts';
import { statementError } from './engine-error.ts';
import { fileReader } from './file-reader.ts';
import { landedRows } from './landed-rows.ts';
import { parseError } from './parse-error.ts';
import { stepsToReader } from './read-bytes.ts';
import { openSession, prepareSpill, type SessionOptions } from './session.ts';

export interface DuckdbLandingOptions extends SessionOptions {
  /** Greatest length of one row; above about 32 MB the landing becomes three times slower. */
  maxLineBytes?: number | undefined;
}

/**
 * Parses the bytes of a source into Parquet, in a DuckDB instance in memory of its own. A file of that name
 * is complete: until then it has another, and a failed landing removes what it wrote.
 */
export function duckdbLanding(options: DuckdbLandingOptions): Landing {
  return {
    open: (place) => openLandingSession(options, place),
    // What a killed run landed is in its folder, and goes with that.
    removeLeftovers: async () => undefined,
  };
}

function openLandingSession(options: DuckdbLandingOptions, place: LandingPlace): LandingSession {
  const { signal } = place;
  const purpose = `landing-${place.subfolder}`;
  const maxLineBytes = options.maxLineBytes ?? defaultMaxLineBytes;
  let opened: Awaited<ReturnType<typeof openSession>> | undefined;
  return {
    async land(parts, request, landOptions) {
      if (opened === undefined) {
        await prepareSpill(options, purpose);
        opened = await openSession(options, purpose);
      }
      const { connection } = opened;
      const interrupt = () => connection.interrupt();
      signal.addEventListener('abort', interrupt, { once: true });
      try {
        return await landParts(connection, parts, request, { ...place, ...landOptions, maxLineBytes });
      } catch (error) {
        // An interrupted statement has an error of its own, which says less than why it was interrupted.
        if (signal.aborted) throw signal.reason;
        throw error instanceof WhalecurveError ? error : statementError(error, request.name);
      } finally {
        signal.removeEventListener('abort', interrupt);
      }
    },
    close: async () => opened?.close(),
  };
}

interface PartOptions extends LandingPlace, LandOptions {
  maxLineBytes: number;
}

async function landParts(
  connection: DuckDBConnection,
  parts: AsyncIterable<StreamPart>,
  request: TableRequest,
  options: PartOptions,
): Promise<LandedTable> {
  const folder = join(options.folder, options.subfolder);
  await mkdir(folder, { recursive: true });
  const names: string[] = [];
  let columns: Column[] = [];
  let hasFile = false;
  let bytes = 0;
  const onBytes = (more: number) => {
    bytes += more;
    options.onBytes?.(more);
  };
  for await (const part of parts) {
    options.signal.throwIfAborted();
    const number = String(names.length + 1).padStart(4, '0');
    const name = `${options.fileName}-${number}.parquet`;
    await landPart(connection, part, join(folder, name), request, { ...options, onBytes });
    names.push(name);
    columns = withColumnsOf(columns, part.columns);
    hasFile ||= part.file !== undefined;
  }
  if (names.length === 0) {
    throw new WhalecurveError('WC-SOURCE-006', 'the source gave neither rows nor columns', {
      where: request.name,
    });
  }
  const paths = names.map((name) => join(folder, name));
  const totals = await controlTotals(
    connection,
    `(${landedRows(paths, columns, hasFile)})`,
    columns,
    totalsAsked(request),
    request.name,
  );
  const pieces = names.map((name) => posix.join(options.subfolder, name));
  return { pieces, columns, hasFile, bytes, totals };
}

async function landPart(
  connection: DuckDBConnection,
  part: StreamPart,
  path: string,
  request: TableRequest,
  options: PartOptions & { onBytes: (bytes: number) => void },
): Promise<void> {
  const unfinished = `${path}.unfinished`;
  const subject = part.file ?? request.name;
  const readable = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (cause) {
      throw parseError(cause, { subject, maxLineBytes: options.maxLineBytes });
    }
  };
  const copy = async (reader: string) => {
    const file = part.file === undefined ? '' : `, ${quoteText(part.file)} as _file`;
    // Measured on 2 cores, 250 MB of CSV: snappy 2.9 s and 84 MB with pages of version 2, 122 MB with version
    // 1, uncompressed 3.1 s, zstd 3.5 s, groups of 500,000 rows 4.7 s. Nobody searches in these files: Bloom
    // filters are a third of the work of writing them.
    const sql = `copy (select *${file} from ${reader}) to ${quoteText(unfinished)}
      (format parquet, compression snappy, parquet_version v2, write_bloom_filter false)`;
    await readable(connection.run(sql));
  };
  try {
    refuseUnholdableNames(part.columns, request.name);
    if (part.kind === 'csv') {
      const read = (pipe: string) => copy(csvReader(pipe, part.columns, part.dialect, options.maxLineBytes));
      await readFromPipe(part.bytes, read, { ...options, through: stepsToReader(part, subject) });
    } else {
      await copy(await readable(fileReader(connection, part)));
      options.onBytes((await stat(part.path)).size);
    }
    await rename(unfinished, path);
  } catch (error) {
    if (part.kind === 'csv') part.bytes.destroy();
    await rm(unfinished, { force: true });
    if (error instanceof WhalecurveError || options.signal.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new WhalecurveError('WC-SOURCE-006', `the rows stopped: ${message}`, {
      where: subject,
      cause: error,
    });
  }
}
