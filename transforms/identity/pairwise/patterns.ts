import type { DuckDBConnection } from '@duckdb/node-api';
import { readColumns } from './duckdb-rows.ts';

/**
 * Compared pairs grouped by what they have in common, which is all that learning needs: some ten thousand patterns
 * stand for millions of pairs. Column by column.
 */
export interface Patterns {
  /** Pairs of the pattern. */
  count: ArrayLike<number>;
  /** Bit i: some blocking rule that finds the pair says nothing about comparison i. */
  free: ArrayLike<number>;
  /** In bits, in steps of `rarityStep`. */
  rarity: ArrayLike<number>;
  /** By comparison, then pattern: the level, 1 for the first, 0 where it is missing. */
  levels: readonly ArrayLike<number>[];
}

const rarityStep = 0.5;

export async function readPatterns(
  connection: DuckDBConnection,
  table: string,
  comparisons: number,
): Promise<Patterns> {
  const names = Array.from({ length: comparisons }, (_, index) => `c${index}`).join(', ');
  const [count = [], free = [], steps = [], ...levels] = await readColumns(
    connection,
    `select count(*), free, (round(rarity / ${rarityStep}))::integer as step, ${names}
     from ${table} group by free, step, ${names} order by free, step, ${names}`,
    3 + comparisons,
  );
  return { count, free, rarity: Float64Array.from(steps, (step) => step * rarityStep), levels };
}
