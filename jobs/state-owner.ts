import type { LoadedConfig } from '../config/schema.ts';
import type { Engine } from '../connectors/engines/engine.ts';
import type { HeldLock } from '../connectors/engines/lock.ts';
import { databaseName, openEngine, openLock } from '../connectors/engines/open-engine.ts';
import { createConformState } from '../transforms/conform/conform-state.ts';
import { readPrelude } from '../transforms/prelude/read-prelude.ts';
import { failureFromError, stopReason } from './failure.ts';
import { takenOver, takeToken } from './fence.ts';
import type { Job, Outcome, Report, RunStart } from './job.ts';
import { runOwnerLane } from './owner-lane.ts';
import { prepareState } from './prepare-state.ts';
import { runFolder } from './run-folder.ts';
import { readDoneJobs, recordFailedRun, recordRunStart } from './run-history.ts';
import { originOf } from './run-origin.ts';
import { type RunSummary, readRunSummary } from './run-summary.ts';

/** What a run needs wherever a part of it runs. */
export interface RunSetting {
  config: LoadedConfig;
  clock: () => Date;
  signal: AbortSignal;
  report: Report;
  /** The engine as it is watched; default: as it is. */
  attend?: (engine: Engine) => Engine;
}

/**
 * The part of a run that holds the state: takes it for this process alone, runs all jobs of lane `owner`
 * and leaves the run in the history, also when it failed.
 *
 * @throws the first failure of any job; WC-RUN-001 when another process has the state
 */
export async function ownState(
  run: RunStart,
  graph: readonly Job[],
  outcomes: readonly Promise<Outcome>[],
  setting: RunSetting,
): Promise<RunSummary> {
  const { config, clock } = setting;
  // Apart from the lock of the run itself: with the runner `bullmq` a worker holds the state, not the command.
  const lock = await openLock(config.warehouse, 'owner').acquire(run.runId, clock());
  try {
    const engine = await openEngine(config.warehouse, {
      prelude: await readPrelude(config.warehouse.engine),
    });
    try {
      const signal = AbortSignal.any([setting.signal, lock.stopAsked]);
      return await recordedRun(
        setting.attend?.(engine) ?? engine,
        run,
        graph,
        outcomes,
        { ...setting, signal },
        lock,
      );
    } finally {
      await engine.close();
    }
  } finally {
    await lock.release();
  }
}

async function recordedRun(
  engine: Engine,
  run: RunStart,
  graph: readonly Job[],
  outcomes: readonly Promise<Outcome>[],
  setting: RunSetting,
  lock: HeldLock,
): Promise<RunSummary> {
  const { config, clock, signal } = setting;
  const origin = await originOf(config);
  await prepareState(engine, origin.productVersion);
  await createConformState(engine);
  const where = databaseName(config.warehouse, 'state');
  const fence = await takeToken(engine, run.runId, where);
  await recordRunStart(engine, run, origin);
  const assertStillOwner = async () => {
    await fence.assertNewest();
    if (!(await lock.isOurs())) throw takenOver(where);
  };
  try {
    const folder = runFolder(config, run.runId);
    const doneBefore = await readDoneJobs(engine, run.runId);
    await runOwnerLane(graph, outcomes, { ...setting, run, folder, engine, assertStillOwner, doneBefore });
    return await readRunSummary(engine, run.runId, config);
  } catch (found) {
    // Whoever lost the state writes nothing more to it: another start may be at work on this very run.
    if (!(await lock.isOurs())) throw takenOver(where);
    const error = signal.aborted ? stopReason(signal) : found;
    await recordFailedRun(engine, run, clock().toISOString(), failureFromError(error, config.secrets));
    throw error;
  }
}
