import { rawTableName } from '../config/raw-table-name.ts';
import type { Engine } from '../connectors/engines/engine.ts';
import type { ExtractResult } from './extract.ts';
import type { JobResult, OwnerContext, OwnerJob } from './job.ts';
import { writeJob } from './run-history.ts';

/**
 * Keeps what the source gave, in the transaction that loads its rows: raw and this agree, whatever is killed when. A
 * night in which the source is down works with it; a run that goes on knows by it that the rows are loaded, since on
 * engine `postgres` the landed tables have become the raw ones and cannot be loaded again.
 */
export async function keepExtract(
  job: Extract<OwnerJob, { kind: 'load' }>,
  { engine, run, resultOf, clock }: OwnerContext,
): Promise<void> {
  const { source } = job.payload;
  const { data, startedAt } = resultOf(`extract:${source}`) as ExtractResult;
  await engine.run('delete from whalecurve.kept_extracts where source = $1', [source]);
  await engine.run(
    'insert into whalecurve.kept_extracts (source, extracted_at, tables, run_id) values ($1, cast($2 as timestamp), $3, $4)',
    [source, startedAt, JSON.stringify(data.tables), run.runId],
  );
  // Without its counts, should the process die before the job is recorded as a whole.
  await writeJob(engine, run, job, { ...nothingDone(clock().toISOString()), tables: [] });
}

export interface KeptExtract {
  result: ExtractResult;
  /** When its rows were read, ISO 8601 in UTC. */
  extractedAt: string;
}

/** What the source gave last, where each of `tables` is among it and still in raw; null otherwise. */
export async function keptExtract(
  engine: Engine,
  source: string,
  tables: readonly string[],
): Promise<KeptExtract | null> {
  const [kept] = await engine.query<{ extracted_at: string; tables: string }>(
    'select extracted_at, tables from whalecurve.kept_extracts where source = $1',
    [source],
  );
  if (kept === undefined) return null;
  const extracted = (JSON.parse(kept.tables) as ExtractResult['data']['tables']).filter(({ name }) =>
    tables.includes(name),
  );
  const found = await engine.query<{ table_name: string }>(
    "select table_name from information_schema.tables where table_schema = 'raw'",
  );
  const inRaw = new Set(found.map(({ table_name }) => table_name));
  const isWhole = extracted.every(({ name }) => inRaw.has(rawTableName(source, name)));
  if (extracted.length !== tables.length || !isWhole) return null;
  const extractedAt = kept.extracted_at;
  return { extractedAt, result: { ...nothingDone(extractedAt), data: { tables: extracted } } };
}

function nothingDone(at: string): JobResult<null> {
  return { startedAt: at, endedAt: at, rowsIn: 0, rowsOut: 0, bytes: 0, tables: [], data: null };
}
