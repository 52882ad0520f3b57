import type { Cell, Engine } from '../connectors/engines/engine.ts';
import type { Failure, Job, JobResult, RunStart } from './job.ts';
import { fates } from './state-schema.ts';

/** Facts of a run that its row in `whalecurve.runs` has from the start. */
export interface RunOrigin {
  configHash: string;
  productVersion: string;
  sources: number;
}

/** Opens the run's row; runs that never ended were killed, and are marked so now. */
export async function recordRunStart(engine: Engine, run: RunStart, origin: RunOrigin): Promise<void> {
  await engine.transaction(async () => {
    await engine.run(
      `update whalecurve.runs set status = 'failed', error_code = 'WC-RUN-002', error_message = 'the process was killed' where status = 'running'`,
    );
    for (const table of ['runs', 'run_jobs', 'run_tables', 'checks']) {
      // Nothing is there, unless this very run is done again after its process died.
      await engine.run(`delete from whalecurve.${table} where run_id = $1`, [run.runId]);
    }
    await insert(engine, 'runs', {
      run_id: run.runId,
      pipeline: run.pipeline,
      status: 'running',
      as_of: run.asOf,
      started_at: run.startedAt,
      sources: origin.sources,
      config_hash: origin.configHash,
      product_version: origin.productVersion,
    });
  });
}

/** One row for the job, and one for each table that it worked on. */
export async function recordJob(engine: Engine, run: RunStart, job: Job, result: JobResult): Promise<void> {
  await engine.transaction(async () => {
    const rows = [{ ...result, table: null }, ...result.tables].map((entry) => ({
      run_id: run.runId,
      job: job.id,
      kind: job.kind,
      source_table: entry.table,
      status: 'done',
      started_at: entry.startedAt,
      ended_at: entry.endedAt,
      seconds: secondsBetween(entry.startedAt, entry.endedAt),
      rows_in: entry.rowsIn,
      rows_out: entry.rowsOut,
      bytes: entry.bytes,
    }));
    await insert(engine, 'run_jobs', ...rows);
  });
}

export async function recordFailedJob(
  engine: Engine,
  run: RunStart,
  job: Job,
  { startedAt, endedAt, failure }: { startedAt: string; endedAt: string; failure: Failure },
): Promise<void> {
  await insert(engine, 'run_jobs', {
    run_id: run.runId,
    job: job.id,
    kind: job.kind,
    status: 'failed',
    started_at: startedAt,
    ended_at: endedAt,
    seconds: secondsBetween(startedAt, endedAt),
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
  bytes: number;
  seconds: string;
}

export type Fate = 'extracted' | (typeof fates)[number];

export async function recordTable(engine: Engine, run: RunStart, counts: TableCounts): Promise<void> {
  const byFate = (['extracted', ...fates] as const).flatMap((fate) => [
    [`${fate}_rows`, counts.rows[fate]] as const,
    [`${fate}_money`, counts.money[fate]] as const,
  ]);
  await insert(engine, 'run_tables', {
    run_id: run.runId,
    source: counts.source,
    source_table: counts.sourceTable,
    entity: counts.entity,
    ...Object.fromEntries(byFate),
    bytes: counts.bytes,
    seconds: counts.seconds,
    strategy: 'full',
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
}

export async function recordChecks(engine: Engine, run: RunStart, checks: readonly Check[]): Promise<void> {
  const rows = checks.map((check) => ({
    run_id: run.runId,
    check_name: check.name,
    subject: check.subject,
    severity: check.severity,
    is_ok: check.failures === 0,
    failures: check.failures,
    expected: check.expected ?? null,
    found: check.found ?? null,
  }));
  await engine.transaction(() => insert(engine, 'checks', ...rows));
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
