import type { EntityColumnType } from '../../config/entities.ts';
import { quoteText } from '../../connectors/engines/quote.ts';
import type { ValueFormat } from '../../connectors/sources/source.ts';
import { sqlTypes } from './entity-table.ts';
import { textAs } from './read-value.ts';

/**
 * What kind of value an SQL expression gives. `moment` is a timestamp on the clock of the source, `utc` one in
 * UTC, `zoned` one that knows its zone.
 */
export type ValueKind =
  | 'text'
  | 'whole'
  | 'decimal'
  | 'double'
  | 'boolean'
  | 'date'
  | 'moment'
  | 'utc'
  | 'zoned'
  | 'time'
  | 'null';

/** The kind behind an engine's word for a type; null for what no entity column can hold (lists, blobs). */
export function kindOfSqlType(type: string): ValueKind | null {
  const word = type.toUpperCase();
  if (/^(VARCHAR|TEXT|CHARACTER|ENUM|UUID)/.test(word)) return 'text';
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$|^INT\d|_LITERAL$/.test(word)) return 'whole';
  if (/^(DECIMAL|NUMERIC)/.test(word)) return 'decimal';
  if (/^(DOUBLE|FLOAT|REAL)/.test(word)) return 'double';
  if (word === 'BOOLEAN') return 'boolean';
  if (word === 'DATE') return 'date';
  if (/^TIMESTAMP(_[A-Z]+)?( WITHOUT TIME ZONE)?$/.test(word)) return 'moment';
  if (/^TIMESTAMP.*WITH TIME ZONE$|^TIMESTAMPTZ$/.test(word)) return 'zoned';
  if (/^TIME( WITHOUT TIME ZONE)?$/.test(word)) return 'time';
  return word.includes('NULL') ? 'null' : null;
}

export interface Conversion {
  /** Format of text, where the value is the text of a file. */
  valueFormat: ValueFormat;
  timezone: string;
}

/**
 * SQL that makes a value of some kind one of the entity column's type, null where it cannot; null instead
 * of SQL where no value of that kind can be one.
 */
export function convertValue(
  sql: string,
  kind: ValueKind,
  type: EntityColumnType,
  { valueFormat, timezone }: Conversion,
): string | null {
  if (kind === 'null') return `cast(${sql} as ${sqlTypes[type]})`;
  if (kind === 'zoned') {
    return convertValue(`(${sql} at time zone 'UTC')`, 'utc', type, { valueFormat, timezone });
  }
  if (kind === 'text') return textAs(type, sql, valueFormat, timezone);
  const isNumber = kind === 'whole' || kind === 'decimal' || kind === 'double';
  switch (type) {
    case 'text':
      return kind === 'double' ? `double_as_text(${sql})` : `cast(${sql} as text)`;
    case 'money':
    case 'quantity':
      return isNumber ? `fit_money(${sql})` : null;
    case 'rate':
      return isNumber ? `fit_rate(${sql})` : null;
    case 'integer':
      return isNumber ? `fit_integer(${sql})` : null;
    case 'timestamp':
      if (kind === 'utc') return `fit_timestamp(${sql})`;
      return kind === 'date' || kind === 'moment'
        ? `fit_timestamp(utc_timestamp(${sql}, ${quoteText(timezone)}))`
        : null;
    case 'date':
      if (kind === 'utc') return `fit_date(local_date(${sql}, ${quoteText(timezone)}))`;
      return kind === 'date' || kind === 'moment' ? `fit_date(cast(${sql} as date))` : null;
    case 'boolean':
      if (kind === 'whole') return `case ${sql} when 0 then false when 1 then true end`;
      return kind === 'boolean' ? sql : null;
  }
}
