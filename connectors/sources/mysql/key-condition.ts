import type { Knex } from 'knex';
import { quoted } from '../quoted.ts';
import { builder } from './builder.ts';
import type { MysqlColumn } from './column-type.ts';

export function keyCondition(key: readonly MysqlColumn[], keys: readonly (readonly string[])[]): Knex.Raw {
  if (keys.length === 0) return builder.raw('1 = 0');
  const names = key.map(({ name }) => quoted(builder, name));
  const row = (parts: readonly Knex.Raw[]) =>
    parts.length === 1
      ? builder.raw('?', [...parts])
      : builder.raw(`(${parts.map(() => '?').join(', ')})`, [...parts]);
  const rows = keys.map((parts) =>
    row(key.map((column, index) => literal(column, parts[index] ?? ''))).toQuery(),
  );
  return builder.raw(`? in (${rows.join(', ').replaceAll('?', '\\?')})`, [row(names)]);
}

/**
 * A number stands without quotes: a text beside a number makes both doubles, which have 15 digits. A text stands in
 * the character set of its column: in another, MariaDB 10.11 finds only some of the rows of a list of pairs.
 */
function literal({ form, type, sourceType, charset }: MysqlColumn, value: string): Knex.Raw {
  const isNumber = form === 'number' || form === 'padded number' || form === 'tinyint';
  if (isNumber && /^-?\d+(\.\d+)?$/.test(value)) return builder.raw(value);
  if (form === 'tinyint' && type === 'boolean') return builder.raw(value === 'true' ? '1' : '0');
  // As it lands: bytes in hexadecimal.
  if (form === 'binary' && /^([0-9A-F]{2})*$/.test(value)) return builder.raw(`x'${value}'`);
  const isText = form === 'text' && /char|text/.test(sourceType) && charset !== undefined;
  return isText ? builder.raw(`convert(? using ${charset})`, [value]) : builder.raw('?', [value]);
}
