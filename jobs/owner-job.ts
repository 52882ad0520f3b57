import { WhalecurveError } from '../config/error.ts';
import { attendedEngine } from './attended-engine.ts';
import { conform } from './conform.ts';
import { deadlineSignal } from './deadline.ts';
import { failureFromError, stopReason, throwIfCancelled } from './failure.ts';
import type { JobResult, OwnerContext, OwnerJob } from './job.ts';
import { keepExtract } from './kept-extract.ts';
import { assertRoom } from './limits.ts';
import { load } from './load.ts';
import { buildModels } from './models.ts';
import { peakMemoryBytes } from './peak-memory.ts';
import { publish } from './publish.ts';
import { withRetries } from './retry.ts';
import { recordFailedJob, recordJob } from './run-history.ts';
import { buildSettings } from './settings.ts';
import { recordStaleSources } from './stale-source.ts';
import { verify } from './verify.ts';

const interruptEveryMs = 500;

/** Runs a job of lane `owner` and records how it ended. */
export async function runOwnerJob(job: OwnerJob, context: OwnerContext): Promise<JobResult> {
  const { engine, run, clock, report, config } = context;
  const startedAt = clock().toISOString();
  report({ kind: 'job_started', job: job.id });
  const deadline = deadlineSignal(config.run.job_deadline, `job ${job.id}`, 'run.job_deadline');
  const signal = AbortSignal.any([context.signal, deadline.signal]);
  const stopInterrupting = interruptOnAbort(context, signal);
  let retries = 0;
  try {
    throwIfCancelled(signal);
    assertRoom(config.limits, context.folder);
    const attended = attendedEngine(engine, { signal, beforeCommit: () => beforeCommit(job, context) });
    const done = await withRetries(() => workOf(job, { ...context, engine: attended, signal }), {
      attempts: config.run.attempts,
      backoffMs: config.run.backoff,
      seed: `${run.runId} ${job.id}`,
      signal,
      // The session of the state is not opened anew: the next start goes on from here.
      isWorthIt: (kind) => kind !== 'connection lost',
      onRetry: ({ kind, attempt, waitMs }) => {
        retries += 1;
        const message = `${job.id}: ${kind}; attempt ${attempt} in ${(waitMs / 1000).toFixed(1)} s`;
        report({ kind: 'notice', message });
      },
    });
    await stopInterrupting();
    if (job.kind === 'conform') await recordStaleSources(context);
    const result = { ...done, retries, peakMemoryBytes: peakMemoryBytes() };
    await recordJob(engine, run, job, result);
    report({ kind: 'job_done', job: job.id, result });
    return result;
  } catch (found) {
    await stopInterrupting();
    const error = signal.aborted ? stopReason(signal) : found;
    const failure = failureFromError(error, config.secrets);
    report({ kind: 'job_failed', job: job.id, failure });
    try {
      await context.assertStillOwner();
      await recordFailedJob(engine, run, job, {
        startedAt,
        endedAt: clock().toISOString(),
        failure,
        retries,
      });
    } catch (unwritten) {
      if (unwritten instanceof WhalecurveError && unwritten.code === 'WC-RUN-001') throw unwritten;
      // The state cannot be reached: what the job met says more.
    }
    throw error;
  } finally {
    deadline.clear();
  }
}

/** Nothing is committed by a start that was replaced; that a source was loaded is committed with its rows. */
async function beforeCommit(job: OwnerJob, context: OwnerContext): Promise<void> {
  await context.assertStillOwner();
  if (job.kind === 'load') await keepExtract(job, context);
}

/**
 * Ends the statement that is at work when the run is told to stop, and again until the job has noticed: the matching
 * works beside the engine, statement after statement. Gives what ends that; after it no interruption is under way.
 */
function interruptOnAbort({ engine }: OwnerContext, signal: AbortSignal): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let interrupting: Promise<unknown> = Promise.resolve();
  const interrupt = () => {
    interrupting = interrupting.then(() => engine.interrupt()).catch(() => undefined);
  };
  const begin = () => {
    interrupt();
    timer = setInterval(interrupt, interruptEveryMs);
  };
  signal.addEventListener('abort', begin, { once: true });
  return async () => {
    signal.removeEventListener('abort', begin);
    clearInterval(timer);
    await interrupting;
  };
}

function workOf(job: OwnerJob, context: OwnerContext): Promise<JobResult> {
  switch (job.kind) {
    case 'load':
      return load(job.payload.source, context);
    case 'settings':
      return buildSettings(context);
    case 'conform':
      return conform(context);
    case 'models':
      return buildModels(job.payload.stage, context);
    case 'verify':
      return verify(context);
    case 'publish':
      return publish(context);
  }
}
