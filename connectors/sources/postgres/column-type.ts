import type { Knex } from 'knex';
import { quoted } from '../quoted.ts';
import type { Column, RawType } from '../source.ts';
import { builder } from './builder.ts';

/** A column with the oid and modifier of its type, as RowDescription and pg_attribute give them. */
export interface PostgresColumn extends Column {
  typeOid: number;
}

const oids = {
  boolean: 16,
  bigint: 20,
  smallint: 21,
  integer: 23,
  real: 700,
  double: 701,
  money: 790,
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
  const precision = ((modifier - 4) >> 16) & 0xffff;
  // 11 bits with sign: since PostgreSQL 15 a scale may be negative, or greater than the precision.
  const scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
  return precision <= 38 && scale >= 0 && scale <= precision ? { precision, scale } : 'text';
}

/** The column as COPY is to send it. */
export function sentAs(column: PostgresColumn): Knex.Raw {
  const name = quoted(builder, column.name);
  switch (column.typeOid) {
    // `true` and not `t`, as every source writes it.
    case oids.boolean:
      return builder.raw('?::text', [name]);
    // char(n) without its padding, which no comparison in PostgreSQL sees either.
    case oids.char:
      return builder.raw('?::text', [name]);
    // `1234.50` and not `$1,234.50`, which depends on the server's locale.
    case oids.money:
      return builder.raw('?::numeric', [name]);
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
      return column.type === 'text' ? null : builder.raw("? = 'NaN'", [name]);
    default:
      return null;
  }
}
