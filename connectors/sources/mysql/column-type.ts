import type { Knex } from 'knex';
import mysql from 'mysql2';
import { quoted } from '../quoted.ts';
import type { Column, RawType } from '../source.ts';
import { builder } from './builder.ts';

/** A column as the server describes it in the header of a result. */
export interface MysqlColumn extends Column {
  form: Form;
  /** Longer than `longestServerQuoted`: its text is quoted here and not by the server. */
  isLong: boolean;
}

/** How a value becomes text. */
type Form =
  | 'tinyint'
  | 'bit'
  | 'number'
  | 'padded number'
  | 'float'
  | 'day'
  | 'timestamp'
  | 'time'
  | 'text'
  | 'binary';

/**
 * REPLACE on one cell of 9 MB of quotes did not end within ten minutes on MariaDB 10.11, and a line above
 * `max_allowed_packet` becomes NULL. TEXT and BLOB (64 KB, 256 KB as utf8mb4) stay far below this.
 */
const longestServerQuoted = 1024 * 1024;

const binaryCharset = 63;
const flags = { unsigned: 32, zerofill: 64, enum: 256, set: 2048 } as const;

export function columnOf(field: mysql.FieldPacket): MysqlColumn {
  const { columnType = mysql.Types.VAR_STRING, columnLength = 0, decimals = 0 } = field;
  const flagBits = Number(field.flags);
  const isUnsigned = (flagBits & flags.unsigned) !== 0;
  const isPadded = (flagBits & flags.zerofill) !== 0;
  const isBinary = field.characterSet === binaryCharset;
  const name = field.name;
  const sign = isUnsigned ? ' unsigned' : '';
  const column = (type: RawType, form: Form, sourceType: string): MysqlColumn => ({
    name,
    type,
    form,
    sourceType,
    isLong: (form === 'text' || form === 'binary') && columnLength > longestServerQuoted,
  });
  const number = isPadded ? 'padded number' : 'number';
  switch (columnType) {
    case mysql.Types.TINY:
      return columnLength === 1 && !isUnsigned
        ? column('boolean', 'tinyint', 'tinyint(1)')
        : column('integer', number, `tinyint${sign}`);
    case mysql.Types.SHORT:
      return column('integer', number, `smallint${sign}`);
    case mysql.Types.INT24:
      return column('integer', number, `mediumint${sign}`);
    case mysql.Types.LONG:
      return column(isUnsigned ? 'bigint' : 'integer', number, `int${sign}`);
    case mysql.Types.LONGLONG:
      return column(isUnsigned ? { precision: 20, scale: 0 } : 'bigint', number, `bigint${sign}`);
    case mysql.Types.YEAR:
      return column('integer', 'padded number', 'year');
    case mysql.Types.DECIMAL:
    case mysql.Types.NEWDECIMAL: {
      // The length counts the sign and the point.
      const precision = columnLength - (decimals > 0 ? 1 : 0) - (isUnsigned ? 0 : 1);
      const type = precision <= 38 ? { precision, scale: decimals } : 'text';
      return column(type, number, `decimal(${precision},${decimals})${sign}`);
    }
    case mysql.Types.FLOAT:
      return column('double', 'float', 'float');
    case mysql.Types.DOUBLE:
      return column('double', 'float', 'double');
    case mysql.Types.BIT:
      return columnLength === 1
        ? column('boolean', 'bit', 'bit(1)')
        : column('text', 'binary', `bit(${columnLength})`);
    case mysql.Types.DATE:
    case mysql.Types.NEWDATE:
      return column('date', 'day', 'date');
    case mysql.Types.DATETIME:
      return column('timestamp', 'day', withFraction('datetime', decimals));
    case mysql.Types.TIMESTAMP:
      return column('timestamptz', 'timestamp', withFraction('timestamp', decimals));
    case mysql.Types.TIME:
      return column('time', 'time', withFraction('time', decimals));
    case mysql.Types.JSON:
      return column('text', 'text', 'json');
    case mysql.Types.GEOMETRY:
      return column('text', 'binary', 'geometry');
    default:
      if (flagBits & flags.enum) return column('text', 'text', 'enum');
      if (flagBits & flags.set) return column('text', 'text', 'set');
      return isBinary
        ? column('text', 'binary', binaryTypes.get(columnType) ?? blobType(columnLength))
        : column('text', 'text', textType(columnType, columnLength));
  }
}

const binaryTypes = new Map([
  [mysql.Types.STRING, 'binary'],
  [mysql.Types.VAR_STRING, 'varbinary'],
]);

/** The four sizes of BLOB share one code; the length tells them apart. */
function blobType(length: number): string {
  if (length < 2 ** 8) return 'tinyblob';
  if (length < 2 ** 16) return 'blob';
  return length < 2 ** 24 ? 'mediumblob' : 'longblob';
}

/** The length is in bytes, of which utf8mb4 has four to a character. */
function textType(columnType: number, length: number): string {
  const characters = Math.floor(length / 4);
  if (columnType === mysql.Types.STRING) return `char(${characters})`;
  if (columnType === mysql.Types.VAR_STRING) return `varchar(${characters})`;
  return blobType(characters).replace('blob', 'text');
}

function withFraction(type: string, digits: number): string {
  return digits === 0 ? type : `${type}(${digits})`;
}

/** The value as SQL text, not quoted for CSV; NULL stays NULL. */
export function textOf(column: MysqlColumn): Knex.Raw {
  const name = quoted(builder, column.name);
  switch (column.form) {
    case 'tinyint':
      return column.type === 'boolean'
        ? builder.raw("case ? when 0 then 'false' when 1 then 'true' end", [name])
        : name;
    case 'bit':
      return builder.raw("case ? + 0 when 0 then 'false' when 1 then 'true' end", [name]);
    // Year 0000 and integers with ZEROFILL lose their zeros: the landed value has none.
    case 'padded number':
      return builder.raw('(? + 0)', [name]);
    // As DOUBLE: CONCAT(float) turns 16777217 into 16777200.
    case 'float':
      return builder.raw('(? + 0e0)', [name]);
    case 'timestamp':
      return column.type === 'text' ? name : builder.raw("concat(?, '+00')", [name]);
    case 'text':
      // One character set for columns that have several, which CONCAT refuses to mix; and a binary collation,
      // under which REPLACE compares bytes and not characters.
      return builder.raw('convert(? using utf8mb4) collate utf8mb4_bin', [name]);
    case 'binary':
      return builder.raw('hex(?)', [name]);
    default:
      return name;
  }
}

/** The text that the engine prints of the landed value: fractions of seconds end without zeros. */
export function keyTextOf(column: MysqlColumn): Knex.Raw {
  const isTimeOfDay = ['timestamp', 'timestamptz', 'time'].includes(
    typeof column.type === 'string' ? column.type : '',
  );
  if (!isTimeOfDay || !column.sourceType.endsWith(')')) return textOf(column);
  const trimmed = builder.raw("trim(trailing '.' from trim(trailing '0' from cast(? as char)))", [
    quoted(builder, column.name),
  ]);
  return column.type === 'timestamptz' ? builder.raw("concat(?, '+00')", [trimmed]) : trimmed;
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
