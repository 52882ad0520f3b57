import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { WhalecurveError } from '../../../config/error.ts';
import type { Column, StreamPart, TableRequest } from '../../sources/source.ts';
import type { LandedTable, Landing, LandOptions } from '../engine.ts';
import { readFromPipe } from './byte-pipe.ts';
import { addedColumns, controlTotals } from './control-totals.ts';
import { csvReader, defaultMaxLineBytes } from './csv-reader.ts';
import { statementError } from './engine-error.ts';
import { fileReader } from './file-reader.ts';
import { landedRows } from './landed-rows.ts';
import { endRowsByLineFeed } from './line-ends.ts';
import { parseError } from './parse-error.ts';
import { quoteText } from './quote.ts';
import { duckdbType, findColumn } from './raw-types.ts';
import { openSession, prepareSpill, type SessionOptions } from './session.ts';

export interface DuckdbLandingOptions extends SessionOptions {
  /** Greatest length of one row; above about 32 MB the landing becomes three times slower. */
  maxLineBytes?: number | undefined;
}

/**
 * Parses the bytes of a source into Parquet, in a DuckDB instance of its own in memory. A file of that name
 * is complete: until then it has another, and a failed landing removes what it wrote.
 */
export function duckdbLanding(options: DuckdbLandingOptions): Landing {
  return {
    async land(parts, request, landOptions) {
      await prepareSpill(options, landOptions.fileName);
      const { connection, close } = await openSession(options, landOptions.fileName);
      const interrupt = () => connection.interrupt();
      landOptions.signal.addEventListener('abort', interrupt, { once: true });
      try {
        const maxLineBytes = options.maxLineBytes ?? defaultMaxLineBytes;
        return await landParts(connection, parts, request, { ...landOptions, maxLineBytes });
      } catch (error) {
        // An interrupted statement has an error of its own, which says less than why it was interrupted.
        if (landOptions.signal.aborted) throw landOptions.signal.reason;
        throw error instanceof WhalecurveError ? error : statementError(error, request.name);
      } finally {
        landOptions.signal.removeEventListener('abort', interrupt);
        await close();
      }
    },
  };
}

interface PartOptions extends LandOptions {
  maxLineBytes: number;
}

async function landParts(
  connection: DuckDBConnection,
  parts: AsyncIterable<StreamPart>,
  request: TableRequest,
  options: PartOptions,
): Promise<LandedTable> {
  const paths: string[] = [];
  let columns: Column[] = [];
  let hasFile = false;
  let bytes = 0;
  const onBytes = (more: number) => {
    bytes += more;
    options.onBytes?.(more);
  };
  for await (const part of parts) {
    options.signal.throwIfAborted();
    const number = String(paths.length + 1).padStart(4, '0');
    const path = join(options.folder, `${options.fileName}-${number}.parquet`);
    await landPart(connection, part, path, request, { ...options, onBytes });
    paths.push(path);
    columns = withColumnsOf(columns, part.columns);
    hasFile ||= part.file !== undefined;
  }
  if (paths.length === 0) {
    throw new WhalecurveError('WC-SOURCE-006', 'the source gave neither rows nor columns', {
      where: request.name,
    });
  }
  const totals = await controlTotals(
    connection,
    `(${landedRows(paths, columns, hasFile)})`,
    columns,
    request,
  );
  return { paths, columns, hasFile, bytes, totals };
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
      const refusal = parseError(cause, { subject, maxLineBytes: options.maxLineBytes });
      const isReaders = part.kind === 'csv' && !part.bytes.errored && !options.signal.aborted;
      // DuckDB counts records where people look for lines; the source of the bytes can say the line.
      throw (isReaders && (await part.explain?.())) || refusal;
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
    refuseUnholdableNames(part.columns, request);
    if (part.kind === 'csv') {
      const through = part.dialect.newline === '\r\n' ? endRowsByLineFeed(part.dialect) : undefined;
      const read = (pipe: string) => copy(csvReader(pipe, part.columns, part.dialect, options.maxLineBytes));
      await readFromPipe(part.bytes, read, { ...options, through });
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

/** DuckDB compares names without regard to case, so that `Id` and `ID` cannot be columns of one table. */
function refuseUnholdableNames(columns: readonly Column[], request: TableRequest): void {
  const seen = new Map(addedColumns.map(({ name }) => [name, name]));
  for (const { name } of columns) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) {
      const isAdded = findColumn(addedColumns, name) !== undefined;
      const message = isAdded
        ? `the column ${name} has the name of one that every raw table gets`
        : `the columns ${other} and ${name} differ only in case`;
      throw new WhalecurveError('WC-SOURCE-008', message, {
        where: request.name,
        hint: 'give it another name: in a `query:` for a database, in the header of a file',
      });
    }
    seen.set(name.toLowerCase(), name);
  }
}

/** The columns of all parts, each once; where parts differ in its type, it is text. */
function withColumnsOf(columns: readonly Column[], more: readonly Column[]): Column[] {
  const known = columns.map((column) => {
    const other = findColumn(more, column.name);
    const isSame = other === undefined || duckdbType(other.type) === duckdbType(column.type);
    return isSame ? column : { ...column, type: 'text' as const };
  });
  return [...known, ...more.filter(({ name }) => findColumn(columns, name) === undefined)];
}
