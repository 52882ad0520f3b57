import { renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedConfig } from '../config/schema.ts';
import type { Report } from './job.ts';
import { runFolder } from './run-folder.ts';

/** How far a run has come, as `status --watch` reads it; no value of any row. */
export interface RunProgress {
  jobs: readonly JobProgress[];
}

export interface JobProgress {
  job: string;
  state: 'waiting' | 'running' | 'done' | 'failed';
  /** Landed so far. */
  bytes: number;
  /** Tables that are done. */
  tables: number;
}

/** Bytes after which a table that is still on its way is written down again. */
const bytesPerWrite = 16_000_000;

/**
 * Writes down in the folder of the run what is reported, and reports it: while a run has the state to itself, this is
 * all that another process can see of it.
 */
export function reportToFile(config: LoadedConfig, runId: string, report: Report): Report {
  const file = join(runFolder(config, runId), fileName);
  const jobs = new Map<string, JobProgress>();
  const landed = new Map<string, number>();
  const change = (job: string, what: Partial<JobProgress>) => {
    jobs.set(job, { ...(jobs.get(job) ?? waiting(job)), ...what });
    write(file, { jobs: [...jobs.values()] });
  };
  return (event) => {
    if (event.kind === 'run_started') {
      for (const job of event.jobs ?? []) jobs.set(job, waiting(job));
    }
    if (event.kind === 'job_started') change(event.job, { state: 'running' });
    if (event.kind === 'job_done') change(event.job, { state: 'done', bytes: event.result.bytes });
    if (event.kind === 'job_failed') change(event.job, { state: 'failed' });
    if (event.kind === 'table_done') change(event.job, { tables: (jobs.get(event.job)?.tables ?? 0) + 1 });
    if (event.kind === 'bytes') {
      const table = `${event.job} ${event.table}`;
      const before = landed.get(table) ?? 0;
      if (event.bytes - before >= bytesPerWrite) {
        landed.set(table, event.bytes);
        change(event.job, { bytes: (jobs.get(event.job)?.bytes ?? 0) + event.bytes - before });
      }
    }
    report(event);
  };
}

/** null where the run is over, works elsewhere or has not begun. */
export async function readProgress(config: LoadedConfig, runId: string): Promise<RunProgress | null> {
  const text = await readFile(join(runFolder(config, runId), fileName), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as RunProgress);
}

const fileName = 'progress.json';

function waiting(job: string): JobProgress {
  return { job, state: 'waiting', bytes: 0, tables: 0 };
}

/** Whole or not at all for who reads it; that nobody can look on is no reason to end a run. */
function write(file: string, progress: RunProgress): void {
  try {
    writeFileSync(`${file}.new`, JSON.stringify(progress));
    renameSync(`${file}.new`, file);
  } catch {
    // Such as a folder that is gone with its run, or a disk that is full: the run itself will say so.
  }
}
