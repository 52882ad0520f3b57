import { conform } from './conform.ts';
import { cancelled, errorFromFailure, failureFromError, throwIfCancelled } from './failure.ts';
import type { Job, JobResult, Outcome, OwnerContext, OwnerJob } from './job.ts';
import { load } from './load.ts';
import { buildModels } from './models.ts';
import { publish } from './publish.ts';
import { recordFailedJob, recordJob } from './run-history.ts';
import { buildSettings } from './settings.ts';
import { verify } from './verify.ts';

export type OwnerLaneContext = Omit<OwnerContext, 'resultOf'>;

/**
 * Runs the jobs of lane `owner` in the order of the graph, each as soon as the worker jobs that it needs are
 * done, and records every job of the run. The first failure of any job ends the run.
 */
export async function runOwnerLane(
  graph: readonly Job[],
  outcomes: readonly Promise<Outcome>[],
  context: OwnerLaneContext,
): Promise<void> {
  const results = new Map<string, JobResult>();
  const jobs = new Map(graph.map((job) => [job.id, job]));
  const pending = new Set(outcomes);
  const settle = async (outcome: Outcome) => {
    if (results.has(outcome.job)) return;
    const job = jobs.get(outcome.job);
    if (job !== undefined) await recordOutcome(job, outcome, context);
    if (outcome.isOk) results.set(outcome.job, outcome.result);
  };
  const waitFor = async (jobId: string) => {
    while (!results.has(jobId)) {
      if (pending.size === 0) throw new Error(`job ${jobId} never ran`);
      const { promise, outcome } = await Promise.race(
        [...pending].map(async (promise) => ({ promise, outcome: await promise })),
      );
      pending.delete(promise);
      await settle(outcome);
      if (!outcome.isOk) {
        // The runner stops the others when one fails; what they did until then belongs to the history too.
        for (const other of pending) await settle(await other);
        throw errorFromFailure(outcome.failure);
      }
    }
  };
  const resultOf = (jobId: string) => {
    const result = results.get(jobId);
    if (result === undefined) throw new Error(`job ${jobId} has not run`);
    return result;
  };
  for (const job of graph) {
    if (job.lane === 'worker') continue;
    for (const need of job.needs) await waitFor(need);
    results.set(job.id, await runOwnerJob(job, { ...context, resultOf }));
  }
}

async function runOwnerJob(job: OwnerJob, context: OwnerContext): Promise<JobResult> {
  const { engine, run, clock, report, config, signal } = context;
  const startedAt = clock().toISOString();
  report({ kind: 'job_started', job: job.id });
  const interrupt = () => void engine.interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    throwIfCancelled(signal);
    const result = await workOf(job, context);
    await recordJob(engine, run, job, result);
    report({ kind: 'job_done', job: job.id, result });
    return result;
  } catch (found) {
    const error = signal.aborted ? cancelled() : found;
    const failure = failureFromError(error, config.secrets);
    await recordFailedJob(engine, run, job, { startedAt, endedAt: clock().toISOString(), failure });
    report({ kind: 'job_failed', job: job.id, failure });
    throw error;
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
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

async function recordOutcome(job: Job, outcome: Outcome, { engine, run }: OwnerLaneContext): Promise<void> {
  if (outcome.isOk) await recordJob(engine, run, job, outcome.result);
  else await recordFailedJob(engine, run, job, outcome);
}
