import type { DuckDBConnection } from '@duckdb/node-api';
import { greatestSummed } from '../../sources/control-totals.ts';
import { findColumn } from '../../sources/find-column.ts';
import { type Column, type ControlTotals, type TotalsAsked, wholeTextBytes } from '../../sources/source.ts';
import { keyColumn } from '../landed-columns.ts';
import { quoteName } from '../quote.ts';

/**
 * What rows in DuckDB add up to; definitions at `ControlTotals`. `rows` is a FROM clause that gives the source's
 * columns, `_row` and, for files, `_file`; `subject` names them in an error.
 */
export async function controlTotals(
  connection: DuckDBConnection,
  rows: string,
  columns: readonly Column[],
  asked: TotalsAsked,
  subject: string,
): Promise<ControlTotals> {
  const isCount = asked.verify === 'count';
  const money = isCount ? [] : moneyOf(columns, asked);
  const sums = money.flatMap((column) => {
    const term = sumTerm(column);
    return term === undefined ? [] : [{ name: column.name, sql: `coalesce(sum(${term}), 0)` }];
  });
  const selected = [
    'count(*)',
    isCount ? 'null' : keyChecksum(columns, asked.key, subject),
    rowChecksum(money.filter(({ type }) => type === 'text')),
    asked.verify === 'rows' ? rowChecksum(columns) : 'null',
    ...sums.map(({ sql }) => sql),
  ];
  const list = selected.map((sql) => `cast(${sql} as varchar)`).join(', ');
  const reader = await connection.runAndReadAll(`select ${list} from ${rows}`);
  const [count, ...found] = reader.getRows()[0] ?? [];
  const [key = null, text = null, row = null, ...amounts] = found.map((value) =>
    value === null ? null : String(value),
  );
  return {
    rows: BigInt(String(count)),
    sums: Object.fromEntries(sums.map(({ name }, index) => [name, amounts[index] ?? '0'])),
    keyChecksum: key,
    moneyChecksum: text,
    rowChecksum: row,
  };
}

function moneyOf(columns: readonly Column[], { moneyColumns }: TotalsAsked): Column[] {
  return moneyColumns.map((name) => findColumn(columns, name)).filter((column) => column !== undefined);
}

function sumTerm({ name, type }: Column): string | undefined {
  const value = quoteName(name);
  if (type === 'integer' || type === 'bigint') return value;
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

function keyChecksum(columns: readonly Column[], names: readonly string[], subject: string): string {
  const key = names.map((name) => keyColumn(columns, name, subject));
  const [only] = key;
  if (only === undefined) return 'null';
  if (key.length === 1 && isInteger(only)) return `coalesce(sum(${quoteName(only.name)}), 0)`;
  return checksum(key.map((column) => orNoText(valueText(column))).join(` || '|' || `));
}

function rowChecksum(columns: readonly Column[]): string {
  if (columns.length === 0) return 'null';
  // Not by `||`: DuckDB refuses expressions of more than 1,000 levels, and a table may have 1,600 columns.
  return checksum(`concat_ws(',', ${columns.map((column) => orNoText(toldApart(column))).join(', ')})`);
}

/** The value's text; before one that may hold anything, its length. */
function toldApart(column: Column): string {
  const text = valueText(column);
  if (column.type !== 'text') return text;
  const words = `case when strlen(${text}) > ${wholeTextBytes} then md5(${text}) else ${text} end`;
  return `strlen(${text}) || ':' || ${words}`;
}

function valueText({ name, type }: Column): string {
  const value = quoteName(name);
  if (type === 'double') {
    return `case when isnan(${value}) then '7ff8000000000000'
      else lower(hex(cast(cast(${value} + 0 as bit) as blob))) end`;
  }
  const text = `cast(${value} as varchar)`;
  // DuckDB writes `.50` where no digit can stand before the point, and every other server `0.50`.
  if (typeof type === 'object' && type.precision === type.scale) return `replace(${text}, '.', '0.')`;
  return type === 'text' ? value : text;
}

function checksum(text: string): string {
  return `coalesce(sum(cast('0x' || substr(md5(${text}), 1, 8) as bigint)), 0)`;
}

function orNoText(text: string): string {
  return `coalesce(${text}, '')`;
}

function isInteger({ type }: Column): boolean {
  return type === 'integer' || type === 'bigint';
}
