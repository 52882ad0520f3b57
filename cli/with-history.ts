import { WhalecurveError } from '../config/error.ts';
import type { LoadedConfig } from '../config/schema.ts';
import type { Engine } from '../connectors/engines/engine.ts';
import { type Database, databaseExists } from '../connectors/engines/open-engine.ts';
import { noRun } from '../jobs/run-summary.ts';
import { withEngine } from '../transforms/with-engine.ts';

export interface History {
  engine: Engine;
  /** `warehouse` while a run has the state: then it ends with the last run that published. */
  from: Database;
  schema: 'whalecurve' | 'warehouse';
}

/**
 * Opens the run history for `work`: that of the state, or, where a run has that to itself, its copy in the warehouse.
 *
 * @throws WC-RUN-003 where there is none yet; WC-ENGINE-001 during the first run of all
 */
export async function withHistory<T>(
  config: LoadedConfig,
  work: (history: History) => Promise<T>,
): Promise<T> {
  try {
    return await within('state', config, work);
  } catch (error) {
    const isLocked = error instanceof WhalecurveError && error.code === 'WC-ENGINE-001';
    if (!isLocked || !(await databaseExists(config.warehouse, 'warehouse'))) throw error;
    return await within('warehouse', config, work);
  }
}

async function within<T>(
  database: Database,
  config: LoadedConfig,
  work: (history: History) => Promise<T>,
): Promise<T> {
  const { warehouse } = config;
  if (!(await databaseExists(warehouse, database))) throw noRun(config);
  const schema = database === 'state' ? 'whalecurve' : 'warehouse';
  return withEngine(warehouse, { database, isReadOnly: true }, (engine) =>
    work({ engine, from: database, schema }),
  );
}
