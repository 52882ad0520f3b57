import type { DuckDBConnection } from '@duckdb/node-api';
import { forEachChunk } from './duckdb-rows.ts';

/** What it says that two clusters, put together, would hold second accounts in a source. */
export interface SecondAccounts {
  /** By node: the number of its source, -1 where it has none. */
  sourceOf: ArrayLike<number>;
  /** By source: evidence in bits of a second account in it, 0 or below. */
  bits: readonly number[];
}

/** Accounts of a cluster by the number of their source. */
export type SourceCounts = ReadonlyMap<number, number>;

export function countOfNode({ sourceOf }: SecondAccounts, node: number): SourceCounts {
  const source = sourceOf[node] ?? -1;
  return source < 0 ? new Map() : new Map([[source, 1]]);
}

export function bothCounts(ones: SourceCounts, others: SourceCounts): SourceCounts {
  const both = new Map(ones);
  for (const [source, accounts] of others) both.set(source, (both.get(source) ?? 0) + accounts);
  return both;
}

/**
 * Evidence in bits, 0 or below, that the average over the pairs of two clusters lacks. Within a source each pair has it, but most pairs
 * are across sources, and the larger the clusters the less of it is left. That one source has a customer twice happens, and the average
 * says enough; that several have, each by its own mistake, is as unlikely as all of them together, so that each further one counts in
 * full. The one that says most is left to the average.
 *
 * @param pairs undefined where no average has any of it
 */
export function missingInAverage(
  { bits }: SecondAccounts,
  ones: SourceCounts,
  others: SourceCounts,
  pairs = Number.POSITIVE_INFINITY,
): number {
  let [sum, strongest] = [0, 0];
  for (const [source, accounts] of ones) {
    const within = accounts * (others.get(source) ?? 0);
    if (within === 0) continue;
    const missing = (bits[source] ?? 0) * (1 - within / pairs);
    sum += missing;
    strongest = Math.min(strongest, missing);
  }
  return sum - strongest;
}

/** The sources of the session's accounts by node, numbered in the order of `bits`. Sources that are not in it have none. */
export async function readSources(
  connection: DuckDBConnection,
  bits: ReadonlyMap<string, number>,
  accounts: number,
  nodes = 'true',
): Promise<SecondAccounts | undefined> {
  if (Array.from(bits.values()).every((value) => value >= 0)) return undefined;
  const numbers = new Map(Array.from(bits.keys(), (name, index) => [name, index]));
  const sourceOf = new Int16Array(accounts).fill(-1);
  await forEachChunk(
    connection,
    `select node, source from accounts where source is not null and ${nodes}`,
    (chunk, rows) => {
      for (let row = 0; row < rows; row += 1) {
        sourceOf[Number(chunk[0]?.[row])] = numbers.get(String(chunk[1]?.[row])) ?? -1;
      }
    },
  );
  return { sourceOf, bits: Array.from(bits.values(), (value) => Math.min(0, value)) };
}
