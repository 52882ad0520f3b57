import type { Knex } from 'knex';
import { quoted } from '../quoted.ts';
import type { Column } from '../source.ts';
import { unheldBytesShown, unheldMark } from '../unheld-text.ts';
import { builder } from './builder.ts';
import { textWithoutSurrogates } from './lone-surrogates.ts';

/** A column as the server describes it in the header of a result. */
export interface MysqlColumn extends Column {
  form: Form;
  /** Longer than `longestServerQuoted`: its text is quoted here and not by the server. */
  isLong: boolean;
  /** Digits after the point of a decimal that may exceed every engine: how long it is only its values tell. */
  places?: number;
  /** As the header says it: bits of a BIT, bytes of a text. */
  length: number;
  /** That of a text, as the server names it; undefined where it was not asked for. */
  charset?: string;
  /** In a character set some of whose codes stand for nothing: the server would send `?` for them. */
  mayLoseCharacters: boolean;
  /** Some of the table's text was sent with marks in place of lone surrogates. */
  hasSurrogates: boolean;
}

/** How a value becomes text. */
export type Form =
  | 'tinyint'
  | 'bit'
  | 'bits'
  | 'number'
  | 'padded number'
  | 'float'
  | 'day'
  | 'timestamp'
  | 'time'
  | 'text'
  | 'binary'
  | 'geometry';

/** The value as SQL text, not quoted for CSV; NULL stays NULL. */
export function textOf(column: MysqlColumn): Knex.Raw {
  const name = quoted(builder, column.name);
  if (column.places !== undefined && typeof column.type === 'object') {
    return builder.raw(`cast(? as decimal(65, ${column.type.scale}))`, [name]);
  }
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
    case 'bits':
      return builder.raw(`lpad(bin(? + 0), ${column.length}, '0')`, [name]);
    case 'geometry':
      return builder.raw('st_astext(?)', [name]);
    case 'text':
      if (column.mayLoseCharacters) return heldText(name);
      // One character set for columns that have several, which CONCAT refuses to mix; and a binary collation,
      // under which REPLACE compares bytes and not characters.
      return builder.raw('convert(? using utf8mb4) collate utf8mb4_bin', [name]);
    case 'binary':
      return builder.raw('hex(?)', [name]);
    default:
      return name;
  }
}

/**
 * Text of a character set of which Unicode does not know every code. What the server turned into question marks
 * is sent as its bytes in hexadecimal behind a mark.
 */
function heldText(name: Knex.Raw): Knex.Raw {
  const converted = builder.raw('convert(? using utf8mb4) collate utf8mb4_bin', [name]);
  const questionMarks = (text: Knex.Raw) =>
    builder.raw("char_length(?) - char_length(replace(?, '\\?', ''))", [text, text]);
  return builder.raw(
    `case when ? = ? then ? else concat('${unheldMark}', lower(hex(left(cast(? as binary), ${unheldBytesShown})))) end`,
    [questionMarks(name), questionMarks(converted), converted, name],
  );
}

/** The text that the engine prints of the landed value: fractions of seconds end without zeros. */
export function keyTextOf(column: MysqlColumn): Knex.Raw {
  if (column.form === 'text' && column.hasSurrogates) return textWithoutSurrogates(textOf(column));
  const isTimeOfDay = ['timestamp', 'timestamptz', 'time'].includes(
    typeof column.type === 'string' ? column.type : '',
  );
  if (!isTimeOfDay || !column.sourceType.endsWith(')')) return textOf(column);
  const trimmed = builder.raw("trim(trailing '.' from trim(trailing '0' from cast(? as char)))", [
    quoted(builder, column.name),
  ]);
  return column.type === 'timestamptz' ? builder.raw("concat(?, '+00')", [trimmed]) : trimmed;
}
