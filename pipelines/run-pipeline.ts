import { WhalecurveError } from '../config/error.ts';
import type { LoadedConfig, RunnerConfig } from '../config/schema.ts';
import type { HeldLock } from '../connectors/engines/lock.ts';
import { openLanding, openLock } from '../connectors/engines/open-engine.ts';
import { deadlineSignal } from '../jobs/deadline.ts';
import { failureFromError } from '../jobs/failure.ts';
import { canGoOn, interruptedRun, writeStart } from '../jobs/interrupted-run.ts';
import type { Failure, Job, Report, RunStart } from '../jobs/job.ts';
import type { Metrics } from '../jobs/monitoring/metrics.ts';
import { type RunWatch, watchRun } from '../jobs/monitoring/watch-run.ts';
import type { Ending } from '../jobs/notify/notice.ts';
import { sendNotices } from '../jobs/notify/send-notices.ts';
import { reportToFile } from '../jobs/progress-file.ts';
import { makeRunFolder, removeLeftoverRunFolders, removeRunFolder } from '../jobs/run-folder.ts';
import { runInline } from '../jobs/run-inline.ts';
import type { RunSummary } from '../jobs/run-summary.ts';
import type { RunSetting } from '../jobs/state-owner.ts';
import { nightlyPipeline } from './nightly.ts';
import type { Pipeline } from './pipeline.ts';
import { acquireRunLock, asOfDay, clockFrom, newRunId } from './start-of-run.ts';

export interface RunOptions {
  /** Last day that takes part, in place of the config's: `YYYY-MM-DD` or `today`. */
  asOf?: string;
  /** Becomes the id of the run, and its date where `as_of` is `today`. */
  now: Date;
  /** Default: the whole night. */
  pipeline?: Pipeline;
  /** In place of the config's. */
  runner?: RunnerConfig['type'];
  /** Reads every source again, also where an interrupted run could be continued. */
  isFresh?: boolean;
  onProgress?: Report;
  /** Of this process, to which the run adds what it does. */
  metrics?: Metrics;
  /** Stops the run: it is recorded as failed, and the warehouse stays as it was. */
  signal?: AbortSignal;
}

/**
 * Runs a pipeline once, alone on its state, and gives what it did; goes on with the run before where that was
 * interrupted (jobs/interrupted-run.ts). The receivers of the config are told how it ended.
 *
 * @throws WC-RUN-001 when another run is going on; else the failure of the first job that failed
 */
export async function runPipeline(config: LoadedConfig, options: RunOptions): Promise<RunSummary> {
  const { pipeline = nightlyPipeline, now } = options;
  const asOf = asOfDay(config, options);
  const runner = await runnerOf(options.runner ?? config.runner.type);
  const watch = await watchRun(config.monitoring, pipeline.name, options.metrics);
  const setting: RunSetting = {
    config,
    clock: clockFrom(now),
    signal: options.signal ?? new AbortController().signal,
    report: (event) => {
      watch.observe(event);
      options.onProgress?.(event);
    },
    attend: (engine) => watch.engine(engine),
  };
  let run: RunStart = {
    runId: newRunId(now),
    start: 1,
    pipeline: pipeline.name,
    asOf,
    startedAt: now.toISOString(),
  };
  let lock: HeldLock | undefined;
  let summary: RunSummary;
  try {
    lock = await acquireRunLock(openLock(config.warehouse, 'run'), run, setting);
    if (options.isFresh !== true) run = await continued(run, lock, setting);
    summary = await runAlone(run, pipeline, runner, lock, setting);
  } catch (error) {
    const isBusy = lock === undefined && error instanceof WhalecurveError && error.code === 'WC-RUN-001';
    const failure = failureFromError(error, config.secrets);
    if (!isBusy) await tell(run, { isOk: false, failure }, setting, watch);
    throw error;
  } finally {
    await lock?.release();
  }
  await tell(run, { isOk: true, summary }, setting, watch);
  return summary;
}

/** The interrupted run that this start goes on with, or the run itself. */
async function continued(run: RunStart, lock: HeldLock, setting: RunSetting): Promise<RunStart> {
  const interrupted = await interruptedRun(setting.config, run);
  if (interrupted === null) return run;
  await lock.rename(interrupted.runId);
  setting.report({
    kind: 'notice',
    message: `run ${interrupted.runId} was interrupted and goes on; \`whalecurve run --fresh\` reads every source again`,
  });
  return interrupted;
}

async function runAlone(
  run: RunStart,
  pipeline: Pipeline,
  runner: Runner,
  lock: HeldLock,
  setting: RunSetting,
): Promise<RunSummary> {
  const { config } = setting;
  const report = reportToFile(config, run.runId, setting.report);
  const deadline = deadlineSignal(config.run.deadline, `run ${run.runId}`, 'run.deadline');
  const signal = AbortSignal.any([setting.signal, lock.stopAsked, deadline.signal]);
  try {
    await removeLeftoverRunFolders(config, run.runId);
    await openLanding(config.warehouse).removeLeftovers(run.runId);
    await makeRunFolder(config, run.runId);
    await writeStart(config, run);
    const graph = await pipeline.jobs(config);
    report({ kind: 'run_started', runId: run.runId, asOf: run.asOf, jobs: graph.map(({ id }) => id) });
    const summary = await runner(run, graph, { ...setting, report, signal });
    await removeRunFolder(config, run.runId);
    return summary;
  } catch (error) {
    // What cannot be looked at now may be continued later: the next start looks again.
    const isKept = await canGoOn(config, run.runId).catch(() => true);
    if (!isKept) await removeRunFolder(config, run.runId);
    throw error;
  } finally {
    deadline.clear();
  }
}

async function tell(
  { pipeline, runId, startedAt }: RunStart,
  how: { isOk: true; summary: RunSummary } | { isOk: false; failure: Failure },
  { config, clock, report }: RunSetting,
  watch: RunWatch,
): Promise<void> {
  const ending: Ending = { pipeline, run: runId, startedAt, endedAt: clock().toISOString(), ...how };
  watch.ended(ending);
  await Promise.all([
    sendNotices(ending, config, (message) => report({ kind: 'notice', message })),
    watch.close(),
  ]);
}

type Runner = (run: RunStart, graph: readonly Job[], setting: RunSetting) => Promise<RunSummary>;

/** The queue's packages are loaded only where a run goes through it. */
async function runnerOf(type: RunnerConfig['type']): Promise<Runner> {
  if (type === 'inline') return runInline;
  return (await import('../jobs/run-bullmq.ts')).runBullmq;
}
