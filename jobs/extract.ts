import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rawTableName } from '../config/raw-table-name.ts';
import type { LandedTable, LandingSession } from '../connectors/engines/engine.ts';
import { openSource } from '../connectors/sources/registry.ts';
import {
  type Column,
  type ControlTotals,
  type Snapshot,
  type TableForm,
  type TableRequest,
  type TotalsAsked,
  totalsAsked,
} from '../connectors/sources/source.ts';
import { warningsOf } from '../connectors/sources/warnings-of.ts';
import { entryTotals } from './entry-totals.ts';
import { throwIfCancelled } from './failure.ts';
import type { ExtractPayload, JobResult, TableEntry, WorkerContext } from './job.ts';
import { tableRequests } from './table-requests.ts';

/** One table as the source sent it, and what the source itself says of it. Plain JSON. */
export interface ExtractedTable {
  name: string;
  /** Where the rows are; see LandedTable. */
  pieces: readonly string[];
  columns: readonly Column[];
  hasFile: boolean;
  /** Columns that make the key, empty where the table has none, and what else the totals were asked for. */
  asked: TotalsAsked;
  bytes: number;
  landed: TotalsAsText;
  control: TotalsAsText;
  /** How its files are written, to be kept for the next night. */
  form?: TableForm;
}

/** As JSON carries it. */
export type TotalsAsText = Omit<ControlTotals, 'rows'> & { rows: string };

export type ExtractResult = JobResult<{ tables: readonly ExtractedTable[] }>;

/**
 * Reads all tables of one source in turn, in one snapshot, and lands each.
 * Done once per run: an extract that finished is found by its result file, a half one is done again as a whole,
 * since its tables would not agree with each other.
 */
export async function extract(payload: ExtractPayload, context: WorkerContext): Promise<ExtractResult> {
  const { source } = payload;
  const folder = join(context.folder, source);
  const finished = await readResult(folder);
  if (finished !== null) return finished;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const result = await extractSource(payload, context);
  await writeResult(folder, result);
  return result;
}

/** The landed table as the engine loads it. */
export function landedTable({ pieces, columns, hasFile, bytes, landed }: ExtractedTable): LandedTable {
  return { pieces, columns, hasFile, bytes, totals: totalsOf(landed) };
}

async function extractSource(
  { source, knownForms }: ExtractPayload,
  context: WorkerContext,
): Promise<ExtractResult> {
  const { config, clock, signal } = context;
  throwIfCancelled(signal);
  const startedAt = clock().toISOString();
  const settings = config.sources[source];
  if (settings === undefined) throw new Error(`no source ${source} in the config of this worker`);
  const opened = await openSource({
    name: source,
    config: settings,
    folder: config.folder,
    ...(knownForms && { knownForms }),
  });
  const snapshot = await opened.openSnapshot(signal);
  const { landing, run, folder } = context;
  const session = landing.open({ runId: run.runId, folder, subfolder: source, signal });
  const tables: ExtractedTable[] = [];
  const entries: TableEntry[] = [];
  try {
    for (const request of await tableRequests(source, settings, snapshot, config)) {
      throwIfCancelled(signal);
      const tableStartedAt = clock().toISOString();
      const table = await extractTable(request, source, snapshot, session, context);
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
    await session.close();
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
  session: LandingSession,
  context: WorkerContext,
): Promise<ExtractedTable> {
  const landed = await session.land(snapshot.read(request), request, {
    fileName: rawTableName(source, request.name),
    onBytes: (bytes) =>
      context.report({ kind: 'bytes', job: `extract:${source}`, table: request.name, bytes }),
  });
  const control = await snapshot.control(request, landed.columns);
  const found = await snapshot.form?.(request);
  const ofColumns = warningsOf(landed.columns).map((text) => `${source}.${request.name}: ${text}`);
  for (const message of [...(found?.notices ?? []), ...ofColumns])
    context.report({ kind: 'notice', message });
  return {
    name: request.name,
    pieces: landed.pieces,
    columns: landed.columns,
    hasFile: landed.hasFile,
    asked: totalsAsked(request),
    bytes: landed.bytes,
    landed: asText(landed.totals),
    control: asText(control),
    ...(found && { form: found.form }),
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

export function asText({ rows, ...totals }: ControlTotals): TotalsAsText {
  return { ...totals, rows: rows.toString() };
}

function totalsOf({ rows, ...totals }: TotalsAsText): ControlTotals {
  return { ...totals, rows: BigInt(rows) };
}
