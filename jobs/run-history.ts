import type { Cell, Engine } from '../connectors/engines/engine.ts';
import type { Failure, Job, JobResult, RunStart } from './job.ts';
import { fates } from './state-schema.ts';

/** Facts of a run that its row in `whalecurve.runs` has from the start. */
export interface RunOrigin {
  configHash: string;
  productVersion: string;
  sources: number;
}

/**
 * Opens the run's row, or opens it again for a run that goes on; other runs that never ended were killed, and are
 * marked so now.
 */
export async function recordRunStart(engine: Engine, run: RunStart, origin: RunOrigin): Promise<void> {
  await engine.transaction(async () => {
    await engine.run(
      `update whalecurve.runs set status = 'failed', error_code = 'WC-RUN-002', error_message = 'the process was killed'
       where status = 'running' and run_id <> $1`,
      [run.runId],
    );
    const [known] = await engine.query('select run_id from whalecurve.runs where run_id = $1', [run.runId]);
    if (known !== undefined) {
      await engine.run(
        `update whalecurve.runs set status = 'running', ended_at = null, seconds = null, error_code = null,
           error_message = null, stale_sources = null, starts = $1 where run_id = $2`,
        [run.start, run.runId],
      );
      return;
    }
    await insert(engine, 'runs', {
      run_id: run.runId,
      pipeline: run.pipeline,
      status: 'running',
      as_of: run.asOf,
      started_at: run.startedAt,
      sources: origin.sources,
      starts: run.start,
      config_hash: origin.configHash,
      product_version: origin.productVersion,
    });
  });
}

/** Ids of the jobs of the run that are done, with the time at which each started, ISO 8601. */
export async function readDoneJobs(engine: Engine, runId: string): Promise<Map<string, string>> {
  const rows = await engine.query<{ job: string; started_at: string }>(
    `select job, started_at from whalecurve.run_jobs where run_id = $1 and status = 'done' and source_table is null`,
    [runId],
  );
  return new Map(rows.map(({ job, started_at }) => [job, started_at]));
}

/** One row for the job, and one for each table that it worked on, in place of those of an earlier attempt. */
export async function recordJob(engine: Engine, run: RunStart, job: Job, result: JobResult): Promise<void> {
  await engine.transaction(() => writeJob(engine, run, job, result));
}

/** The same inside the transaction that is open. */
export async function writeJob(engine: Engine, run: RunStart, job: Job, result: JobResult): Promise<void> {
  await removeJob(engine, run, job);
  const rows = [{ ...result, table: null, rowsRefused: refusedBy(result) }, ...result.tables].map(
    (entry, place) => ({
      run_id: run.runId,
      job: job.id,
      kind: job.kind,
      place,
      source_table: entry.table,
      status: 'done',
      started_at: entry.startedAt,
      ended_at: entry.endedAt,
      seconds: secondsBetween(entry.startedAt, entry.endedAt),
      rows_in: entry.rowsIn,
      rows_out: entry.rowsOut,
      rows_refused: entry.rowsRefused ?? null,
      bytes: entry.bytes,
      // Of the process, not of one table.
      peak_memory_bytes: place === 0 ? (result.peakMemoryBytes ?? null) : null,
      retries: 'retries' in entry ? (entry.retries ?? 0) : null,
    }),
  );
  await insert(engine, 'run_jobs', ...rows);
}

function refusedBy({ tables }: JobResult): number | undefined {
  const refused = tables.flatMap(({ rowsRefused }) => (rowsRefused === undefined ? [] : [rowsRefused]));
  return refused.length === 0 ? undefined : refused.reduce((total, rows) => total + rows, 0);
}

async function removeJob(engine: Engine, run: RunStart, job: Job): Promise<void> {
  await engine.run('delete from whalecurve.run_jobs where run_id = $1 and job = $2', [run.runId, job.id]);
}

export async function recordFailedJob(
  engine: Engine,
  run: RunStart,
  job: Job,
  {
    startedAt,
    endedAt,
    failure,
    retries = 0,
  }: { startedAt: string; endedAt: string; failure: Failure; retries?: number },
): Promise<void> {
  await removeJob(engine, run, job);
  await insert(engine, 'run_jobs', {
    run_id: run.runId,
    job: job.id,
    kind: job.kind,
    place: 0,
    status: 'failed',
    started_at: startedAt,
    ended_at: endedAt,
    seconds: secondsBetween(startedAt, endedAt),
    retries,
    error_code: failure.code,
    error_message: failure.message,
  });
}

