import { basename, dirname, join } from 'node:path';
import type { Config } from '../../config/schema.ts';
import { openDuckdb } from './duckdb/duckdb-engine.ts';
import { duckdbLanding } from './duckdb/duckdb-landing.ts';
import type { Engine, Landing } from './engine.ts';

/** `warehouse` of the config; its paths are absolute. */
export type WarehouseConfig = Config['warehouse'];

export interface EngineOptions {
  /** SQL that defines the functions of the common dialect on this engine (transforms/prelude). */
  prelude: string;
  /** `state` (the default): where a run works. `warehouse`: what analysts read. */
  database?: 'state' | 'warehouse';
  /** For questions of users: nothing can be changed, and no file beside the database can be read. */
  isReadOnly?: boolean;
}

/**
 * The engine that the config chose: the one place that knows which there are.
 *
 * @throws WC-ENGINE-001 if another process has the database, WC-ENGINE-004 if the file is none
 */
export function openEngine(warehouse: WarehouseConfig, options: EngineOptions): Promise<Engine> {
  switch (warehouse.engine) {
    case 'duckdb':
      return openDuckdb({
        databasePath: options.database === 'warehouse' ? warehouse.path : statePath(warehouse),
        warehousePath: warehouse.path,
        memoryLimit: warehouse.memory_limit,
        threads: warehouse.threads,
        spillPrefix: spillPrefix(warehouse),
        isReadOnly: options.isReadOnly ?? false,
        prelude: options.prelude,
      });
  }
}

/** What takes the bytes of the sources for that engine. */
export function openLanding(warehouse: WarehouseConfig): Landing {
  switch (warehouse.engine) {
    case 'duckdb':
      return duckdbLanding({
        memoryLimit: warehouse.memory_limit,
        threads: warehouse.threads,
        spillPrefix: spillPrefix(warehouse),
        maxLineBytes: warehouse.max_line_mb === undefined ? undefined : warehouse.max_line_mb * 1024 * 1024,
      });
  }
}

/** The file in which a run works; analysts never open it. */
export function statePath({ path, state }: WarehouseConfig): string {
  return state ?? join(dirname(path), 'state.duckdb');
}

/** Folders for what does not fit in memory start with this path; each process has its own. */
function spillPrefix(warehouse: WarehouseConfig): string {
  const state = statePath(warehouse);
  return `${warehouse.spill === undefined ? state : join(warehouse.spill, basename(state))}.spill`;
}
