import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Cell } from '../engine.ts';

/** One value as JSON can hold it without loss: decimals and 64-bit integers as text, times ISO 8601 UTC. */
export function cellOf(value: DuckDBValue): Cell {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return value;
  }
  if (typeof value === 'bigint' || value instanceof DuckDBDecimalValue) return value.toString();
  if (value instanceof DuckDBTimestampValue) return `${value.toString().replace(' ', 'T')}Z`;
  if (value instanceof DuckDBTimestampTZValue) {
    return `${new DuckDBTimestampValue(value.micros).toString().replace(' ', 'T')}Z`;
  }
  if (value instanceof DuckDBDateValue) return value.toString();
  return String(value);
}
