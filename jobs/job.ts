import type { LoadedConfig } from '../config/schema.ts';
import type { Engine, Landing } from '../connectors/engines/engine.ts';
import type { TableForm } from '../connectors/sources/source.ts';
import type { KnownTable } from './known-tables.ts';
import type { Backfill } from './read-plan.ts';

/**
 * One unit of work of a run. Every job is idempotent: done again after a crash it gives the same tables.
 * Lane `worker` may run in any process; lane `owner` runs in the one process that holds the state file.
 */
export type Job =
  | (JobOf<'extract', ExtractPayload> & { lane: 'worker' })
  | (JobOf<'load', { source: string }> & { lane: 'owner' })
  | (JobOf<'settings' | 'conform' | 'verify' | 'publish', Record<string, never>> & { lane: 'owner' })
  | (JobOf<'models', { stage: string }> & { lane: 'owner' });

export interface ExtractPayload {
  source: string;
  /** By table, how its files were found to be written on the nights before; workers never open the state. */
  knownForms?: Readonly<Record<string, TableForm>>;
  /** By table, what the nights before have loaded. */
  known?: Readonly<Record<string, KnownTable>>;
  /** Reads this table alone, whatever its cursor says. */
  backfill?: Backfill;
}

interface JobOf<Kind extends string, Payload> {
  /** Unique within the run: `extract:finance`. */
  id: string;
  kind: Kind;
  /** Ids of the jobs whose results it reads. */
  needs: readonly string[];
  payload: Payload;
}

export type WorkerJob = Extract<Job, { lane: 'worker' }>;
export type OwnerJob = Extract<Job, { lane: 'owner' }>;

/** What every process that works on a run must know of it. Goes through Redis as it is: no secrets. */
export interface RunStart {
  runId: string;
  /** 1; one more each time that the run goes on after it was interrupted. */
  start: number;
  pipeline: string;
  /** The last day that takes part, `YYYY-MM-DD`, resolved once. */
  asOf: string;
  /** ISO 8601, UTC. */
  startedAt: string;
}

/** What a job did; plain JSON, since it may come back through Redis. */
export interface JobResult<Data = unknown> {
  startedAt: string;
  endedAt: string;
  rowsIn: number;
  rowsOut: number;
  bytes: number;
  /** Most memory that the process of the job had held by its end. */
  peakMemoryBytes?: number;
  /** Attempts after the first, where there was one. */
  retries?: number;
  /** The tables that the job worked on, each an entry of its own in the run history. */
  tables: readonly TableEntry[];
  data: Data;
}

export interface TableEntry {
  table: string;
  startedAt: string;
  endedAt: string;
  rowsIn: number;
  rowsOut: number;
  /** Rows that went to quarantine, where the job judges rows. */
  rowsRefused?: number;
  bytes: number;
}

/** A failure that travels as data: no secret in it. */
export interface Failure {
  code: string;
  message: string;
  where?: string;
  hint?: string;
}

/** A source that could not be read, and what stands in for it. */
export interface StaleSource {
  /** What the source gave when it was last read: its rows are in raw. */
  result: JobResult;
  /** When that was, ISO 8601 in UTC. */
  since: string;
  failure: Failure;
}

/** How a job of lane `worker` ended. */
export type Outcome =
  | { job: string; isOk: true; result: JobResult }
  | { job: string; isOk: false; failure: Failure; startedAt: string; endedAt: string; retries?: number };

export type Progress =
  | { kind: 'run_started'; runId: string; asOf: string; jobs?: readonly string[] }
  | { kind: 'job_started'; job: string }
  | { kind: 'table_done'; job: string; entry: TableEntry }
  | { kind: 'bytes'; job: string; table: string; bytes: number }
  | { kind: 'job_done'; job: string; result: JobResult }
  | { kind: 'job_failed'; job: string; failure: Failure }
  | { kind: 'notice'; message: string };

export type Report = (event: Progress) => void;

/** What a job of lane `worker` works with. */
export interface WorkerContext {
  run: RunStart;
  config: LoadedConfig;
  /** Folder of the run, shared by every worker. */
  folder: string;
  landing: Landing;
  clock: () => Date;
  signal: AbortSignal;
  report: Report;
}

/** What a job of lane `owner` works with. */
export interface OwnerContext extends Omit<WorkerContext, 'landing'> {
  engine: Engine;
  /** Result of a job that this one needs. */
  resultOf: (jobId: string) => JobResult;
  /** Sources that could not be read in this run, and whose rows are those of an earlier one. */
  staleSources: ReadonlyMap<string, StaleSource>;
  /** Throws WC-RUN-001 if another run has taken the state over; asked before anything becomes visible. */
  assertStillOwner: () => Promise<void>;
}
