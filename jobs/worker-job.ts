import { deadlineSignal } from './deadline.ts';
import { extract } from './extract.ts';
import { failureFromError, stopReason } from './failure.ts';
import type { Outcome, WorkerContext, WorkerJob } from './job.ts';
import { peakMemoryBytes } from './peak-memory.ts';
import { withRetries } from './retry.ts';

/**
 * Runs a job of lane `worker`, again where it fails by what passes; its failure comes back as data, since it may have
 * to travel.
 */
export async function runWorkerJob(job: WorkerJob, context: WorkerContext): Promise<Outcome> {
  const { clock, config, report, run } = context;
  const startedAt = clock().toISOString();
  report({ kind: 'job_started', job: job.id });
  const deadline = deadlineSignal(config.run.job_deadline, `job ${job.id}`, 'run.job_deadline');
  const signal = AbortSignal.any([context.signal, deadline.signal]);
  const settings = config.sources[job.payload.source];
  let retries = 0;
  try {
    const extracted = await withRetries(() => extract(job.payload, { ...context, signal }), {
      attempts: settings?.attempts ?? config.run.attempts,
      backoffMs: settings?.backoff ?? config.run.backoff,
      seed: `${run.runId} ${job.id}`,
      signal,
      onRetry: ({ kind, error, attempt, waitMs }) => {
        retries += 1;
        const { message } = failureFromError(error, config.secrets);
        report({
          kind: 'notice',
          message: `${job.id}: ${kind}; attempt ${attempt} in ${(waitMs / 1000).toFixed(1)} s (${message})`,
        });
      },
    });
    const result = { ...extracted, retries, peakMemoryBytes: peakMemoryBytes() };
    report({ kind: 'job_done', job: job.id, result });
    return { job: job.id, isOk: true, result };
  } catch (error) {
    // Whatever breaks while a run is being stopped, breaks because of that.
    const failure = failureFromError(signal.aborted ? stopReason(signal) : error, config.secrets);
    report({ kind: 'job_failed', job: job.id, failure });
    return { job: job.id, isOk: false, failure, startedAt, endedAt: clock().toISOString(), retries };
  } finally {
    deadline.clear();
  }
}
