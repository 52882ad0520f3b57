import type { RawType } from '../../sources/source.ts';

/** The PostgreSQL type that holds a raw column; texts in the order of bytes, as on DuckDB. */
export function postgresType(type: RawType): string {
  return typeof type === 'object' ? `numeric(${type.precision}, ${type.scale})` : plainTypes[type];
}

const plainTypes: Record<Exclude<RawType, object>, string> = {
  text: 'text collate "C"',
  boolean: 'boolean',
  integer: 'integer',
  bigint: 'bigint',
  double: 'double precision',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
};
