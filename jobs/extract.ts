import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RetainedLog } from '../connectors/sources/change-log.ts';
import { openSource } from '../connectors/sources/registry.ts';
import { entryTotals } from './entry-totals.ts';
import { extractTable } from './extract-table.ts';
import type { ExtractedTable } from './extracted-table.ts';
import { throwIfCancelled } from './failure.ts';
import type { ExtractPayload, JobResult, TableEntry, WorkerContext } from './job.ts';
import { assertRoom } from './limits.ts';
import { readChangeLog } from './read-change-log.ts';
import { tableRequests } from './table-requests.ts';

export type ExtractResult = JobResult<{
  tables: readonly ExtractedTable[];
  /** What the source keeps of its log for us, where it can be measured. */
  retained?: RetainedLog;
}>;

/**
 * Reads all tables of one source in turn, in one snapshot, and lands each.
 * Done once per run: an extract that finished is found by its result file, a half one is done again as a whole,
 * since its tables would not agree with each other.
 */
export async function extract(payload: ExtractPayload, context: WorkerContext): Promise<ExtractResult> {
  const { source } = payload;
  for (let start = context.run.start; start >= 1; start -= 1) {
    const finished = await readResult(join(context.folder, folderOf(source, start)));
    if (finished !== null) return finished;
  }
  const folder = join(context.folder, folderOf(source, context.run.start));
  assertRoom(context.config.limits, folder);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const result = await extractSource(payload, context);
  await writeResult(folder, result);
  return result;
}

/** Each start of a run has its own: a worker that an earlier one left behind may write for a moment yet. */
function folderOf(source: string, start: number): string {
  return start === 1 ? source : `${source}.${start}`;
}

async function extractSource(
  { source, knownForms, known, backfill }: ExtractPayload,
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
  const session = landing.open({ runId: run.runId, folder, subfolder: folderOf(source, run.start), signal });
  const tables: ExtractedTable[] = [];
  const entries: TableEntry[] = [];
  let retained: RetainedLog | null = null;
  try {
    const all = await tableRequests(source, settings, snapshot, config);
    const requests = all.filter(({ name }) => backfill === undefined || backfill.table === name);
    const log = await readChangeLog({ source, requests, known }, snapshot, context);
    retained = log.retained;
    for (const request of requests) {
      throwIfCancelled(signal);
      const tableStartedAt = clock().toISOString();
      const toExtract = {
        source,
        request,
        known: known?.[request.name],
        backfill,
        changes: log.tables[request.name],
      };
      const table = await extractTable(toExtract, snapshot, session, context);
      const entry = {
        table: request.name,
        startedAt: tableStartedAt,
        endedAt: clock().toISOString(),
        rowsIn: Number(table.control.rows),
        rowsOut: Number(table.landed.rows),
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
    data: { tables, ...(retained && { retained }) },
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
