import type { Landing } from '../connectors/engines/engine.ts';
import { openLanding } from '../connectors/engines/open-engine.ts';
import type { Job, Outcome, RunStart, WorkerJob } from './job.ts';
import { runFolder } from './run-folder.ts';
import type { RunSummary } from './run-summary.ts';
import { ownState, type RunSetting } from './state-owner.ts';
import { runWorkerJob } from './worker-job.ts';

/** Sources read at the same time: one waits for its database while another's bytes are parsed. */
const sourcesAtOnce = 3;

/** Runs the whole graph in this process, without any server. */
export async function runInline(
  run: RunStart,
  graph: readonly Job[],
  setting: RunSetting & { landing?: Landing },
): Promise<RunSummary> {
  const stop = new AbortController();
  const signal = AbortSignal.any([setting.signal, stop.signal]);
  const landing = setting.landing ?? openLanding(setting.config.warehouse);
  const folder = runFolder(setting.config, run.runId);
  const outcomes = startedInTurn(
    graph.filter((job) => job.lane === 'worker'),
    // One that fails leaves the others alone: what they read need not be read again when the run goes on.
    (job) => runWorkerJob(job, { ...setting, run, folder, landing, signal }),
  );
  try {
    return await ownState(run, graph, outcomes, setting);
  } finally {
    stop.abort();
    await Promise.all(outcomes);
  }
}

/** Starts the jobs in order, a few at once; gives the promise of each. */
function startedInTurn(
  jobs: readonly WorkerJob[],
  work: (job: WorkerJob) => Promise<Outcome>,
): Promise<Outcome>[] {
  const outcomes: Promise<Outcome>[] = [];
  const active = new Set<Promise<unknown>>();
  let turn: Promise<unknown> = Promise.resolve();
  for (const job of jobs) {
    turn = turn.then(async () => {
      while (active.size >= sourcesAtOnce) await Promise.race(active);
    });
    outcomes.push(
      turn.then(() => {
        const running = work(job);
        const done: Promise<unknown> = running.then(() => active.delete(done));
        active.add(done);
        return running;
      }),
    );
  }
  return outcomes;
}
