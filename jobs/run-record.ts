import { WhalecurveError } from '../config/error.ts';
import { suggestion } from '../config/nearest-word.ts';
import type { Cell, Engine, Row } from '../connectors/engines/engine.ts';

/** One line of the list of runs. */
export interface RunLine {
  runId: string;
  pipeline: string;
  status: string;
  asOf: string;
  startedAt: string;
  seconds: number | null;
  extracted: number;
  quarantined: number;
  customers: number | null;
  failedChecks: number;
  errorCode: string | null;
}

/** A job of a run, or one table that a job worked on. */
export interface JobRecord {
  job: string;
  kind: string;
  /** null for the job itself. */
  table: string | null;
  status: string;
  startedAt: string;
  endedAt: string;
  seconds: number;
  rowsIn: number | null;
  rowsOut: number | null;
  rowsRefused: number | null;
  bytes: number | null;
  retries: number | null;
  peakMemoryBytes: number | null;
  error: string | null;
}

/** What was seen of a source table beside its rows. */
export interface TableRecord {
  table: string;
  strategy: string;
  lagSeconds: number | null;
  schemaChanges: string | null;
}

type Schema = 'whalecurve' | 'warehouse';

/** The newest runs first. */
export async function readRunLines(engine: Engine, schema: Schema, limit: number): Promise<RunLine[]> {
  const rows = await engine.query(
    `select run.run_id, run.pipeline, run.status, run.as_of, run.started_at, run.seconds, run.customers, run.error_code,
       coalesce(counted.extracted, 0) as extracted, coalesce(counted.quarantined, 0) as quarantined,
       coalesce(judged.failed, 0) as failed_checks
     from ${schema}.runs as run
     left join (
       select run_id, sum(extracted_rows) as extracted, sum(quarantined_rows) as quarantined
       from ${schema}.run_tables group by run_id
     ) as counted on counted.run_id = run.run_id
     left join (
       select run_id, count(*) as failed from ${schema}.checks where not is_ok group by run_id
     ) as judged on judged.run_id = run.run_id
     order by run.started_at desc nulls last, run.run_id desc nulls last limit ${Math.trunc(limit)}`,
  );
  return rows.map((row) => ({
    runId: String(row.run_id),
    pipeline: String(row.pipeline),
    status: String(row.status),
    asOf: String(row.as_of),
    startedAt: String(row.started_at),
    seconds: numberOf(row.seconds),
    extracted: Number(row.extracted),
    quarantined: Number(row.quarantined),
    customers: numberOf(row.customers),
    failedChecks: Number(row.failed_checks),
    errorCode: textOf(row.error_code),
  }));
}

/**
 * The run that a person means: its id, the beginning of it that no other has, or `last`.
 *
 * @throws WC-USAGE-001 where none or several are meant
 */
export async function findRun(engine: Engine, schema: Schema, word: string): Promise<string> {
  const runs = await engine.query(
    `select run_id from ${schema}.runs order by started_at desc nulls last, run_id desc nulls last`,
  );
  const ids = runs.map((run) => String(run.run_id));
  const found = word === 'last' ? ids.slice(0, 1) : ids.filter((id) => id === word || id.startsWith(word));
  const [id] = found.includes(word) ? [word] : found;
  if (id !== undefined && (found.length === 1 || id === word)) return id;
  const message =
    found.length === 0 ? `there is no run ${word}` : `${word} begins the id of ${found.length} runs`;
  throw new WhalecurveError('WC-USAGE-001', message, {
    hint: suggestion(word, ids) ?? '`whalecurve runs` lists them',
  });
}

/** Jobs in the order in which they began, each before its tables. Columns that an older state lacks are null. */
export async function readJobRecords(engine: Engine, schema: Schema, runId: string): Promise<JobRecord[]> {
  const rows = await engine.query(
    `select * from ${schema}.run_jobs where run_id = $1
     order by started_at nulls last, job nulls last, source_table nulls first`,
    [runId],
  );
  return rows.map((row) => ({
    job: String(row.job),
    kind: String(row.kind),
    table: textOf(row.source_table),
    status: String(row.status),
    startedAt: String(row.started_at),
    endedAt: String(row.ended_at),
    seconds: Number(row.seconds),
    rowsIn: numberOf(row.rows_in),
    rowsOut: numberOf(row.rows_out),
    rowsRefused: numberOf(row.rows_refused),
    bytes: numberOf(row.bytes),
    retries: numberOf(row.retries),
    peakMemoryBytes: numberOf(row.peak_memory_bytes),
    error: errorOf(row),
  }));
}

export async function readTableRecords(
  engine: Engine,
  schema: Schema,
  runId: string,
): Promise<TableRecord[]> {
  const rows = await engine.query(
    `select * from ${schema}.run_tables where run_id = $1 order by source nulls last, source_table nulls last`,
    [runId],
  );
  return rows.map((row) => ({
    table: `${row.source}.${row.source_table}`,
    strategy: String(row.strategy),
    lagSeconds: numberOf(row.source_lag_seconds),
    schemaChanges: textOf(row.schema_changes),
  }));
}

function errorOf({ error_code: code, error_message: message }: Row): string | null {
  return code === null || code === undefined ? null : `${code} ${message ?? ''}`.trim();
}

function textOf(cell: Cell | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}

function numberOf(cell: Cell | undefined): number | null {
  return cell === null || cell === undefined ? null : Number(cell);
}
