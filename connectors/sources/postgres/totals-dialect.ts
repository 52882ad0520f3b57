import type { TotalsDialect } from '../control-totals.ts';
import { builder } from './builder.ts';
import { type PostgresColumn, sentAs } from './column-type.ts';

export const totalsDialect: TotalsDialect<PostgresColumn> = {
  builder,
  sent: sentAs,
  asText: (value) => builder.raw('(?)::text', [value]),
  decimalSum: (value, scale) => builder.raw('round(coalesce(sum(?), 0), ?)', [value, scale]),

  doubleSum: (value) =>
    // NaN is greater than every number here.
    builder.raw('round(coalesce(sum(round(case when abs(?) < 1e34 then ?::numeric end, 4)), 0), 4)', [
      value,
      value,
    ]),

  keyHashSum(columns) {
    const texts = columns.map((column) => builder.raw("coalesce(?::text, '')", [sentAs(column)]));
    const keyText = builder.raw(texts.map(() => '?').join(" || '|' || "), texts);
    // convert_to: md5 of UTF-8 bytes, whatever the encoding of the database.
    return builder.raw(
      "coalesce(sum(('x' || substr(md5(convert_to(?, 'UTF8')), 1, 8))::bit(32)::bigint), 0)",
      [keyText],
    );
  },
};
