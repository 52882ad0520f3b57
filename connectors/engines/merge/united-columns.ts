import { findColumn } from '../../sources/find-column.ts';
import type { Column, RawType } from '../../sources/source.ts';
import { isSameType } from '../landed-columns.ts';

/** What becomes of the columns of a raw table when rows of other columns come. */
export interface UnitedColumns {
  /** Those that the table has afterwards: all that it had, in their order, then the new ones. */
  columns: Column[];
  added: readonly Column[];
  /** Columns that the rows no longer have; the table keeps them, and new rows have no value there. */
  vanished: readonly Column[];
  changed: readonly { before: Column; after: Column }[];
}

/** In place of the source's word: a column that comes back has another one, and so is read again. */
const goneType = 'gone';

export function unitedColumns(before: readonly Column[], landed: readonly Column[]): UnitedColumns {
  const changed: { before: Column; after: Column }[] = [];
  const kept = before.map((column) => {
    const now = findColumn(landed, column.name);
    if (now === undefined) return { ...column, sourceType: goneType };
    const type = unitedType(column.type, now.type);
    const after = { ...now, name: column.name, type };
    if (!isSameType(type, column.type)) changed.push({ before: column, after });
    return after;
  });
  const added = landed.filter(({ name }) => findColumn(before, name) === undefined);
  return {
    columns: [...kept, ...added],
    added,
    vanished: before.filter(
      ({ name, sourceType }) => sourceType !== goneType && findColumn(landed, name) === undefined,
    ),
    changed,
  };
}

/** Each whole number that one holds is held by those behind it. */
const wholeNumbers = ['boolean', 'integer', 'bigint'];
const wholeDigits: Readonly<Record<string, number>> = { boolean: 1, integer: 10, bigint: 19 };
const mostDigits = 38;

/** The narrowest type that holds the values of both without loss; what has none is text. */
export function unitedType(one: RawType, other: RawType): RawType {
  if (isSameType(one, other)) return one;
  if (typeof one === 'string' && typeof other === 'string') {
    const [first, second] = [wholeNumbers.indexOf(one), wholeNumbers.indexOf(other)];
    if (first >= 0 && second >= 0) return first > second ? one : other;
    return isDoubleAndInteger(one, other) || isDoubleAndInteger(other, one) ? 'double' : 'text';
  }
  const [a, b] = [asDecimal(one), asDecimal(other)];
  if (a === null || b === null) return 'text';
  const scale = Math.max(a.scale, b.scale);
  const precision = scale + Math.max(a.precision - a.scale, b.precision - b.scale);
  return precision <= mostDigits ? { precision, scale } : 'text';
}

/** A double holds each integer of 32 bits. */
function isDoubleAndInteger(one: RawType, other: RawType): boolean {
  return one === 'double' && (other === 'integer' || other === 'boolean');
}

function asDecimal(type: RawType): { precision: number; scale: number } | null {
  if (typeof type === 'object') return type;
  const digits = wholeDigits[type];
  return digits === undefined ? null : { precision: digits, scale: 0 };
}
