import type { Knex } from 'knex';
import { unheldBytesShown, unheldMark } from '../unheld-text.ts';
import { builder } from './builder.ts';

/**
 * Text of a database of encoding SQL_ASCII, which takes any bytes and gives them back as they are: what is no
 * UTF-8 is sent as its bytes in hexadecimal behind a mark, since one such value would end the reading of the table.
 */
export function checkedText(value: Knex.Raw): Knex.Raw {
  // format: the text that COPY writes, where a cast would differ (10.0.0.1/32).
  const text = builder.raw("format('%s', ?)", [value]);
  return builder.raw(`case when ? is null then null when ? ~ '${utf8Pattern}' then ? else ? end`, [
    value,
    text,
    text,
    builder.raw(
      `'${unheldMark}' || encode(substr(convert_to(?, 'SQL_ASCII'), 1, ${unheldBytesShown}), 'hex')`,
      [text],
    ),
  ]);
}

/** RFC 3629 byte by byte, which is how a regular expression sees text in SQL_ASCII. */
const sequences = [
  '[\\x01-\\x7f]',
  '[\\xc2-\\xdf][\\x80-\\xbf]',
  '\\xe0[\\xa0-\\xbf][\\x80-\\xbf]',
  '[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}',
  '\\xed[\\x80-\\x9f][\\x80-\\xbf]',
  '\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}',
  '[\\xf1-\\xf3][\\x80-\\xbf]{3}',
  '\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2}',
];

const utf8Pattern = `^(${sequences.join('|')})*$`;
