import { type DuckDBConnection, DuckDBDataChunkWriter } from '@duckdb/node-api';
import type { Cell } from '../engine.ts';
import { quoteName } from '../quote.ts';

/** Rows between two looks at the stream: bounds what is held. */
const rowsPerFlush = 20_000;

/** Appends rows of the program to the temporary table `name`, whose columns are all text. */
export async function appendRows(
  connection: DuckDBConnection,
  name: string,
  columns: readonly string[],
  batches: AsyncIterable<readonly (readonly Cell[])[]>,
): Promise<void> {
  const definitions = columns.map((column) => `${quoteName(column)} varchar`);
  await connection.run(`create or replace temp table ${quoteName(name)} (${definitions.join(', ')})`);
  const appender = await connection.createAppender(name, 'main', 'temp');
  try {
    const writer = DuckDBDataChunkWriter.forAppender(appender);
    let waiting = 0;
    for await (const batch of batches) {
      for (const row of batch) writer.appendRow(row.map((cell) => (cell === null ? null : String(cell))));
      waiting += batch.length;
      if (waiting < rowsPerFlush) continue;
      writer.flush();
      appender.flushSync();
      waiting = 0;
    }
    writer.flush();
  } finally {
    appender.closeSync();
  }
}

/** A SELECT that gives the appended rows their types. */
export function typedRows(name: string, types: Readonly<Record<string, string>>): string {
  const cells = Object.entries(types).map(
    ([column, type]) => `cast(${quoteName(column)} as ${type}) as ${quoteName(column)}`,
  );
  return `select ${cells.join(', ')} from temp.main.${quoteName(name)}`;
}
