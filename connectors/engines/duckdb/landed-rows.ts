import type { Column } from '../../sources/source.ts';
import { quoteName, quoteText } from '../quote.ts';
import { duckdbType } from './raw-types.ts';

/** A SELECT that gives the landed rows in order of arrival: the source's columns, `_row`, for files `_file`. */
export function landedRows(paths: readonly string[], columns: readonly Column[], hasFile: boolean): string {
  const list = columns.map(
    ({ name, type }) => `cast(${quoteName(name)} as ${duckdbType(type)}) as ${quoteName(name)}`,
  );
  list.push('file_row_number + 1 as _row');
  if (hasFile) list.push('_file');
  const files = paths.map(quoteText).join(', ');
  return `select ${list.join(', ')}
    from read_parquet([${files}], union_by_name = true, file_row_number = true)`;
}
