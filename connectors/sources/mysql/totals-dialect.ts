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
    const held = builder.raw('case when abs(?) < 1e34 then cast(? as decimal(38, 4)) end', [value, value]);
    return builder.raw('cast(coalesce(sum(?), 0) as decimal(60, 4))', [held]);
  },

  keyHashSum(columns) {
    const texts = columns.map((column) => builder.raw("ifnull(?, '')", [keyTextOf(column)]));
    const keyText = builder.raw(`concat(${texts.map(() => '?').join(", '|', ")})`, texts);
    return builder.raw(
      'coalesce(sum(cast(conv(left(md5(convert(? using utf8mb4)), 8), 16, 10) as unsigned)), 0)',
      [keyText],
    );
  },
};
