import { quoteName } from '../quote.ts';
import type { DescribedColumn } from './describe-statement.ts';

/**
 * The SELECT with every text in the order of bytes, as on DuckDB, whatever the collation of the database is. Its
 * first line stays the first, so that `LINE n` of an error counts its lines.
 */
export function builtSelect(select: string, columns: readonly DescribedColumn[]): string {
  const list = columns.map(({ name, isCollatable }) => {
    const column = quoteName(name);
    return isCollatable ? `${column} collate "C" as ${column}` : column;
  });
  return `select ${list.join(', ')} from (${select}\n) as built`;
}
