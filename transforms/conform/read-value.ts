import type { EntityColumnType } from '../../config/entities.ts';
import { quoteName, quoteText } from '../../connectors/engines/quote.ts';
import type { Column, ValueFormat } from '../../connectors/sources/source.ts';
import type { ColumnType } from './mapping.ts';

/** A raw column as an expression sees it: text as its type, moments in UTC. */
export function readAs(column: Column, type: ColumnType, timezone: string): string {
  const name = quoteName(column.name);
  if (column.type === 'timestamp') return `utc_timestamp(${name}, ${quoteText(timezone)})`;
  if (column.type === 'timestamptz') return `(${name} at time zone 'UTC')`;
  if (typeof column.type === 'object') return wide(name, column.type);
  if (column.type !== 'text' || type === 'text') return name;
  const value = textAs(type, name, column.valueFormat ?? {}, timezone);
  if (type === 'decimal(18,4)') return wide(value, { precision: 18, scale: 4 });
  return type === 'decimal(18,8)' ? wide(value, { precision: 18, scale: 8 }) : value;
}

/**
 * DuckDB keeps the product of two decimals of up to 18 digits in 18 digits, so that an amount of a million times a
 * rate with eight places has no room; of one with more, it takes 38.
 */
function wide(sql: string, { precision, scale }: { precision: number; scale: number }): string {
  return `cast(${sql} as decimal(${Math.max(precision, 20)}, ${scale}))`;
}

/** Text as a value of a type; null where it is no such value. */
export function textAs(
  type: ColumnType | EntityColumnType,
  text: string,
  { decimal, dateFormat }: ValueFormat,
  timezone: string,
): string {
  const comma = decimal === ',' ? '_comma' : '';
  const zone = quoteText(timezone);
  switch (type) {
    case 'text':
      return text;
    case 'integer':
      return `try_integer${comma}(${text})`;
    case 'money':
    case 'quantity':
    case 'decimal(18,4)':
      return `try_money${comma}(${text})`;
    case 'rate':
    case 'decimal(18,8)':
      return `try_rate${comma}(${text})`;
    case 'double':
      return `try_double${comma}(${text})`;
    case 'boolean':
      return `try_boolean(${text})`;
    case 'date':
      return dateFormat === undefined
        ? `try_date(${text})`
        : `try_date_format(${text}, ${quoteText(dateFormat)})`;
    case 'timestamp':
      return dateFormat === undefined
        ? `try_timestamp(${text}, ${zone})`
        : `try_timestamp_format(${text}, ${quoteText(dateFormat)}, ${zone})`;
  }
}
