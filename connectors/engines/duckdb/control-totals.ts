import type { DuckDBConnection } from '@duckdb/node-api';
import { greatestSummed, isInteger } from '../../sources/control-totals.ts';
import type { Column, ControlTotals, TotalsAsked } from '../../sources/source.ts';
import { landedTotals, type TotalsWords } from '../landed-totals.ts';
import { quoteName } from '../quote.ts';

/** What the rows of a FROM clause add up to; see `landedTotals`. */
export async function controlTotals(
  connection: DuckDBConnection,
  rows: string,
  columns: readonly Column[],
  asked: TotalsAsked,
  subject: string,
): Promise<ControlTotals> {
  return landedTotals(words, rows, columns, asked, subject, async (select) => {
    const reader = await connection.runAndReadAll(select);
    return (reader.getRows()[0] ?? []).map((value) => (value === null ? null : String(value)));
  });
}

const words: TotalsWords = {
  sum(column) {
    const term = sumTerm(column);
    return term === undefined ? undefined : `coalesce(sum(${term}), 0)`;
  },

  valueText({ name, type }) {
    const value = quoteName(name);
    if (type === 'text') return value;
    if (type === 'double') {
      return `case when isnan(${value}) then '7ff8000000000000'
      else lower(hex(cast(cast(${value} + 0 as bit) as blob))) end`;
    }
    const text = `cast(${value} as varchar)`;
    // DuckDB writes `.50` where no digit can stand before the point, and every other server `0.50`.
    const hasNoWhole = typeof type === 'object' && type.precision === type.scale;
    return hasNoWhole ? `replace(${text}, '.', '0.')` : text;
  },

  byteLength: (text) => `strlen(${text})`,

  // Not by `||`: DuckDB refuses expressions of more than 1,000 levels, and a table may have 1,600 columns.
  joined: (texts, separator) => `concat_ws('${separator}', ${texts.join(', ')})`,

  hash: (text) => `cast('0x' || substr(md5(${text}), 1, 8) as bigint)`,
};

function sumTerm(column: Column): string | undefined {
  const { name, type } = column;
  const value = quoteName(name);
  if (isInteger(column)) return value;
  if (typeof type === 'object') {
    const limit = greatestSummed(type);
    if (limit === null) return value;
    return `case when abs(${value}) < cast('${limit}' as decimal(38, ${type.scale})) then ${value} end`;
  }
  if (type !== 'double') return undefined;
  // By way of its text, 2.00005 is half of a place and rounds as in the source; the double lies below it. But
  // DuckDB 1.5.6 rounds by the first digit of the mantissa and makes 0.0001 of the text 9e-6.
  return `case when abs(${value}) < 0.00005 then 0 when abs(${value}) < 1e24
    then cast(cast(${value} as varchar) as decimal(38, 4)) end`;
}
