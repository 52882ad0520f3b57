import type { Knex } from 'knex';
import { decimalHolding, greatestPrecision, wholeDigits } from '../measured-decimal.ts';
import { quoted } from '../quoted.ts';
import { builder } from './builder.ts';
import type { MysqlColumn } from './column-type.ts';

/** What to ask of the rows to know the type of a decimal that may exceed every engine; see `typeByMeasures`. */
export function measuresOf(column: MysqlColumn): Knex.Raw[] {
  if (column.places === undefined) return [];
  return [builder.raw('cast(truncate(max(abs(?)), 0) as char)', [quoted(builder, column.name)])];
}

export function typeByMeasures(column: MysqlColumn, [largest]: readonly (string | null)[]): MysqlColumn {
  const { warning: _, ...bare } = column;
  if (!largest || column.places === undefined) return bare;
  const measured = { whole: wholeDigits(largest), places: column.places };
  const type = decimalHolding(measured);
  if (type !== null) return { ...bare, type };
  const digits = `${measured.whole} digits before the point and ${measured.places} after it`;
  return { ...bare, warning: `holds numbers of ${digits}, above ${greatestPrecision}, and so comes as text` };
}

/** True of values that MySQL's type holds and the column's raw type does not; null for types without such. */
export function beyondRawType(column: MysqlColumn): Knex.Raw | null {
  const name = quoted(builder, column.name);
  switch (column.form) {
    case 'tinyint':
      return builder.raw('? not in (0, 1)', [name]);
    // 0000-00-00, 2024-00-00 and, under ALLOW_INVALID_DATES, 2024-02-31.
    case 'day':
    case 'timestamp':
      return builder.raw(
        '(? is not null and (year(?) = 0 or month(?) = 0 or day(?) = 0 or day(?) > 28 and day(?) > day(last_day(?))))',
        [name, name, name, name, name, name, name],
      );
    // From -838:59:59 to 838:59:59: it may be a length of time.
    case 'time':
      return builder.raw("(? < '00:00:00' or ? >= '24:00:00')", [name, name]);
    default:
      return null;
  }
}

/** A column that holds such values. */
export function withBeyond(column: MysqlColumn): MysqlColumn {
  // A tinyint(1) with more than 0 and 1 is no boolean.
  if (column.form === 'tinyint') return { ...column, type: 'integer' };
  const what = column.form === 'time' ? 'times below 0 or from 24:00 on' : 'days that are in no calendar';
  return { ...column, type: 'text', warning: `holds ${what} and so comes as text` };
}