export async function recordFailedRun(
  engine: Engine,
  run: RunStart,
  endedAt: string,
  failure: Failure,
): Promise<void> {
  await engine.run(
    `update whalecurve.runs set status = 'failed', ended_at = cast($1 as timestamp), seconds = cast($2 as decimal(12, 3)),
       error_code = $3, error_message = $4 where run_id = $5`,
    [endedAt, secondsBetween(run.startedAt, endedAt), failure.code, failure.message, run.runId],
  );
}

/** Rows and money of one source table by fate; money is exact decimal text, null where the entity has none. */
export interface TableCounts {
  source: string;
  sourceTable: string;
  entity: string | null;
  rows: Record<Fate, number>;
  money: Record<Fate, string | null>;
  /** How it was read; see `stateTables.run_tables`. */
  strategy: string;
  reason: string | null;
  schemaChanges: string | null;
  sentRows: number;
  changedRows: number | null;
  vanishedRows: number;
  bytes: number;
  seconds: string;
}

export type Fate = 'extracted' | (typeof fates)[number];

export async function recordTable(engine: Engine, run: RunStart, counts: TableCounts): Promise<void> {
  const byFate = (['extracted', ...fates] as const).flatMap((fate) => [
    [`${fate}_rows`, counts.rows[fate]] as const,
    [`${fate}_money`, counts.money[fate]] as const,
  ]);
  // Of an attempt before, where there was one.
  await engine.run(
    'delete from whalecurve.run_tables where run_id = $1 and source = $2 and source_table = $3',
    [run.runId, counts.source, counts.sourceTable],
  );
  await insert(engine, 'run_tables', {
    run_id: run.runId,
    source: counts.source,
    source_table: counts.sourceTable,
    entity: counts.entity,
    ...Object.fromEntries(byFate),
    bytes: counts.bytes,
    seconds: counts.seconds,
    strategy: counts.strategy,
    strategy_reason: counts.reason,
    sent_rows: counts.sentRows,
    changed_rows: counts.changedRows,
    vanished_rows: counts.vanishedRows,
    schema_changes: counts.schemaChanges,
    snapshot: 'source',
  });
}

export interface Check {
  name: string;
  /** What was checked: `finance.billing.payments`, `value.customer_value`. */
  subject: string;
  severity: 'error' | 'warn';
  failures: number;
  expected?: string | null;
  found?: string | null;
  /** Whether it holds all the same: some failures may be allowed. Default: where there is none. */
  isOk?: boolean;
  /** The number that was measured, as exact decimal text; later runs are held against it. */
  measure?: string | null;
}

export function holds({ failures, isOk = failures === 0 }: Check): boolean {
  return isOk;
}

export async function recordChecks(engine: Engine, run: RunStart, checks: readonly Check[]): Promise<void> {
  const rows = checks.map((check) => ({
    run_id: run.runId,
    check_name: check.name,
    subject: check.subject,
    severity: check.severity,
    is_ok: holds(check),
    failures: check.failures,
    expected: check.expected ?? null,
    found: check.found ?? null,
    measure: check.measure ?? null,
  }));
  await engine.transaction(async () => {
    await removeChecks(engine, run, checks);
    await insert(engine, 'checks', ...rows);
  });
}

/** Those of an attempt before, where there was one. */
async function removeChecks(engine: Engine, run: RunStart, checks: readonly Check[]): Promise<void> {
  for (let first = 0; first < checks.length; first += rowsPerInsert) {
    const batch = checks.slice(first, first + rowsPerInsert);
    const places = batch.map((_, index) => `($${2 * index + 2}, $${2 * index + 3})`).join(', ');
    await engine.run(
      `delete from whalecurve.checks where run_id = $1 and (subject, check_name) in (${places})`,
      [run.runId, ...batch.flatMap(({ subject, name }) => [subject, name])],
    );
  }
}

/** Exact seconds with three decimals, as text. */
export function secondsBetween(startedAt: string, endedAt: string): string {
  return ((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(3);
}

/** Rows of the same columns. Values travel as parameters and are cast by the column that they go into. */
async function insert(
  engine: Engine,
  table: string,
  ...rows: readonly Record<string, Cell>[]
): Promise<void> {
  const names = Object.keys(rows[0] ?? {});
  for (let first = 0; first < rows.length; first += rowsPerInsert) {
    const batch = rows.slice(first, first + rowsPerInsert);
    const values = batch.map(
      (_, row) => `(${names.map((_name, column) => `$${row * names.length + column + 1}`).join(', ')})`,
    );
    await engine.run(
      `insert into whalecurve.${table} (${names.join(', ')}) values ${values.join(', ')}`,
      batch.flatMap((row) => names.map((name) => row[name] ?? null)),
    );
  }
}

const rowsPerInsert = 200;
