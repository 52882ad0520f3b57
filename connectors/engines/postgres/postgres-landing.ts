import { join } from 'node:path';
import type { Readable, Transform } from 'node:stream';
import type { DuckDBConnection } from '@duckdb/node-api';
import { WhalecurveError } from '../../../config/error.ts';
import {
  type CsvDialect,
  canonicalDialect,
  type StreamPart,
  type TableRequest,
  totalsAsked,
} from '../../sources/source.ts';
import { countBytes } from '../count-bytes.ts';
import { defaultMaxLineBytes } from '../duckdb/csv-reader.ts';
import { openSession as openEmbedded, prepareSpill } from '../duckdb/session.ts';
import type { LandedTable, Landing, LandingPlace, LandingSession, LandOptions } from '../engine.ts';
import { markNuls } from '../mark-nuls.ts';
import type { PostgresWarehouse } from '../warehouse-config.ts';
import { wholeRows } from '../whole-rows.ts';
import { copyError } from './copy-error.ts';
import { copyIn } from './copy-in.ts';
import { readFile } from './embedded-reader.ts';
import { LandingTable } from './landing-table.ts';
import { openSession } from './open-session.ts';
import { isState } from './server-error.ts';
import type { PostgresSession } from './session.ts';
import { createSchema, hashedName, qualified } from './table-swap.ts';

/**
 * Copies the bytes of a source into a table of schema `landing`, in one transaction: a landing that failed or was
 * killed leaves nothing. What databases send goes to the server as it is; files are read by an embedded DuckDB.
 */
export function postgresLanding(warehouse: PostgresWarehouse): Landing {
  return {
    open: (place) => openLandingSession(warehouse, place),
    removeLeftovers: (runId) => removeLeftovers(warehouse, runId),
  };
}

function openLandingSession(warehouse: PostgresWarehouse, place: LandingPlace): LandingSession {
  const { runId, signal } = place;
  const embedded = embeddedReader(warehouse, hashedName('landing', runId, place.subfolder));
  let opened: PostgresSession | undefined;
  return {
    async land(parts, request, options) {
      signal.throwIfAborted();
      if (opened === undefined) {
        opened = await openSession(warehouse, { applicationName: `whalecurve landing ${runId}` });
        await createLandingSchema(opened);
      }
      const session = opened;
      const stop = () => {
        embedded.interrupt();
        session.abandon();
      };
      signal.addEventListener('abort', stop, { once: true });
      try {
        return await session.transaction(() =>
          landParts(session, embedded, parts, request, { ...place, ...options }),
        );
      } catch (error) {
        // A cancelled statement has an error of its own, which says less than why it was cancelled.
        if (signal.aborted) throw signal.reason;
        throw error instanceof WhalecurveError ? error : session.failure(error, { where: request.name });
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
    async close() {
      await embedded.close();
      await opened?.close();
    },
  };
}

/** Tables that were landed by another run than the one that goes on: it was killed before it loaded them. */
async function removeLeftovers(warehouse: PostgresWarehouse, runId: string): Promise<void> {
  const session = await openSession(warehouse, { applicationName: `whalecurve run ${runId}` });
  try {
    const { rows } = await session.rows(
      `select relname from pg_catalog.pg_class
       where relkind = 'r' and relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'landing')
         and obj_description(oid, 'pg_class') is distinct from $1`,
      [runId],
    );
    for (const [table] of rows) {
      await session.run(`drop table if exists ${qualified({ schema: 'landing', table: table ?? '' })}`);
    }
  } finally {
    await session.close();
  }
}

async function landParts(
  session: PostgresSession,
  embedded: EmbeddedReader,
  parts: AsyncIterable<StreamPart>,
  request: TableRequest,
  options: LandingPlace & LandOptions,
): Promise<LandedTable> {
  const table = new LandingTable(session, request.name, options.runId, options.fileName);
  let bytes = 0;
  const onBytes = (more: number) => {
    bytes += more;
    options.onBytes?.(more);
  };
  let isEmpty = true;
  for await (const part of parts) {
    isEmpty = false;
    await landPart(session, embedded, part, table, request, {
      maxLineBytes: embedded.maxLineBytes,
      signal: options.signal,
      onBytes,
    });
  }
  if (isEmpty) {
    throw new WhalecurveError('WC-SOURCE-006', 'the source gave neither rows nor columns', {
      where: request.name,
    });
  }
  await table.finish();
  const totals = await table.totals(totalsAsked(request));
  return { pieces: [table.name], columns: table.columns, hasFile: table.hasFile, bytes, totals };
}

interface PartOptions {
  maxLineBytes: number;
  signal: AbortSignal;
  onBytes: (bytes: number) => void;
}

async function landPart(
  session: PostgresSession,
  embedded: EmbeddedReader,
  part: StreamPart,
  table: LandingTable,
  request: TableRequest,
  { maxLineBytes, signal, onBytes }: PartOptions,
): Promise<void> {
  const subject = part.file ?? request.name;
  // At once: a stream that fails while nobody listens ends the process.
  if (part.kind === 'csv') part.bytes.on('error', () => {});
  const copy = (bytes: Readable, through: readonly Transform[]) =>
    copyIn(session, table.path, table.namesOf(part.columns), bytes, {
      signal,
      through: [...through, markNuls()],
      refusal: (cause) => copyError(cause, session, subject, part.columns),
    });
  try {
    signal.throwIfAborted();
    await table.prepare(part.columns, part.file);
    if (part.kind === 'csv' && isCanonical(part.dialect) && part.file === undefined) {
      await copy(part.bytes, [countBytes(onBytes), wholeRows(subject)]);
    } else {
      const take = (bytes: Readable) => copy(bytes, []);
      await readFile(await embedded.connection(), part, subject, take, { maxLineBytes, signal, onBytes });
    }
  } catch (error) {
    if (part.kind === 'csv') part.bytes.destroy();
    if (error instanceof WhalecurveError || signal.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new WhalecurveError('WC-SOURCE-006', `the rows stopped: ${message}`, {
      where: subject,
      cause: error,
    });
  }
}

function isCanonical(dialect: CsvDialect): boolean {
  return JSON.stringify(dialect) === JSON.stringify(canonicalDialect);
}

interface EmbeddedReader {
  maxLineBytes: number;
  /** A DuckDB in memory, opened when the first file asks for it. */
  connection(): Promise<DuckDBConnection>;
  interrupt(): void;
  close(): Promise<void>;
}

function embeddedReader(
  { memory_limit, threads, folder, max_line_mb }: PostgresWarehouse,
  purpose: string,
): EmbeddedReader {
  const options = { memoryLimit: memory_limit, threads, spillPrefix: join(folder, 'spill') };
  let opened: Awaited<ReturnType<typeof openEmbedded>> | undefined;
  return {
    maxLineBytes: max_line_mb === undefined ? defaultMaxLineBytes : max_line_mb * 1024 * 1024,
    async connection() {
      if (opened === undefined) {
        await prepareSpill(options, purpose);
        opened = await openEmbedded(options, purpose);
      }
      return opened.connection;
    },
    interrupt: () => opened?.connection.interrupt(),
    close: async () => opened?.close(),
  };
}

/** Several landings may begin at once, and only one can make the schema. */
async function createLandingSchema(session: PostgresSession): Promise<void> {
  try {
    await createSchema(session, 'landing');
  } catch (error) {
    if (!isState(error, '23505', '42P06')) throw error;
  }
}
