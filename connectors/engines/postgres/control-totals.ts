import { greatestSummed } from '../../sources/control-totals.ts';
import { findColumn } from '../../sources/find-column.ts';
import { type Column, type ControlTotals, type TotalsAsked, wholeTextBytes } from '../../sources/source.ts';
import { keyColumn } from '../landed-columns.ts';
import { quoteName } from '../quote.ts';
import type { PostgresSession } from './session.ts';

/**
 * What rows in PostgreSQL add up to; definitions at `ControlTotals`. `table` is landed or loaded: the source's
 * columns, `_row` and, for files, `_file`; `subject` names it in an error. duckdb/control-totals.ts is its twin.
 */
export async function controlTotals(
  session: PostgresSession,
  table: string,
  columns: readonly Column[],
  asked: TotalsAsked,
  subject: string,
): Promise<ControlTotals> {
  const isCount = asked.verify === 'count';
  const money = isCount ? [] : moneyOf(columns, asked);
  const sums = money.flatMap((column) => {
    const sql = sumOf(column);
    return sql === undefined ? [] : [{ name: column.name, sql }];
  });
  const selected = [
    'count(*)',
    isCount ? 'null' : keyChecksum(columns, asked.key, subject),
    rowChecksum(money.filter(({ type }) => type === 'text')),
    asked.verify === 'rows' ? rowChecksum(columns) : 'null',
    ...sums.map(({ sql }) => sql),
  ];
  const list = selected.map((sql) => `cast(${sql} as text)`).join(', ');
  const { rows } = await session.rows(`select ${list} from ${table}`);
  const [count, key = null, text = null, row = null, ...amounts] = rows[0] ?? [];
  return {
    rows: BigInt(count ?? 0),
    sums: Object.fromEntries(sums.map(({ name }, index) => [name, amounts[index] ?? '0'])),
    keyChecksum: key,
    moneyChecksum: text,
    rowChecksum: row,
  };
}

function moneyOf(columns: readonly Column[], { moneyColumns }: TotalsAsked): Column[] {
  return moneyColumns.map((name) => findColumn(columns, name)).filter((column) => column !== undefined);
}

function sumOf({ name, type }: Column): string | undefined {
  const value = quoteName(name);
  if (type === 'integer' || type === 'bigint') return `coalesce(sum(${value}), 0)`;
  if (typeof type === 'object') {
    const limit = greatestSummed(type);
    const summed = limit === null ? value : `case when abs(${value}) < ${limit} then ${value} end`;
    return `round(coalesce(sum(${summed}), 0), ${type.scale})`;
  }
  if (type !== 'double') return undefined;
  // By way of its text: a cast of the double itself keeps 15 digits only. NaN is greater than every number here.
  const amount = `case when abs(${value}) < 1e24 then cast(cast(${value} as text) as numeric) end`;
  return `round(coalesce(sum(round(${amount}, 4)), 0), 4)`;
}

function keyChecksum(columns: readonly Column[], names: readonly string[], subject: string): string {
  const key = names.map((name) => keyColumn(columns, name, subject));
  const [only] = key;
  if (only === undefined) return 'null';
  if (key.length === 1 && (only.type === 'integer' || only.type === 'bigint')) {
    return `coalesce(sum(${quoteName(only.name)}), 0)`;
  }
  return checksum(
    joined(
      key.map((column) => orNoText(valueText(column))),
      '|',
    ),
  );
}

function rowChecksum(columns: readonly Column[]): string {
  if (columns.length === 0) return 'null';
  return checksum(
    joined(
      columns.map((column) => orNoText(toldApart(column))),
      ',',
    ),
  );
}

/** The value's text; before one that may hold anything, its length. */
function toldApart(column: Column): string {
  const text = valueText(column);
  if (column.type !== 'text') return text;
  const words = `case when octet_length(${text}) > ${wholeTextBytes} then md5(${text}) else ${text} end`;
  return `octet_length(${text}) || ':' || ${words}`;
}

function valueText({ name, type }: Column): string {
  const value = quoteName(name);
  if (type === 'text') return value;
  if (type === 'double') {
    return `case when ${value} = 'NaN' then '7ff8000000000000' else encode(float8send(${value} + 0), 'hex') end`;
  }
  return `cast(${value} as text)`;
}

/** Not by `||`, whose depth has a limit that 1,600 columns reach. */
function joined(texts: readonly string[], separator: string): string {
  return `array_to_string(array[${texts.join(', ')}], '${separator}')`;
}

/** Databases in another encoding than UTF8 are refused, so `md5` reads UTF-8. */
function checksum(text: string): string {
  return `coalesce(sum(cast(cast('x' || substr(md5(${text}), 1, 8) as bit(32)) as bigint)), 0)`;
}

function orNoText(text: string): string {
  return `coalesce(${text}, '')`;
}
