import { type Job as QueuedJob, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Environment } from '../config/environment.ts';
import { WhalecurveError } from '../config/error.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Log } from '../config/log.ts';
import { redactText } from '../config/redact.ts';
import type { LoadedConfig } from '../config/schema.ts';
import { openLanding } from '../connectors/engines/open-engine.ts';
import { failureFromError } from './failure.ts';
import type { Outcome, Progress, Report, RunStart } from './job.ts';
import type { Metrics } from './monitoring/metrics.ts';
import { startMonitoring } from './monitoring/serve-monitoring.ts';
import {
  assertRedisAnswers,
  type BuildOutcome,
  openRedis,
  type QueuedWork,
  queueName,
  queueOptions,
} from './queue.ts';
import { makeRunFolder, removeLeftoverRunFolders } from './run-folder.ts';
import { type RunMark, runMark } from './run-mark.ts';
import { configHash } from './run-origin.ts';
import { ownState, type RunSetting } from './state-owner.ts';
import { runWorkerJob } from './worker-job.ts';

export interface QueueWorkerOptions {
  /** Jobs at the same time. */
  concurrency: number;
  /** For the configs of the runs: secrets come from here, never through Redis. */
  environment: Environment;
  log: Log;
  clock: () => Date;
  /** Aborted: takes no further job, ends those it has, and returns. */
  signal: AbortSignal;
}

/**
 * Takes jobs from the queue until it is told to stop. DuckDB and the drivers work off the event loop, so the
 * lock of a live job is renewed every 30 s however long it takes; only a job whose process is gone or stopped
 * for more than a minute is given to another worker.
 */
export async function runQueueWorker(config: LoadedConfig, options: QueueWorkerOptions): Promise<void> {
  const { concurrency, log, signal } = options;
  await assertRedisAnswers(config);
  let isReady = false;
  const monitoring = await startMonitoring(config.monitoring, () => isReady);
  const redis = openRedis(config);
  const metrics = monitoring?.metrics;
  const worker = new Worker<QueuedWork>(queueName, (job) => workOn(job, redis, metrics, options), {
    ...queueOptions(config),
    concurrency,
    lockDuration: 60_000,
    stalledInterval: 30_000,
    maxStalledCount: 1,
  });
  worker.on('error', (error) =>
    log.warn('the queue is not answering', { reason: redactText(error.message, config.secrets) }),
  );
  worker.on('stalled', (jobId) =>
    log.warn('a job was left behind by its worker and is done again', { job: jobId }),
  );
  await worker.waitUntilReady();
  isReady = true;
  log.info('worker ready', { concurrency });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  isReady = false;
  log.info('worker stops when its jobs are done');
  await worker.close();
  await monitoring?.close();
  redis.disconnect();
}

async function workOn(
  job: QueuedJob<QueuedWork>,
  redis: Redis,
  metrics: Metrics | undefined,
  options: QueueWorkerOptions,
): Promise<Outcome | BuildOutcome> {
  const { data } = job;
  const { log, clock } = options;
  const name = data.kind === 'extract' ? data.job.id : 'build';
  const fields = { run: data.run.runId, job: name };
  log.info('job started', fields);
  const stop = new AbortController();
  try {
    const config = await configOf(data, options.environment);
    const mark = runMark(redis, config);
    const stopped = await mark.stopOf(data.run);
    // Who holds the state writes down that the run was stopped, unless another one has taken its place.
    if (stopped !== null && (data.kind === 'extract' || stopped.isReplaced)) throw stopped.reason;
    if (stopped !== null) stop.abort(stopped.reason);
    // On a machine of its own nobody else cleans up; no other run of this state is alive.
    await removeLeftoverRunFolders(config, data.run.runId);
    const folder = await makeRunFolder(config, data.run.runId);
    const watch = setInterval(() => void abortIfOver(mark, data.run, stop), 500);
    try {
      const setting = { config, clock, signal: stop.signal, report: forwarded(job, metrics) };
      const outcome =
        data.kind === 'extract'
          ? await runWorkerJob(data.job, {
              ...setting,
              run: data.run,
              folder,
              landing: openLanding(config.warehouse),
            })
          : await build(job, data, setting);
      if (outcome.isOk) log.info('job done', fields);
      else log.error('job failed', { ...fields, ...outcome.failure });
      return outcome;
    } finally {
      clearInterval(watch);
    }
  } catch (error) {
    // Before the config is known there are no secrets to blot out: its errors hold none.
    const failure = failureFromError(error, []);
    log.error('job failed', { ...fields, ...failure });
    if (data.kind === 'build') return { isOk: false, failure };
    const at = clock().toISOString();
    return { job: data.job.id, isOk: false, failure, startedAt: at, endedAt: at };
  }
}

async function build(
  job: QueuedJob<QueuedWork>,
  { run, graph }: Extract<QueuedWork, { kind: 'build' }>,
  setting: RunSetting,
): Promise<BuildOutcome> {
  try {
    const children = Object.values(await job.getChildrenValues<Outcome>());
    const lost = graph
      .filter(({ id, lane }) => lane === 'worker' && !children.some((outcome) => outcome.job === id))
      .map(({ id }): Outcome => lostOutcome(id, setting.clock().toISOString()));
    const outcomes = [...children, ...lost].map((outcome) => Promise.resolve(outcome));
    return { isOk: true, summary: await ownState(run, graph, outcomes, setting) };
  } catch (error) {
    return { isOk: false, failure: failureFromError(error, setting.config.secrets) };
  }
}

/** The config as this machine has it; it must be the one that the run was started with. */
async function configOf(
  { configFile, configHash: expected }: QueuedWork,
  environment: Environment,
): Promise<LoadedConfig> {
  const config = await loadConfig(configFile, environment);
  if ((await configHash(config)) === expected) return config;
  throw new WhalecurveError('WC-RUN-002', 'this worker has another version of the config than the run', {
    where: configFile,
    hint: 'a config must not change while a run goes on, and must be the same file for all workers',
  });
}

/** A queue that does not answer says nothing about the run. */
async function abortIfOver(mark: RunMark, run: RunStart, stop: AbortController): Promise<void> {
  const stopped = await mark.stopOf(run).catch(() => null);
  if (stopped !== null) stop.abort(stopped.reason);
}

/** Progress goes back through the queue; of the many `bytes` only some, since each is a write to Redis. */
function forwarded(job: QueuedJob<QueuedWork>, metrics: Metrics | undefined): Report {
  const measure = metrics?.observe(job.data.run.pipeline);
  let lastBytesAt = 0;
  return (event: Progress) => {
    measure?.(event);
    if (event.kind === 'bytes') {
      if (performance.now() - lastBytesAt < 500) return;
      lastBytesAt = performance.now();
    }
    job.updateProgress(event).catch(() => {
      // Progress is for the eye; a run does not end because a line of it was lost.
    });
  };
}

function lostOutcome(job: string, at: string): Outcome {
  const failure = { code: 'WC-RUN-002', message: `${job} was lost with its worker, twice` };
  return { job, isOk: false, failure, startedAt: at, endedAt: at };
}
