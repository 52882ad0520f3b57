import type { Cell } from '../engine.ts';
import { arrayItems, elementTypes } from './array-text.ts';

/** OIDs of built-in types: pg_type.dat of PostgreSQL; they never change. */
const boolean = 16;
const bytes = 17;
const integers = new Set([21, 23, 26]);
const doubles = new Set([700, 701]);
const date = 1082;
const timestamp = 1114;
const timestamptz = 1184;

/**
 * One value as JSON can hold it without loss, the same as on DuckDB: decimals and 64-bit integers as text, times
 * ISO 8601 in UTC, bytes in hexadecimal, arrays as JSON text, NaN and the infinities by name. `text` is what the
 * server writes in a session with our settings.
 */
export function cellOf(text: string | null, type: number): Cell {
  if (text === null) return null;
  if (type === boolean) return text === 't';
  if (integers.has(type)) return Number(text);
  if (doubles.has(type)) return Number.isFinite(Number(text)) ? Number(text) : text;
  if (type === date) return dayOf(text);
  if (type === timestamp || type === timestamptz) return momentOf(text);
  if (type === bytes) return text.replace(/^\\x/, '');
  const element = elementTypes.get(type);
  if (element !== undefined) return JSON.stringify(arrayItems(text, (item) => cellOf(item, element)));
  // Decimals, large integers, times, intervals and the rest: their text is their value.
  return text;
}

function momentOf(text: string): string {
  const [, day, time, before = ''] = /^(\d+-\d\d-\d\d) ([\d:.]+)(?:\+00)?( BC)?$/.exec(text) ?? [];
  return day === undefined || time === undefined ? text : `${dayOf(day + before)}T${time}Z`;
}

/** ISO 8601 counts 1 BC as year 0, and gives years beyond four digits a sign and six of them. */
function dayOf(text: string): string {
  const [, digits, rest = '', isBefore] = /^(\d+)(-\d\d-\d\d)( BC)?$/.exec(text) ?? [];
  if (digits === undefined) return text;
  const year = isBefore === undefined ? Number(digits) : 1 - Number(digits);
  if (year >= 0 && year <= 9999) return `${String(year).padStart(4, '0')}${rest}`;
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}${rest}`;
}
