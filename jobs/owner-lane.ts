import { errorFromFailure } from './failure.ts';
import type { Job, JobResult, Outcome, OwnerContext, StaleSource } from './job.ts';
import { runOwnerJob } from './owner-job.ts';
import { recordFailedJob, recordJob } from './run-history.ts';
import { staleInsteadOf } from './stale-source.ts';

export type OwnerLaneContext = Omit<OwnerContext, 'resultOf' | 'staleSources'> & {
  /** Jobs that an earlier start of the run has done, with the time at which each started. */
  doneBefore: ReadonlyMap<string, string>;
};

/**
 * Runs the jobs of lane `owner` in the order of the graph, each as soon as the worker jobs that it needs are
 * done, and records every job of the run. The first failure of any job ends the run. What an earlier start of the run
 * has done, with what it needs, is not done again.
 */
export async function runOwnerLane(
  graph: readonly Job[],
  outcomes: readonly Promise<Outcome>[],
  context: OwnerLaneContext,
): Promise<void> {
  const { doneBefore } = context;
  const results = new Map<string, JobResult>();
  const staleSources = new Map<string, StaleSource>();
  /** Jobs whose results are those of the earlier start. */
  const unchanged = new Set<string>();
  const jobs = new Map(graph.map((job) => [job.id, job]));
  const pending = new Set(outcomes);
  const settle = async (outcome: Outcome): Promise<void> => {
    const job = jobs.get(outcome.job);
    if (job?.lane !== 'worker' || results.has(outcome.job)) return;
    if (outcome.isOk) {
      const { startedAt } = outcome.result;
      if (isSameInstant(doneBefore.get(job.id), startedAt)) unchanged.add(job.id);
      await recordJob(context.engine, context.run, job, outcome.result);
      results.set(job.id, outcome.result);
      return;
    }
    await recordFailedJob(context.engine, context.run, job, outcome);
    const stale = await staleInsteadOf(job.payload.source, outcome.failure, context);
    if (stale === null) return;
    staleSources.set(job.payload.source, stale);
    results.set(job.id, stale.result);
  };
  const waitFor = async (jobId: string): Promise<void> => {
    while (!results.has(jobId)) {
      if (pending.size === 0) throw new Error(`job ${jobId} never ran`);
      const { promise, outcome } = await Promise.race(
        [...pending].map(async (promise) => ({ promise, outcome: await promise })),
      );
      pending.delete(promise);
      await settle(outcome);
      if (!outcome.isOk && !results.has(outcome.job)) {
        // What the others did belongs to the history too, and a run that goes on need not do it again.
        for (const other of pending) await settle(await other);
        throw errorFromFailure(outcome.failure);
      }
    }
  };
  const resultOf = (jobId: string): JobResult => {
    const result = results.get(jobId);
    if (result === undefined) throw new Error(`job ${jobId} has not run`);
    return result;
  };
  for (const job of graph) {
    if (job.lane === 'worker') continue;
    for (const need of job.needs) await waitFor(need);
    const isDone = doneBefore.has(job.id) && job.needs.every((need) => unchanged.has(need));
    if (isDone) unchanged.add(job.id);
    // The rows of a stale source are in raw already.
    const isStale = job.kind === 'load' && staleSources.has(job.payload.source);
    if (isDone || isStale) results.set(job.id, nothingDone(context.clock().toISOString()));
    else results.set(job.id, await runOwnerJob(job, { ...context, resultOf, staleSources }));
  }
}

function isSameInstant(one: string | undefined, other: string): boolean {
  return one !== undefined && Date.parse(one) === Date.parse(other);
}

function nothingDone(at: string): JobResult {
  return { startedAt: at, endedAt: at, rowsIn: 0, rowsOut: 0, bytes: 0, tables: [], data: null };
}
