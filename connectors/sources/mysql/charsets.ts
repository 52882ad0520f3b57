import type { Knex } from 'knex';
import type { TextRow } from '../database-session.ts';
import { quoted } from '../quoted.ts';
import { builder } from './builder.ts';
import type { MysqlColumn } from './column-type.ts';

/** Unicode knows every code of these. The header of a result does not tell: it names the set that is sent. */
const wholeCharsets: ReadonlySet<string> = new Set([
  'utf8mb4',
  'utf8mb3',
  'utf8',
  'utf16',
  'utf16le',
  'utf32',
  'ucs2',
  'latin1',
]);

/** The columns of a SELECT that gives no rows, with their character sets. */
export async function withCharsets(
  columns: readonly MysqlColumn[],
  select: string,
  ask: (select: string) => Promise<TextRow[]>,
): Promise<MysqlColumn[]> {
  const texts = columns.filter(({ form, sourceType }) => form === 'text' && sourceType !== 'json');
  if (texts.length === 0) return [...columns];
  // An aggregate gives a row where there is none.
  const list = texts.map(
    ({ name }, index): Knex.Raw =>
      builder.raw(`charset(max(?)) as charset_${index}`, [quoted(builder, name)]),
  );
  const [row] = await ask(
    builder
      .select(list)
      .from(builder.raw(`(${select.replaceAll('?', '\\?')}) as no_rows`))
      .toQuery(),
  );
  return columns.map((column) => {
    const charset = row?.[`charset_${texts.indexOf(column)}`];
    return charset ? { ...column, charset, mayLoseCharacters: !wholeCharsets.has(charset) } : column;
  });
}
