import type { Engine, TableName } from '../../connectors/engines/engine.ts';

/** Separates cells and rows: control characters that no value of a dictionary holds (ASCII unit and record separator). */
const unit = '\u001f';
const record = '\u001e';

/**
 * Appends rows of text to a table of text columns as one parameter that the engine splits, which is some
 * hundred times faster than a parameter per cell. The empty text is null.
 */
export async function appendLines(
  engine: Engine,
  { schema, table }: TableName,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<void> {
  if (rows.length === 0) return;
  const cells = columns.map(
    (name, index) => `nullif(split_part(line.cells, chr(31), ${index + 1}), '') as ${name}`,
  );
  await engine.run(
    `insert into ${schema}.${table} (${columns.join(', ')})
     select ${cells.join(', ')}
     from unnest(string_to_array(cast($1 as text), chr(30))) as line (cells)`,
    [rows.map((row) => row.join(unit)).join(record)],
  );
}

export function holdsSeparator(text: string): boolean {
  return text.includes(unit) || text.includes(record);
}
