import { extract } from './extract.ts';
import { cancelled, failureFromError } from './failure.ts';
import type { Outcome, WorkerContext, WorkerJob } from './job.ts';

/** Runs a job of lane `worker`; its failure comes back as data, since it may have to travel. */
export async function runWorkerJob(job: WorkerJob, context: WorkerContext): Promise<Outcome> {
  const { clock, config, report, signal } = context;
  const startedAt = clock().toISOString();
  report({ kind: 'job_started', job: job.id });
  try {
    const result = await extract(job.payload, context);
    report({ kind: 'job_done', job: job.id, result });
    return { job: job.id, isOk: true, result };
  } catch (error) {
    // Whatever breaks while a run is being stopped, breaks because of that.
    const failure = failureFromError(signal.aborted ? cancelled() : error, config.secrets);
    report({ kind: 'job_failed', job: job.id, failure });
    return { job: job.id, isOk: false, failure, startedAt, endedAt: clock().toISOString() };
  }
}
