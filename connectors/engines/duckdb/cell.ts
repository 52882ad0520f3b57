import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Cell } from '../engine.ts';

/**
 * One value as JSON can hold it without loss: decimals and 64-bit integers as text, times ISO 8601 in UTC,
 * blobs in hexadecimal, lists, structs and maps as JSON text, NaN and the infinities by name.
 */
export function cellOf(value: DuckDBValue): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof DuckDBDateValue) return dateOf(value);
  if (isTimestamp(value)) return momentOf(value);
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('hex');
  if (value instanceof DuckDBUnionValue) return cellOf(value.value);
  if (isNested(value)) return JSON.stringify(jsonOf(value));
  // Decimals, large integers, times, intervals, UUIDs and bits: their text is their value.
  return String(value);
}

type Timestamp =
  | DuckDBTimestampValue
  | DuckDBTimestampTZValue
  | DuckDBTimestampSecondsValue
  | DuckDBTimestampMillisecondsValue
  | DuckDBTimestampNanosecondsValue;

type Nested = DuckDBListValue | DuckDBArrayValue | DuckDBStructValue | DuckDBMapValue;

type Json = Cell | Json[] | { [name: string]: Json };

function isTimestamp(value: DuckDBValue): value is Timestamp {
  return (
    value instanceof DuckDBTimestampValue ||
    value instanceof DuckDBTimestampTZValue ||
    value instanceof DuckDBTimestampSecondsValue ||
    value instanceof DuckDBTimestampMillisecondsValue ||
    value instanceof DuckDBTimestampNanosecondsValue
  );
}

function isNested(value: DuckDBValue): value is Nested {
  return (
    value instanceof DuckDBListValue ||
    value instanceof DuckDBArrayValue ||
    value instanceof DuckDBStructValue ||
    value instanceof DuckDBMapValue
  );
}

function dateOf(value: DuckDBDateValue): string {
  // The driver prints the infinite dates as days of the calendar.
  if (!value.isFinite) return value.days > 0 ? 'infinity' : '-infinity';
  return isoDay(value.toString());
}

function momentOf(value: Timestamp): string {
  const utc = value instanceof DuckDBTimestampTZValue ? new DuckDBTimestampValue(value.micros) : value;
  const text = utc.toString();
  const at = text.lastIndexOf(' ');
  return at < 0 ? text : `${isoDay(text.slice(0, at))}T${text.slice(at + 1)}Z`;
}

/** ISO 8601 counts 1 BC as year 0, and gives years beyond four digits a sign and six of them. */
function isoDay(text: string): string {
  const [, digits = '', rest = '', isBefore] = /^(\d+)(-\d\d-\d\d)( \(BC\))?$/.exec(text) ?? [];
  const year = isBefore === undefined ? Number(digits) : 1 - Number(digits);
  if (year >= 0 && year <= 9999) return `${String(year).padStart(4, '0')}${rest}`;
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}${rest}`;
}

function jsonOf(value: DuckDBValue): Json {
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(jsonOf);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, entry]) => [name, jsonOf(entry)]));
  }
  if (value instanceof DuckDBMapValue) {
    return Object.fromEntries(
      value.entries.map(({ key, value: entry }) => [String(cellOf(key)), jsonOf(entry)]),
    );
  }
  if (value instanceof DuckDBUnionValue) return jsonOf(value.value);
  return cellOf(value);
}
