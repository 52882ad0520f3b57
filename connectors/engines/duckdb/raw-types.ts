import type { Column, RawType } from '../../sources/source.ts';

/** The DuckDB type that holds a raw column. `timestamptz` keeps its zone, so that raw tells the two apart. */
export function duckdbType(type: RawType): string {
  return typeof type === 'object' ? `DECIMAL(${type.precision}, ${type.scale})` : plainTypes[type];
}

const plainTypes: Record<Exclude<RawType, object>, string> = {
  text: 'VARCHAR',
  boolean: 'BOOLEAN',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMPTZ',
};

/** Columns of a table by name, without regard to case, as DuckDB itself sees them. */
export function findColumn(columns: readonly Column[], name: string): Column | undefined {
  const wanted = name.toLowerCase();
  return columns.find((column) => column.name.toLowerCase() === wanted);
}
