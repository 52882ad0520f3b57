import type { Knex } from 'knex';
import { greatestPrecision } from '../measured-decimal.ts';
import { quoted } from '../quoted.ts';
import type { Column, RawType } from '../source.ts';
import { builder } from './builder.ts';
import { checkedText } from './unchecked-text.ts';

/** A column with the oid of its type, as RowDescription and pg_attribute give it; that of a domain is its base's. */
export interface PostgresColumn extends Column {
  typeOid: number;
  /** A number whose declared type sets no bound within 38 digits: how long it is only its values tell. */
  isMeasured: boolean;
  /** In a database of encoding SQL_ASCII: its text is bytes that nobody has ever checked. */
  isUnchecked: boolean;
}

const oids = {
  boolean: 16,
  char1: 18,
  bytea: 17,
  bigint: 20,
  smallint: 21,
  integer: 23,
  real: 700,
  double: 701,
  money: 790,
  moneyList: 791,
  char: 1042,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
} as const;

/** Oids of built-in types are fixed: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
export function rawType(typeOid: number, modifier: number): RawType {
  switch (typeOid) {
    case oids.boolean:
      return 'boolean';
    case oids.smallint:
    case oids.integer:
      return 'integer';
    case oids.bigint:
      return 'bigint';
    case oids.real:
    case oids.double:
      return 'double';
    case oids.date:
      return 'date';
    case oids.time:
      return 'time';
    case oids.timestamp:
      return 'timestamp';
    case oids.timestamptz:
      return 'timestamptz';
    case oids.numeric:
      return decimalType(modifier);
    default:
      return 'text';
  }
}

/** The modifier is (precision << 16 | scale) + 4, or -1 for a numeric without limits. */
function decimalType(modifier: number): RawType {
  if (modifier < 4) return 'text';
  const precision = precisionOf(modifier);
  // 11 bits with sign: since PostgreSQL 15 a scale may be negative, or greater than the precision.
  const scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
  return precision <= greatestPrecision && scale >= 0 && scale <= precision ? { precision, scale } : 'text';
}

function precisionOf(modifier: number): number {
  return ((modifier - 4) >> 16) & 0xffff;
}

/** A column as its table or query declares it. */
export function declaredColumn(
  name: string,
  type: { oid: number; modifier: number; words: string },
  isUnchecked: boolean,
): PostgresColumn {
  const raw = rawType(type.oid, type.modifier);
  const column = { name, type: raw, sourceType: type.words, typeOid: type.oid };
  if (raw !== 'text' || (type.oid !== oids.numeric && type.oid !== oids.money)) {
    return {
      ...column,
      isMeasured: false,
      isUnchecked: isUnchecked && raw === 'text' && type.oid !== oids.bytea,
    };
  }
  const mayExceed = type.modifier >= 4 && precisionOf(type.modifier) > greatestPrecision;
  const warning = `what has more than ${greatestPrecision} digits comes as text`;
  return { ...column, isMeasured: true, isUnchecked: false, ...(mayExceed ? { warning } : {}) };
}

/** The column as COPY is to send it. */
export function sentAs(column: PostgresColumn): Knex.Raw {
  const value = typedValue(column);
  return column.isUnchecked ? checkedText(value) : value;
}

function typedValue(column: PostgresColumn): Knex.Raw {
  const name = quoted(builder, column.name);
  switch (column.typeOid) {
    // `true` and not `t`, as every source writes it.
    case oids.boolean:
      return builder.raw('?::text', [name]);
    // char(n) without its padding, which no comparison in PostgreSQL sees either.
    case oids.char:
      return builder.raw('?::text', [name]);
    // One byte of any value: above 127 as `\\200`, which only PostgreSQL 16 and later do by themselves.
    case oids.char1:
      return builder.raw(
        "case when ?::int < 0 then '\\' || ((?::int & 255) >> 6) || ((?::int >> 3) & 7) || (?::int & 7) else ?::text end",
        [name, name, name, name, name],
      );
    // `1234.50` and not `$1,234.50`, which depends on the server's locale.
    case oids.money:
    case oids.numeric: {
      if (column.isMeasured && typeof column.type === 'object') {
        const { precision, scale } = column.type;
        return builder.raw(`?::numeric(${precision}, ${scale})`, [name]);
      }
      return column.typeOid === oids.money ? builder.raw('?::numeric', [name]) : name;
    }
    case oids.moneyList:
      return builder.raw('?::numeric[]', [name]);
    default:
      return name;
  }
}

/**
 * True of values that PostgreSQL's type holds and the column's raw type does not; null for types without such.
 * `0044-03-15 BC` would become a day of our era in silence, and years of five digits part the engines.
 */
export function beyondRawType(column: PostgresColumn): Knex.Raw | null {
  const name = quoted(builder, column.name);
  switch (column.typeOid) {
    case oids.date:
      return builder.raw("(? < date '0001-01-01' or ? >= date '10000-01-01')", [name, name]);
    case oids.timestamp:
      return builder.raw("(? < timestamp '0001-01-01' or ? >= timestamp '10000-01-01')", [name, name]);
    case oids.timestamptz:
      return builder.raw(
        "(? < timestamptz '0001-01-01 00:00+00' or ? >= timestamptz '10000-01-01 00:00+00')",
        [name, name],
      );
    case oids.numeric:
      return column.isMeasured ? null : builder.raw("? = 'NaN'", [name]);
    default:
      return null;
  }
}

/** A column that holds such values travels as text, in PostgreSQL's own notation. */
export function withBeyond(column: PostgresColumn): PostgresColumn {
  const what = column.typeOid === oids.numeric ? 'NaN' : 'infinity, or a year before 1 or after 9999,';
  return { ...column, type: 'text', warning: `holds ${what} and so comes as text` };
}
