import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteText } from '../quote.ts';

/** Rows of a table from which threads and compression pay. */
const smallRows = 10_000;

/** Whether every table of the database is small still. */
export interface SmallState {
  /** To be told of each table that was built, or is about to be. */
  grew(rows: number): Promise<void>;
}

/**
 * As long as every table is small, one thread and no compression: threads that find no work turn in circles while they
 * wait for some (a night of two rows took 2.3 CPU s with two threads, 1.9 with one), and choosing how to compress a
 * hundred tables of two rows takes half of the checkpoint.
 *
 * @param threads as configured; default: one for each core
 */
export async function startSmall(
  connection: DuckDBConnection,
  catalog: string,
  threads: number | undefined,
): Promise<SmallState> {
  const largest = await connection.runAndReadAll(
    `select coalesce(max(estimated_size), 0) from duckdb_tables() where database_name = ${quoteText(catalog)}`,
  );
  let isSmall = Number(largest.getRows()[0]?.[0]) < smallRows;
  if (isSmall) await connection.run(`set threads = 1; set force_compression = 'uncompressed'`);
  return {
    async grew(rows) {
      if (!isSmall || rows < smallRows) return;
      isSmall = false;
      await connection.run(threads === undefined ? 'reset threads' : `set threads = ${threads}`);
      await connection.run(`set force_compression = 'auto'`);
    },
  };
}
