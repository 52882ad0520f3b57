import type { Config } from '../../config/schema.ts';
import type { PublishedTable } from './engine.ts';

/** `warehouse` of the config; its paths are absolute. */
export type WarehouseConfig = Config['warehouse'];
export type DuckdbWarehouse = Extract<WarehouseConfig, { engine: 'duckdb' }>;
export type PostgresWarehouse = Extract<WarehouseConfig, { engine: 'postgres' }>;

/** `state`: where a run works. `warehouse`: what analysts read. */
export type Database = 'state' | 'warehouse';

export interface EngineOptions {
  /** SQL that defines the functions of the common dialect on this engine (transforms/prelude). */
  prelude: string;
  /** Default: `state`. */
  database?: Database;
  /** For questions of users: nothing can be changed, and no file beside the database can be read. */
  isReadOnly?: boolean;
  /** With `state`, read-only: these tables are also there under the names of schema `warehouse`. */
  candidate?: readonly PublishedTable[];
}
