import type { TotalsDialect } from '../control-totals.ts';
import { builder } from './builder.ts';
import { keyTextOf, type MysqlColumn, textOf } from './column-type.ts';

export const totalsDialect: TotalsDialect<MysqlColumn> = {
  builder,
  sent: textOf,
  asText: (value) => builder.raw('cast(? as char)', [value]),
  decimalSum: (value, scale) => builder.raw('cast(coalesce(sum(?), 0) as decimal(65, ?))', [value, scale]),

  doubleSum(value) {
    // Beyond what the type holds the server would write its greatest value.
    const held = builder.raw('case when abs(?) < 1e24 then cast(? as decimal(38, 4)) end', [value, value]);
    return builder.raw('cast(coalesce(sum(?), 0) as decimal(60, 4))', [held]);
  },

  valueText(column) {
    const text = keyTextOf(column);
    if (column.type === 'double') {
      // The well-known binary of a point holds the bits of its x, lowest byte first: no function gives them.
      return builder.raw('lower(hex(reverse(substr(st_asbinary(point(?, 0)), 6, 8))))', [text]);
    }
    if (column.type !== 'text') return builder.raw('cast(? as char)', [text]);
    return builder.raw(
      "replace(convert(? using utf8mb4), char(0 using utf8mb4), convert(x'efb790' using utf8mb4))",
      [text],
    );
  },

  length: (text) => builder.raw('length(?)', [text]),
  md5: (text) => builder.raw('md5(?)', [text]),
  joined: (texts, separator) =>
    builder.raw(`concat_ws(?, ${texts.map(() => '?').join(', ')})`, [separator, ...texts]),

  checksum: (text) =>
    builder.raw('coalesce(sum(cast(conv(left(md5(?), 8), 16, 10) as unsigned)), 0)', [text]),
};
