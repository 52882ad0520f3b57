import { WhalecurveError } from '../config/error.ts';
import type { LoadedConfig } from '../config/schema.ts';
import type { Engine } from '../connectors/engines/engine.ts';
import { openLock, workAside } from '../connectors/engines/open-engine.ts';
import { conform } from '../jobs/conform.ts';
import { diffStates, keepBefore, type StateDiff } from '../jobs/diff/state-diff.ts';
import { failureFromError } from '../jobs/failure.ts';
import type { Failure, Job, JobResult, OwnerContext, Report } from '../jobs/job.ts';
import { buildModels } from '../jobs/models.ts';
import { prepareState } from '../jobs/prepare-state.ts';
import { runFolder } from '../jobs/run-folder.ts';
import { originOf } from '../jobs/run-origin.ts';
import { noRun } from '../jobs/run-summary.ts';
import { buildSettings } from '../jobs/settings.ts';
import { verify } from '../jobs/verify.ts';
import { allSteps } from '../transforms/all-steps.ts';
import { createConformState } from '../transforms/conform/conform-state.ts';
import { readPrelude } from '../transforms/prelude/read-prelude.ts';
import { fromRaw } from './from-raw.ts';

export interface PlanDiffOptions {
  now: Date;
  signal: AbortSignal;
  onProgress: Report;
}

/**
 * Builds all that follows from the rows that were loaded last by the config as it is now, aside, and says what it would
 * change. The day is that of the run before, so that what differs, differs by the config. No source is asked, nothing is
 * published and the state stays as it is.
 *
 * @throws WC-RUN-001 while a run goes on, WC-RUN-003 before the first; what a job of a run throws
 */
export async function planDiff(config: LoadedConfig, options: PlanDiffOptions): Promise<StateDiff> {
  const { now, signal, onProgress } = options;
  const prelude = await readPrelude(config.warehouse.engine);
  const runId = 'plan --diff';
  const lock = await openLock(config.warehouse, 'run').acquire(runId, now);
  try {
    return await workAside(config.warehouse, prelude, async (engine) => {
      await prepareState(engine, (await originOf(config)).productVersion);
      await createConformState(engine);
      const before = await lastBuilt(engine, config);
      const published = (await allSteps(config)).flatMap(({ table, header }) =>
        header.publish === undefined
          ? []
          : [{ name: `warehouse.${header.publish}`, from: `${table.schema}.${table.table}` }],
      );
      const countsBefore = await keepBefore(engine, published);
      const gate = await build({
        engine,
        config,
        run: { runId, start: 1, pipeline: runId, asOf: before.asOf, startedAt: now.toISOString() },
        folder: runFolder(config, runId),
        clock: () => now,
        signal,
        report: onProgress,
        resultOf: (job) => {
          throw new TypeError(`${job} is no job of a plan`);
        },
        staleSources: new Map(),
        assertStillOwner: async () => {},
      });
      return diffStates(engine, { before, runId, published, countsBefore, gate });
    });
  } finally {
    await lock.release();
  }
}

/** The run whose tables stand in the state: the last that came as far as to the end of the models. */
async function lastBuilt(engine: Engine, config: LoadedConfig): Promise<StateDiff['before']> {
  const [run] = await engine.query(
    `select run.run_id, run.status, run.as_of from whalecurve.runs as run
     inner join whalecurve.run_jobs as job on job.run_id = run.run_id
     where job.job = 'models:value' and job.status = 'done'
     order by run.started_at desc nulls last, run.run_id desc nulls last limit 1`,
  );
  if (run === undefined) throw noRun(config);
  return { runId: String(run.run_id), status: String(run.status), asOf: String(run.as_of) };
}

/** Everything of a run between loading and publishing. Gives the gate that would stop it. */
async function build(context: OwnerContext): Promise<Failure | null> {
  for (const job of fromRaw([]).filter(({ kind }) => kind !== 'publish')) {
    try {
      await work(job, context);
    } catch (error) {
      if (error instanceof WhalecurveError && error.code.startsWith('WC-GATE-')) {
        return failureFromError(error, context.config.secrets);
      }
      throw error;
    }
  }
  return null;
}

async function work(job: Job, context: OwnerContext): Promise<void> {
  context.report({ kind: 'job_started', job: job.id });
  context.report({ kind: 'job_done', job: job.id, result: await workOf(job, context) });
}

function workOf(job: Job, context: OwnerContext): Promise<JobResult> {
  if (job.kind === 'settings') return buildSettings(context);
  if (job.kind === 'conform') return conform(context);
  return job.kind === 'models' ? buildModels(job.payload.stage, context) : verify(context);
}
