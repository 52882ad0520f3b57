import type { RawType } from '../../sources/source.ts';

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
