import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteText } from '../../../connectors/engines/quote.ts';
import { areContradictory, type Contradiction } from './contradictions.ts';
import { forEachChunk } from './duckdb-rows.ts';

/** What the accounts of the session hold that one customer holds once. */
export interface ContradictionValues {
  /** Name of the comparison by which two nodes cannot be one customer; undefined where nothing says so. */
  contradict: (one: number, other: number) => string | undefined;
}

/** @param nodes SQL condition on `node`; by default all accounts count */
export async function contradictionValues(
  connection: DuckDBConnection,
  contradictions: readonly Contradiction[],
  nodes = 'true',
): Promise<ContradictionValues> {
  const all: { contradiction: Contradiction; byNode: Map<number, { value: string; within: string }> }[] = [];
  for (const contradiction of contradictions) {
    const { attribute, within, only } = contradiction;
    const byNode = new Map<number, { value: string; within: string }>();
    const counts = only === undefined ? 'is not null' : `in (${only.map(quoteText).join(', ')})`;
    const sql = `select node, ${attribute}, ${within ?? "''"} from accounts where ${attribute} ${counts} and ${nodes}`;
    await forEachChunk(connection, sql, (chunk, rows) => {
      for (let row = 0; row < rows; row += 1) {
        byNode.set(Number(chunk[0]?.[row]), {
          value: String(chunk[1]?.[row]),
          within: String(chunk[2]?.[row]),
        });
      }
    });
    all.push({ contradiction, byNode });
  }
  return {
    contradict: (one, other) =>
      all.find(({ contradiction, byNode }) => {
        const [left, right] = [byNode.get(one), byNode.get(other)];
        if (left === undefined || right === undefined || left.within !== right.within) return false;
        return areContradictory(contradiction.kind, left.value, right.value);
      })?.contradiction.comparison,
  };
}
