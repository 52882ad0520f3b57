import type { LoadedConfig } from '../../config/schema.ts';
import type { Engine } from '../../connectors/engines/engine.ts';
import { databaseExists, openLock } from '../../connectors/engines/open-engine.ts';
import { noRun } from '../../jobs/run-summary.ts';
import { withEngine } from '../../transforms/with-engine.ts';

/**
 * Looks into the state of the last run, and changes nothing.
 *
 * @throws WC-RUN-003 before the first run, WC-ENGINE-001 while a run has the state of engine `duckdb`
 */
export async function readingState<T>(
  config: LoadedConfig,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  await refuseBeforeFirstRun(config);
  return withEngine(config.warehouse, { isReadOnly: true }, work);
}

/**
 * Changes the state between two runs: holds the lock of a run meanwhile, under the name of the command.
 *
 * @throws WC-RUN-001 while a run goes on, WC-RUN-003 before the first
 */
export async function changingState<T>(
  config: LoadedConfig,
  { name, now }: { name: string; now: Date },
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  await refuseBeforeFirstRun(config);
  const lock = await openLock(config.warehouse, 'run').acquire(name, now);
  try {
    return await withEngine(config.warehouse, {}, work);
  } finally {
    await lock.release();
  }
}

async function refuseBeforeFirstRun(config: LoadedConfig): Promise<void> {
  if (!(await databaseExists(config.warehouse, 'state'))) throw noRun(config);
}
