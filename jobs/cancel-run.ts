import { setTimeout as wait } from 'node:timers/promises';
import { WhalecurveError } from '../config/error.ts';
import type { LoadedConfig } from '../config/schema.ts';
import type { LockHolder } from '../connectors/engines/lock.ts';
import { databaseName, openLock } from '../connectors/engines/open-engine.ts';
import { cancelled, failureFromError } from './failure.ts';
import type { RunMark } from './run-mark.ts';

const pollMs = 200;
const patienceMs = 30_000;

/**
 * Tells the run that goes on to stop, on whatever machine it is, and waits until it has ended: its command, and the
 * worker that has the state. Gives its id.
 *
 * @throws WC-RUN-007 where no run goes on, or it does not end within 30 s
 */
export async function cancelRun(config: LoadedConfig): Promise<string> {
  const locks = [openLock(config.warehouse, 'run'), openLock(config.warehouse, 'owner')];
  const holders = async () => (await Promise.all(locks.map((lock) => lock.holder()))).find(isThere);
  const holder = await holders();
  // A command that was killed left its workers to end the run: they look into Redis.
  const runId = holder?.runId ?? (await runOfWorkers(config));
  const where = databaseName(config.warehouse, 'state');
  if (runId === null) throw new WhalecurveError('WC-RUN-007', 'no run is going on', { where });
  await tellWorkers(config, runId);
  await Promise.all(locks.map((lock) => lock.askToStop(runId)));
  const until = performance.now() + patienceMs;
  for (let left = await holders(); left?.runId === runId; left = await holders()) {
    if (performance.now() > until) throw stubborn(left, where);
    await wait(pollMs);
  }
  return runId;
}

function runOfWorkers(config: LoadedConfig): Promise<string | null> {
  return withMark(config, (mark) => mark.goingOn());
}

async function tellWorkers(config: LoadedConfig, runId: string): Promise<void> {
  await withMark(config, (mark) => mark.stop(runId, failureFromError(cancelled(), [])));
}

/** null where the runner has no Redis. */
async function withMark<T>(config: LoadedConfig, work: (mark: RunMark) => Promise<T>): Promise<T | null> {
  if (config.runner.type !== 'bullmq') return null;
  const [{ openRedis }, { runMark }] = await Promise.all([import('./queue.ts'), import('./run-mark.ts')]);
  const redis = openRedis(config);
  try {
    return await work(runMark(redis, config));
  } finally {
    redis.disconnect();
  }
}

function stubborn({ runId, pid, host }: LockHolder, where: string): WhalecurveError {
  return new WhalecurveError('WC-RUN-007', `run ${runId} was told to stop and has not within 30 s`, {
    where,
    hint: `end process ${pid} on ${host}: the next run goes on where it was`,
  });
}

function isThere(holder: LockHolder | null): holder is LockHolder {
  return holder !== null;
}
