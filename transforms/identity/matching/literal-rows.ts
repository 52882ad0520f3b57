import type { Cell } from '../../../connectors/engines/engine.ts';
import { quoteText } from '../../../connectors/engines/quote.ts';

/** SELECT in the common dialect of some rows that are there as values; `columns` are names with their types. */
export function literalRows(
  columns: Readonly<Record<string, string>>,
  rows: readonly (readonly Cell[])[],
): string {
  const names = Object.entries(columns);
  const cells = rows.length === 0 ? [names.map(() => null)] : rows;
  const values = cells.map((row) => `(${row.map(literal).join(', ')})`);
  const list = names.map(([name, type], index) => `cast(c${index} as ${type}) as ${name}`);
  return `select ${list.join(', ')} from (values ${values.join(', ')}) as written (${names.map((_, index) => `c${index}`).join(', ')})
    ${rows.length === 0 ? 'where 1 = 0' : ''}`;
}

/** As text, which each engine casts alike; a double is written so that it is read back as it was. */
function literal(cell: Cell): string {
  return cell === null ? 'cast(null as text)' : `cast(${quoteText(String(cell))} as text)`;
}
