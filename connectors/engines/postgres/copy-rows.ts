import { Readable } from 'node:stream';
import type { Cell } from '../engine.ts';
import { quoteName } from '../quote.ts';
import { copyIn } from './copy-in.ts';
import type { PostgresSession } from './session.ts';

/** Makes `table` and fills it with rows of the program by COPY; gives their number. */
export async function copyRows(
  session: PostgresSession,
  table: string,
  types: Readonly<Record<string, string>>,
  batches: AsyncIterable<readonly (readonly Cell[])[]>,
): Promise<number> {
  const definitions = Object.entries(types).map(([column, type]) => {
    // As built tables have it: in the order of bytes, whatever the database's own.
    return `${quoteName(column)} ${type}${type === 'text' ? ' collate "C"' : ''}`;
  });
  await session.run(`create table ${table} (${definitions.join(', ')})`);
  let rows = 0;
  async function* lines() {
    for await (const batch of batches) {
      rows += batch.length;
      yield Buffer.from(batch.map((row) => `${row.map(csvCell).join(',')}\n`).join(''));
    }
  }
  await copyIn(session, table, Object.keys(types), Readable.from(lines()), {
    signal: new AbortController().signal,
    through: [],
    refusal: (cause) => session.failure(cause, { where: table }),
  });
  return rows;
}

/** In the format that COPY reads by default: null is nothing, and the empty text stands in quotes. */
function csvCell(cell: Cell): string {
  return cell === null ? '' : `"${String(cell).replaceAll('"', '""')}"`;
}
