import { setTimeout as wait } from 'node:timers/promises';
import { type FlowJob, type Queue, type Job as QueuedJob, QueueEvents } from 'bullmq';
import { WhalecurveError } from '../config/error.ts';
import { errorFromFailure, failureFromError, stopReason } from './failure.ts';
import type { Job, Progress, RunStart } from './job.ts';
import {
  assertRedisAnswers,
  type BuildOutcome,
  openFlowProducer,
  openQueue,
  openRedis,
  type QueuedWork,
  queueName,
  queueOptions,
} from './queue.ts';
import { type RunMark, runMark } from './run-mark.ts';
import { configHash } from './run-origin.ts';
import type { RunSummary } from './run-summary.ts';
import { ownState, type RunSetting } from './state-owner.ts';

const pollMs = 250;
const noWorkerNoticeAfterMs = 5_000;
/** What a worker may take to reach its next safe point after a run was told to stop. */
const cancelPatienceMs = 10_000;

/**
 * Submits the graph and waits for its result: one job per source, and one job for all that must stay with the
 * state file, which starts when the sources are done. Workers (`whalecurve worker`) do the work.
 *
 * @throws WC-QUEUE-001 when Redis does not answer; else what `runInline` throws
 */
export async function runBullmq(
  run: RunStart,
  graph: readonly Job[],
  setting: RunSetting,
): Promise<RunSummary> {
  const { config } = setting;
  await assertRedisAnswers(config);
  const queue = openQueue(config);
  const flows = openFlowProducer(config);
  const redis = openRedis(config);
  const mark = runMark(redis, config);
  const events = new QueueEvents(queueName, queueOptions(config));
  try {
    await events.waitUntilReady();
    events.on('progress', ({ jobId, data }) => {
      if (jobId.startsWith(`${run.runId}.${run.start}.`)) setting.report(data as Progress);
    });
    await mark.set(run);
    const origin = { configFile: config.file, configHash: await configHash(config), run };
    const { job } = await flows.add(flowOf(run, graph, origin));
    const outcome = await outcomeOf(job, queue, mark, run, graph, setting);
    await job.remove({ removeChildren: true });
    if (outcome.isOk) return outcome.summary;
    throw errorFromFailure(outcome.failure);
  } finally {
    await mark.remove(run.runId).catch(() => undefined);
    redis.disconnect();
    await Promise.all([events.close(), flows.close(), queue.close()]);
  }
}

function flowOf(
  run: RunStart,
  graph: readonly Job[],
  origin: Pick<QueuedWork, 'configFile' | 'configHash' | 'run'>,
): FlowJob {
  // What is left over by a submitter that died is swept out by later jobs.
  const swept = { age: 24 * 60 * 60, count: 1_000 };
  const options = { attempts: 1, removeOnComplete: swept, removeOnFail: swept };
  const children = graph
    .filter((job) => job.lane === 'worker')
    .map((job): FlowJob => {
      const data: QueuedWork = { kind: 'extract', ...origin, job };
      // The build must start also when an extract was lost with its worker: it writes the failure down.
      const opts = {
        ...options,
        jobId: `${run.runId}.${run.start}.${job.payload.source}`,
        ignoreDependencyOnFailure: true,
      };
      return { name: 'extract', queueName, data, opts };
    });
  const data: QueuedWork = { kind: 'build', ...origin, graph };
  return {
    name: 'build',
    queueName,
    data,
    opts: { ...options, jobId: `${run.runId}.${run.start}.build` },
    children,
  };
}

/** Asks for the job until it ended: an event can be lost with a connection, the job's own hash cannot. */
async function outcomeOf(
  job: QueuedJob,
  queue: Queue<QueuedWork>,
  mark: RunMark,
  run: RunStart,
  graph: readonly Job[],
  setting: RunSetting,
): Promise<BuildOutcome> {
  const { signal, report } = setting;
  let waitedMs = 0;
  let cancelledAtMs: number | null = null;
  let wasNoticed = false;
  for (;;) {
    const state = await job.getState();
    if (state === 'completed') return (await refreshed(job, queue)).returnvalue as BuildOutcome;
    if (state === 'failed') throw lostWorker((await refreshed(job, queue)).failedReason);
    if (state === 'unknown') throw lostWorker('its job is no longer in the queue');
    if (signal.aborted && cancelledAtMs === null) {
      cancelledAtMs = waitedMs;
      await mark.stop(run.runId, failureFromError(stopReason(signal), setting.config.secrets));
    }
    if (cancelledAtMs !== null) {
      if ((await queue.getWorkersCount()) === 0) return recordCancelled(job, run, graph, setting);
      if (waitedMs - cancelledAtMs > cancelPatienceMs) throw stopReason(signal);
    }
    if (!wasNoticed && waitedMs >= noWorkerNoticeAfterMs && (await queue.getWorkersCount()) === 0) {
      wasNoticed = true;
      report({ kind: 'notice', message: 'no worker takes the jobs yet: start one with `whalecurve worker`' });
    }
    await wait(pollMs);
    waitedMs += pollMs;
  }
}

/** Without a worker nobody else would write down that the run was cancelled. */
async function recordCancelled(
  job: QueuedJob,
  run: RunStart,
  graph: readonly Job[],
  setting: RunSetting,
): Promise<never> {
  await job.remove({ removeChildren: true });
  await ownState(run, graph, [], setting);
  throw stopReason(setting.signal);
}

async function refreshed(job: QueuedJob, queue: Queue<QueuedWork>): Promise<QueuedJob> {
  const fresh = await queue.getJob(job.id ?? '');
  if (fresh === undefined) throw lostWorker('its job is no longer in the queue');
  return fresh;
}

function lostWorker(reason: string): WhalecurveError {
  return new WhalecurveError('WC-RUN-002', `the worker that had the state was lost: ${reason}`, {
    hint: 'look into the log of the worker; the next run goes on where this one stopped',
  });
}
