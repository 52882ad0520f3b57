import type { PublishedTable } from '../engine.ts';
import { quoteName, quoteText } from '../quote.ts';
import type { DescribedColumn } from './describe-statement.ts';
import type { PostgresSession } from './session.ts';

/** Says of the table and its columns what analysts read there, where it is not said already. */
export async function writeComments(
  session: PostgresSession,
  path: string,
  table: PublishedTable,
  columns: readonly DescribedColumn[],
): Promise<void> {
  const { rows } = await session.rows(
    `select attname, col_description(attrelid, attnum) from pg_catalog.pg_attribute
     where attrelid = cast($1 as regclass) and attnum > 0 and not attisdropped
     union all
     select '', obj_description(cast($1 as regclass), 'pg_class')`,
    [path],
  );
  const known = new Map(rows.map(([name, text]) => [name ?? '', text ?? '']));
  // Each statement takes a lock that keeps vacuum and index builds out: only what differs is said again.
  if (known.get('') !== table.comment) {
    await session.run(`comment on table ${path} is ${quoteText(table.comment)}`);
  }
  for (const { name } of columns) {
    const text = table.columnComments[name] ?? '';
    if (known.get(name) === text) continue;
    await session.run(`comment on column ${path}.${quoteName(name)} is ${quoteText(text)}`);
  }
}
