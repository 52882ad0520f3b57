import { isUtf8 } from 'node:buffer';
import type { Knex } from 'knex';
import { unheldMark } from '../unheld-text.ts';
import { builder } from './builder.ts';

/*
 * MariaDB keeps half of a UTF-16 pair (U+D800 to U+DFFF) in utf8mb4, utf8mb3, ucs2 and utf32, and sends it as three
 * bytes that are no UTF-8. One of them would end the reading of the table: each is replaced by `unheldMark`.
 */

/** Bytes as they are where they are UTF-8, else with marks. A chunk holds whole lines. */
export function withoutSurrogates(chunk: Buffer): Buffer {
  if (isUtf8(chunk)) return chunk;
  const mark = Buffer.from(unheldMark).toString('latin1');
  return Buffer.from(chunk.toString('latin1').replace(/\xed[\xa0-\xbf][\x80-\xbf]/g, mark), 'latin1');
}

/** The same by the server, for the checksums of a table in which some were seen. */
export function textWithoutSurrogates(text: Knex.Raw): Knex.Raw {
  const mark = Buffer.from(unheldMark).toString('hex');
  return builder.raw(
    `convert(regexp_replace(cast(? as binary), '\\\\xED[\\\\xA0-\\\\xBF][\\\\x80-\\\\xBF]', x'${mark}') using utf8mb4)`,
    [text],
  );
}
