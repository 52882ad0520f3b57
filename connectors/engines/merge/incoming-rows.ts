import type { Column } from '../../sources/source.ts';
import type { Engine, LandedTable, LoadStamp, TableName } from '../engine.ts';
import { postgresType } from '../postgres/raw-types.ts';
import { quoteName } from '../quote.ts';

/** The temporary table of the rows that come in, while they are merged. */
export const incoming = 'merge_incoming';

/** The landed rows with the columns of the table; `cast` where a type became wider. */
export function incomingSelect(
  engine: Engine,
  landed: LandedTable,
  stamp: LoadStamp,
  columns: readonly Column[],
): string {
  const list = columns.map((column) => {
    const found = landed.columns.find(({ name }) => isSameName(name, column.name));
    const value = found === undefined ? 'null' : `landed.${quoteName(found.name)}`;
    return `cast(${value} as ${castType(column)}) as ${quoteName(column.name)}`;
  });
  const place = landed.hasFile ? ['landed._row', 'landed._file'] : ['landed._row'];
  return `select ${[...list, ...place].join(', ')} from ${engine.landedRows(landed, stamp)} as landed`;
}

export function sameKey(one: string, other: string, key: readonly string[]): string {
  return key.map((name) => `${one}.${quoteName(name)} = ${other}.${quoteName(name)}`).join(' and ');
}

export async function ensureDeletedAt(engine: Engine, name: string): Promise<void> {
  await engine.run(`alter table ${name} add column if not exists _deleted_at timestamp`);
}

export function qualified({ schema, table }: TableName): string {
  return `${quoteName(schema)}.${quoteName(table)}`;
}

/** A collation is the column's, not the type's. */
export function castType({ type }: Column): string {
  return postgresType(type).replace(' collate "C"', '');
}

export function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
