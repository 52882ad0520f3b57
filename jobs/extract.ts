import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { rawTableName } from '../config/raw-table-name.ts';
import type { LandedTable } from '../connectors/engines/engine.ts';
import { openSource } from '../connectors/sources/registry.ts';
import type { Column, ControlTotals, Snapshot, TableRequest } from '../connectors/sources/source.ts';
import { entryTotals } from './entry-totals.ts';
import { throwIfCancelled } from './failure.ts';
import type { JobResult, TableEntry, WorkerContext } from './job.ts';
import { tableRequests } from './table-requests.ts';

/** One table as the source sent it, and what the source itself says of it. Plain JSON. */
export interface ExtractedTable {
  name: string;
  /** Parquet files, relative to the run's folder: workers may have it mounted elsewhere. */
  files: readonly string[];
  columns: readonly Column[];
  hasFile: boolean;
  /** Columns that make the key; empty where the table has none. */
  key: readonly string[];
  bytes: number;
  landed: TotalsAsText;
  control: TotalsAsText;
}

export interface TotalsAsText {
  rows: string;
  sums: Readonly<Record<string, string>>;
  keyChecksum: string | null;
}

export type ExtractResult = JobResult<{ tables: readonly ExtractedTable[] }>;

/**
 * Reads all tables of one source in turn, in one snapshot, and lands each as Parquet in the run's folder.
 * Done once per run: an extract that finished is found by its result file, a half one is done again as a whole,
 * since its tables would not agree with each other.
 */
export async function extract(source: string, context: WorkerContext): Promise<ExtractResult> {
  const folder = join(context.folder, source);
  const finished = await readResult(folder);
  if (finished !== null) return finished;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const result = await extractSource(source, folder, context);
  await writeResult(folder, result);
  return result;
}

/** The landed table as the engine loads it, its files found in this process's run folder. */
export function landedTable(extracted: ExtractedTable, runFolder: string): LandedTable {
  const { files, columns, hasFile, bytes, landed } = extracted;
  const paths = files.map((file) => resolve(runFolder, file));
  return { paths, columns, hasFile, bytes, totals: totalsOf(landed) };
}

async function extractSource(source: string, folder: string, context: WorkerContext): Promise<ExtractResult> {
  const { config, clock, signal } = context;
  throwIfCancelled(signal);
  const startedAt = clock().toISOString();
  const settings = config.sources[source];
  if (settings === undefined) throw new Error(`no source ${source} in the config of this worker`);
  const opened = await openSource({ name: source, config: settings, folder: config.folder });
  const snapshot = await opened.openSnapshot(signal);
  const tables: ExtractedTable[] = [];
  const entries: TableEntry[] = [];
  try {
    for (const request of await tableRequests(source, settings, snapshot)) {
      throwIfCancelled(signal);
      const tableStartedAt = clock().toISOString();
      const table = await extractTable(request, source, snapshot, folder, context);
      const rows = Number(table.landed.rows);
      const entry = {
        table: request.name,
        startedAt: tableStartedAt,
        endedAt: clock().toISOString(),
        rowsIn: Number(table.control.rows),
        rowsOut: rows,
        bytes: table.bytes,
      };
      tables.push(table);
      entries.push(entry);
      context.report({ kind: 'table_done', job: `extract:${source}`, entry });
    }
  } finally {
    await snapshot.close();
  }
  return {
    startedAt,
    endedAt: clock().toISOString(),
    ...entryTotals(entries),
    data: { tables },
  };
}

async function extractTable(
  request: TableRequest,
  source: string,
  snapshot: Snapshot,
  folder: string,
  context: WorkerContext,
): Promise<ExtractedTable> {
  const landed = await context.landing.land(snapshot.read(request), request, {
    folder,
    fileName: rawTableName(source, request.name),
    signal: context.signal,
    onBytes: (bytes) =>
      context.report({ kind: 'bytes', job: `extract:${source}`, table: request.name, bytes }),
  });
  const control = await snapshot.control(request, landed.columns);
  return {
    name: request.name,
    files: landed.paths.map((path) => relative(context.folder, path)),
    columns: landed.columns,
    hasFile: landed.hasFile,
    key: request.table.key ?? [],
    bytes: landed.bytes,
    landed: asText(landed.totals),
    control: asText(control),
  };
}

async function readResult(folder: string): Promise<ExtractResult | null> {
  try {
    return JSON.parse(await readFile(join(folder, 'result.json'), 'utf8')) as ExtractResult;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Written aside and renamed: either the whole extract is there, or none of it. */
async function writeResult(folder: string, result: ExtractResult): Promise<void> {
  await writeFile(join(folder, 'result.json.part'), JSON.stringify(result));
  await rename(join(folder, 'result.json.part'), join(folder, 'result.json'));
}

function asText({ rows, sums, keyChecksum }: ControlTotals): TotalsAsText {
  return { rows: rows.toString(), sums, keyChecksum };
}

function totalsOf({ rows, sums, keyChecksum }: TotalsAsText): ControlTotals {
  return { rows: BigInt(rows), sums, keyChecksum };
}
