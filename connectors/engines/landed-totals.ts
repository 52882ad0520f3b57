import { isInteger } from '../sources/control-totals.ts';
import { findColumn } from '../sources/find-column.ts';
import { type Column, type ControlTotals, type TotalsAsked, wholeTextBytes } from '../sources/source.ts';
import { keyColumn } from './landed-columns.ts';
import { quoteName } from './quote.ts';

/** How one engine writes the parts of the totals in its own SQL. */
export interface TotalsWords {
  /** Sum of a column of numbers, 0 of no rows; undefined for a column of another type. */
  sum(column: Column): string | undefined;
  /** The value as text, the same on every server; null for no value. */
  valueText(column: Column): string;
  /** Length of a text in bytes. */
  byteLength(text: string): string;
  /** Texts that are never null, in one. */
  joined(texts: readonly string[], separator: string): string;
  /** The first 8 hex digits of the MD5 of a text, as a number. */
  hash(text: string): string;
}

/**
 * What landed or loaded rows add up to; definitions at `ControlTotals`. `from` gives the source's columns, `_row` and,
 * for files, `_file`; `subject` names them in an error. `ask` runs a SELECT of texts and gives its one row.
 */
export async function landedTotals(
  words: TotalsWords,
  from: string,
  columns: readonly Column[],
  asked: TotalsAsked,
  subject: string,
  ask: (select: string) => Promise<readonly (string | null)[]>,
): Promise<ControlTotals> {
  const isCount = asked.verify === 'count';
  const money = isCount ? [] : moneyOf(columns, asked);
  const sums = money.flatMap((column) => {
    const sql = words.sum(column);
    return sql === undefined ? [] : [{ name: column.name, sql }];
  });
  const selected = [
    'count(*)',
    isCount ? 'null' : keyChecksum(words, columns, asked.key, subject),
    rowChecksum(
      words,
      money.filter(({ type }) => type === 'text'),
    ),
    asked.verify === 'rows' ? rowChecksum(words, columns) : 'null',
    ...sums.map(({ sql }) => sql),
  ];
  const list = selected.map((sql) => `cast(${sql} as text)`).join(', ');
  const [count, key = null, text = null, row = null, ...amounts] = await ask(`select ${list} from ${from}`);
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

function keyChecksum(
  words: TotalsWords,
  columns: readonly Column[],
  names: readonly string[],
  subject: string,
): string {
  const key = names.map((name) => keyColumn(columns, name, subject));
  const [only] = key;
  if (only === undefined) return 'null';
  if (key.length === 1 && isInteger(only)) return `coalesce(sum(${quoteName(only.name)}), 0)`;
  const texts = key.map((column) => orNoText(words.valueText(column)));
  return checksum(words, words.joined(texts, '|'));
}

function rowChecksum(words: TotalsWords, columns: readonly Column[]): string {
  if (columns.length === 0) return 'null';
  const texts = columns.map((column) => orNoText(toldApart(words, column)));
  return checksum(words, words.joined(texts, ','));
}

/** The value's text; before one that may hold anything, its length. */
function toldApart(words: TotalsWords, column: Column): string {
  const text = words.valueText(column);
  if (column.type !== 'text') return text;
  const length = words.byteLength(text);
  return `${length} || ':' || case when ${length} > ${wholeTextBytes} then md5(${text}) else ${text} end`;
}

function checksum(words: TotalsWords, text: string): string {
  return `coalesce(sum(${words.hash(text)}), 0)`;
}

function orNoText(text: string): string {
  return `coalesce(${text}, '')`;
}
