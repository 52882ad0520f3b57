import type { TotalsDialect } from '../control-totals.ts';
import { builder } from './builder.ts';
import { type PostgresColumn, sentAs } from './column-type.ts';

const realOid = 700;

export const totalsDialect: TotalsDialect<PostgresColumn> = {
  builder,
  sent: sentAs,
  asText: (value) => builder.raw('(?)::text', [value]),
  decimalSum: (value, scale) => builder.raw('round(coalesce(sum(?), 0), ?)', [value, scale]),

  doubleSum: (value) =>
    // NaN is greater than every number here. By way of its text: a cast to numeric keeps 15 of 17 digits, 6 of a real.
    builder.raw('round(coalesce(sum(round(case when abs(?) < 1e24 then ?::text::numeric end, 4)), 0), 4)', [
      value,
      value,
    ]),

  valueText(column) {
    const value = sentAs(column);
    if (column.type === 'double') {
      // A real is sent as its shortest text, `0.1`, which lands as another double than the real was.
      const double = column.typeOid === realOid ? builder.raw('?::text::float8', [value]) : value;
      return builder.raw(
        "case when ? = 'NaN' then '7ff8000000000000' else encode(float8send(? + 0), 'hex') end",
        [double, double],
      );
    }
    // By the output function, as COPY writes it: a cast to text writes the inet 10.0.0.1 as 10.0.0.1/32.
    if (column.type === 'text') {
      return builder.raw("case when ? is null then null else format('%s', ?) end", [value, value]);
    }
    return builder.raw('?::text', [value]);
  },

  length: (text) => builder.raw("length(convert_to(?, 'UTF8'))", [text]),
  // convert_to: md5 of UTF-8 bytes, whatever the encoding of the database.
  md5: (text) => builder.raw("md5(convert_to(?, 'UTF8'))", [text]),

  joined: (texts, separator) =>
    builder.raw(`array_to_string(array[${texts.map(() => '?::text').join(', ')}], ?::text)`, [
      ...texts,
      separator,
    ]),

  checksum: (text) =>
    builder.raw("coalesce(sum(('x' || substr(md5(convert_to(?, 'UTF8')), 1, 8))::bit(32)::bigint), 0)", [
      text,
    ]),
};
