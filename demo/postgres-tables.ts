import type { Reference } from './silos.ts';
import type { ColumnKind, SiloTable } from './tables.ts';

/** The demo's tables in the words of PostgreSQL, for a server and for the one that is embedded. */
export function createTable(table: SiloTable): string {
  const columns = Object.entries(table.columns).map(([name, kind]) => `${quoted(name)} ${sqlTypes[kind]}`);
  const schema = table.name.split('.')[0] ?? '';
  return `create schema if not exists ${schema}; create table ${sqlName(table)} (${columns.join(', ')})`;
}

/** Statements for after the rows are in, when an index is built in one go. */
export function keysAndReferences(
  tables: readonly SiloTable[],
  references: readonly Reference[],
): readonly string[] {
  return [
    ...tables.map((table) => `alter table ${sqlName(table)} add primary key (${table.key.join(', ')})`),
    ...references.map(
      ({ table, column, parent }) =>
        `alter table ${sqlName(table)} add foreign key (${column}) references ${sqlName(parent)}`,
    ),
  ];
}

/** `"shop"."order"`: order is a reserved word. */
export function sqlName({ name }: SiloTable): string {
  return name.split('.').map(quoted).join('.');
}

const sqlTypes: Record<ColumnKind, string> = {
  text: 'text',
  integer: 'bigint',
  money: 'numeric(12, 2)',
  time: 'timestamptz',
  date: 'date',
  boolean: 'boolean',
};

function quoted(name: string): string {
  return `"${name}"`;
}
