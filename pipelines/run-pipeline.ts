import { randomBytes } from 'node:crypto';
import { resolveAsOf } from '../config/as-of.ts';
import { WhalecurveError } from '../config/error.ts';
import type { LoadedConfig, RunnerConfig } from '../config/schema.ts';
import { openLanding, openLock } from '../connectors/engines/open-engine.ts';
import { readFileForms } from '../jobs/file-forms.ts';
import type { Job, Report, RunStart } from '../jobs/job.ts';
import { makeRunFolder, removeLeftoverRunFolders, removeRunFolder } from '../jobs/run-folder.ts';
import { runInline } from '../jobs/run-inline.ts';
import type { RunSummary } from '../jobs/run-summary.ts';
import type { RunSetting } from '../jobs/state-owner.ts';
import { nightly } from './nightly.ts';

export interface RunOptions {
  /** Last day that takes part, in place of the config's: `YYYY-MM-DD` or `today`. */
  asOf?: string;
  /** Becomes the id of the run, and its date where `as_of` is `today`. */
  now: Date;
  /** In place of the config's. */
  runner?: RunnerConfig['type'];
  onProgress?: Report;
  /** Stops the run: it is recorded as failed, and the warehouse stays as it was. */
  signal?: AbortSignal;
}

/**
 * Runs the nightly pipeline once, alone on its state, and gives what it did.
 *
 * @throws WC-RUN-001 when another run is going on; else the failure of the first job that failed
 */
export async function runPipeline(config: LoadedConfig, options: RunOptions): Promise<RunSummary> {
  const run: RunStart = {
    runId: newRunId(options.now),
    pipeline: 'nightly',
    asOf: asOfDay(config, options),
    startedAt: options.now.toISOString(),
  };
  const setting: RunSetting = {
    config,
    clock: clockFrom(options.now),
    signal: options.signal ?? new AbortController().signal,
    report: options.onProgress ?? (() => {}),
  };
  const runner = await runnerOf(options.runner ?? config.runner.type);
  const lock = await openLock(config.warehouse, 'run').acquire(run.runId, options.now);
  try {
    await removeLeftoverRunFolders(config, run.runId);
    await openLanding(config.warehouse).removeLeftovers(run.runId);
    await makeRunFolder(config, run.runId);
    setting.report({ kind: 'run_started', runId: run.runId, asOf: run.asOf });
    return await runner(run, nightly(config, await readFileForms(config)), setting);
  } finally {
    await removeRunFolder(config, run.runId);
    await lock.release();
  }
}

type Runner = (run: RunStart, graph: readonly Job[], setting: RunSetting) => Promise<RunSummary>;

/** The queue's packages are loaded only where a run goes through it. */
async function runnerOf(type: RunnerConfig['type']): Promise<Runner> {
  if (type === 'inline') return runInline;
  return (await import('../jobs/run-bullmq.ts')).runBullmq;
}

/** Sorts by time as text; the one place where a run gets its randomness. */
function newRunId(now: Date): string {
  const time = now.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  return `r_${time}_${randomBytes(3).toString('hex')}`;
}

/** Wall time that goes on from `now`, so that the times of a run fit its id also when `now` was given. */
function clockFrom(now: Date): () => Date {
  const started = performance.now();
  return () => new Date(now.getTime() + Math.round(performance.now() - started));
}

function asOfDay(config: LoadedConfig, { asOf, now }: RunOptions): string {
  if (asOf === undefined) return resolveAsOf(config, now);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(asOf) && new Date(`${asOf}T00:00:00Z`).toJSON()?.startsWith(asOf);
  if (asOf !== 'today' && !isDay) {
    throw new WhalecurveError('WC-USAGE-001', `as-of ${asOf} is no date`, {
      hint: 'write it as 2026-01-31, or today',
    });
  }
  return resolveAsOf({ reporting: { ...config.reporting, as_of: asOf } }, now);
}
