import mysql from 'mysql2';
import { greatestPrecision } from '../measured-decimal.ts';
import type { RawType } from '../source.ts';
import type { Form, MysqlColumn } from './column-type.ts';

/**
 * REPLACE on one cell of 9 MB of quotes did not end within ten minutes on MariaDB 10.11, and a line above
 * `max_allowed_packet` becomes NULL. TEXT and BLOB (64 KB, 256 KB as utf8mb4) stay far below this.
 */
const longestServerQuoted = 1024 * 1024;

const binaryCharset = 63;
const flags = { unsigned: 32, zerofill: 64, enum: 256, set: 2048 } as const;

/** A column as the header of a result describes it. */
export function declaredColumn(field: mysql.FieldPacket): MysqlColumn {
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
    isLong: ['text', 'binary', 'geometry'].includes(form) && columnLength > longestServerQuoted,
    mayLoseCharacters: false,
    hasSurrogates: false,
    length: columnLength,
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
      const words = `decimal(${precision},${decimals})${sign}`;
      if (precision <= greatestPrecision) return column({ precision, scale: decimals }, number, words);
      const warning = `what has more than ${greatestPrecision} digits comes as text`;
      return { ...column('text', number, words), places: decimals, warning };
    }
    case mysql.Types.FLOAT:
      return column('double', 'float', 'float');
    case mysql.Types.DOUBLE:
      return column('double', 'float', 'double');
    case mysql.Types.BIT:
      return columnLength === 1
        ? column('boolean', 'bit', 'bit(1)')
        : column('text', 'bits', `bit(${columnLength})`);
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
      return column('text', 'geometry', field.extendedTypeName ?? 'geometry');
    default:
      if (flagBits & flags.enum) return column('text', 'text', 'enum');
      if (flagBits & flags.set) return column('text', 'text', 'set');
      return isBinary
        ? column('text', 'binary', binaryTypes.get(columnType) ?? blobType(columnLength))
        : column(
            'text',
            'text',
            field.extendedTypeName ?? field.extendedFormat ?? textType(columnType, columnLength),
          );
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
