import { WhalecurveError } from '../../config/error.ts';
import { findColumn } from '../sources/find-column.ts';
import type { Column, RawType } from '../sources/source.ts';

/** Columns that landing and loading add to those of the source. */
export const addedColumns: readonly Column[] = [
  { name: '_row', type: 'bigint', sourceType: 'bigint' },
  { name: '_file', type: 'text', sourceType: 'text' },
  { name: '_extracted_at', type: 'timestamp', sourceType: 'timestamp' },
  { name: '_run_id', type: 'text', sourceType: 'text' },
  { name: '_deleted_at', type: 'timestamp', sourceType: 'timestamp' },
];

/** @throws WC-SOURCE-005 where the key names what is no column; `subject` is the table as the config names it */
export function keyColumn(columns: readonly Column[], name: string, subject: string): Column {
  const found = findColumn([...columns, ...addedColumns], name);
  if (found !== undefined) return found;
  throw new WhalecurveError('WC-SOURCE-005', `the key names ${name}, which is no column of the table`, {
    where: subject,
    hint: `columns: ${columns.map((column) => column.name).join(', ')}`,
  });
}

/**
 * DuckDB compares names without regard to case, so that `Id` and `ID` cannot be columns of one table; what one
 * engine cannot hold is refused on both.
 */
export function refuseUnholdableNames(columns: readonly Column[], subject: string): void {
  const seen = new Map(addedColumns.map(({ name }) => [name, name]));
  for (const { name } of columns) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) {
      const isAdded = findColumn(addedColumns, name) !== undefined;
      const message = isAdded
        ? `the column ${name} has the name of one that every raw table gets`
        : `the columns ${other} and ${name} differ only in case`;
      throw new WhalecurveError('WC-SOURCE-008', message, {
        where: subject,
        hint: 'give it another name: in a `query:` for a database, in the header of a file',
      });
    }
    seen.set(name.toLowerCase(), name);
  }
}

/** The columns of all parts, each once; where parts differ in its type, it is text. */
export function withColumnsOf(columns: readonly Column[], more: readonly Column[]): Column[] {
  const known = columns.map((column) => {
    const other = findColumn(more, column.name);
    const isSame = other === undefined || isSameType(other.type, column.type);
    return isSame ? column : { ...column, type: 'text' as const };
  });
  return [...known, ...more.filter(({ name }) => findColumn(columns, name) === undefined)];
}

export function isSameType(one: RawType, other: RawType): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  return one.precision === other.precision && one.scale === other.scale;
}
