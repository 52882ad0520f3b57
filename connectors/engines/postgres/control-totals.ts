import { greatestSummed, isInteger } from '../../sources/control-totals.ts';
import type { Column, ControlTotals, TotalsAsked } from '../../sources/source.ts';
import { landedTotals, type TotalsWords } from '../landed-totals.ts';
import { quoteName } from '../quote.ts';
import type { PostgresSession } from './session.ts';

/** What the rows of a landed or loaded table add up to; see `landedTotals`. */
export async function controlTotals(
  session: PostgresSession,
  table: string,
  columns: readonly Column[],
  asked: TotalsAsked,
  subject: string,
): Promise<ControlTotals> {
  return landedTotals(words, table, columns, asked, subject, async (select) => {
    const { rows } = await session.rows(select);
    return rows[0] ?? [];
  });
}

const words: TotalsWords = {
  sum(column) {
    const { name, type } = column;
    const value = quoteName(name);
    if (isInteger(column)) return `coalesce(sum(${value}), 0)`;
    if (typeof type === 'object') {
      const limit = greatestSummed(type);
      const summed = limit === null ? value : `case when abs(${value}) < ${limit} then ${value} end`;
      return `round(coalesce(sum(${summed}), 0), ${type.scale})`;
    }
    if (type !== 'double') return undefined;
    // By way of its text: a cast of the double itself keeps 15 digits only. NaN is greater than every number here.
    const amount = `case when abs(${value}) < 1e24 then cast(cast(${value} as text) as numeric) end`;
    return `round(coalesce(sum(round(${amount}, 4)), 0), 4)`;
  },

  valueText({ name, type }) {
    const value = quoteName(name);
    if (type === 'text') return value;
    if (type === 'double') {
      return `case when ${value} = 'NaN' then '7ff8000000000000' else encode(float8send(${value} + 0), 'hex') end`;
    }
    return `cast(${value} as text)`;
  },

  byteLength: (text) => `octet_length(${text})`,

  // Not by `||`, whose depth has a limit that 1,600 columns reach.
  joined: (texts, separator) => `array_to_string(array[${texts.join(', ')}], '${separator}')`,

  // Databases in another encoding than UTF8 are refused, so `md5` reads UTF-8.
  hash: (text) => `cast(cast('x' || substr(md5(${text}), 1, 8) as bit(32)) as bigint)`,
};
