import { quoteName } from '../../connectors/engines/quote.ts';
import type { ValueFormat } from '../../connectors/sources/source.ts';
import type { ColumnType } from './mapping.ts';
import { textAs } from './read-value.ts';

/** From the narrowest; text is what remains. */
export const inferableTypes = [
  'integer',
  'decimal(18,4)',
  'decimal(18,8)',
  'double',
  'date',
  'timestamp',
  'boolean',
] as const satisfies readonly ColumnType[];

export type InferableType = (typeof inferableTypes)[number];

/** SQL that says whether the text of a column is written as a value of the type. */
export function isWrittenAs(type: InferableType, column: string, format: ValueFormat): string {
  const text = quoteName(column);
  const separator = format.decimal ?? '.';
  const digits = `split_part(stripped(${text}), '${separator}', 2)`;
  switch (type) {
    // 007 is an identifier: as a number it would lose what tells it from 7.
    case 'integer':
      return `${textAs(type, text, format, 'UTC')} is not null and not ${hasLeadingZero(text)} and ${digits} = ''`;
    case 'decimal(18,4)':
    case 'decimal(18,8)': {
      const scale = type === 'decimal(18,4)' ? 4 : 8;
      // A database writes all places of its type: 12.50000000000000000000.
      const isExact = `length(rtrim(${digits}, '0')) <= ${scale} and lower(${text}) not like '%e%'`;
      return `${textAs(type, text, format, 'UTC')} is not null and not ${hasLeadingZero(text)} and ${isExact}`;
    }
    case 'double':
      return `${textAs(type, text, format, 'UTC')} is not null and not ${hasLeadingZero(text)}`;
    case 'date':
      return `${textAs(type, text, format, 'UTC')} is not null and stripped(${text}) not like '%:%'`;
    case 'timestamp':
      return `${textAs(type, text, format, 'UTC')} is not null`;
    // Y and N are codes as often as answers; the words are not.
    case 'boolean':
      return `lower(stripped(${text})) in ('true', 'false')`;
  }
}

function hasLeadingZero(text: string): string {
  return `(stripped(${text}) like '0%' and substring(stripped(${text}) from 2 for 1) between '0' and '9')`;
}
