import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * A DuckDB in memory beside the state, with the memory limit of the warehouse and its folder for what does not fit: for work
 * that must give the same whatever the engine is. Rows go to and fro by files.
 */
export interface Scratch {
  readonly connection: DuckDBConnection;
  /** Where a DuckDB file may be kept beside the state, for what can be made anew at any time; undefined where nothing is kept. */
  readonly cachePath: string | undefined;
  /** Makes the scratch's table `name` of the rows of a SELECT on the engine. */
  take(name: string, select: string): Promise<void>;
  /** Replaces the engine's table by the rows of a SELECT on the scratch; gives their number. */
  give(table: { schema: string; table: string }, select: string): Promise<number>;
  close(): Promise<void>;
}
