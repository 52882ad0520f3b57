import type { Knex } from 'knex';
import type { TextRow } from './database-session.ts';
import { findColumn } from './find-column.ts';
import { type Column, type ControlTotals, type TotalsAsked, wholeTextBytes } from './source.ts';

/** How one kind of database writes the parts of the totals in its own SQL. */
export interface TotalsDialect<C extends Column> {
  builder: Knex;
  /** The value as it is sent. */
  sent(column: C): Knex.Raw;
  asText(value: Knex.Raw): Knex.Raw;
  /** With exactly `scale` places. */
  decimalSum(value: Knex.Raw, scale: Knex.Raw): Knex.Raw;
  /**
   * With four places. What is 10^24 or more is left out on both sides, see `greatestSummed`, and each value is
   * rounded to the four places of money before it is summed: only so is the sum free of the order of the rows.
   */
  doubleSum(value: Knex.Raw): Knex.Raw;
  /** The text of the landed value, see ControlTotals; NULL stays NULL. */
  valueText(column: C): Knex.Raw;
  /** In bytes of UTF-8. */
  length(text: Knex.Raw): Knex.Raw;
  md5(text: Knex.Raw): Knex.Raw;
  /** Texts that are not NULL. */
  joined(texts: readonly Knex.Raw[], separator: string): Knex.Raw;
  /** Σ of the first 8 hex digits of the md5 of a text, as a number. */
  checksum(text: Knex.Raw): Knex.Raw;
}

/** What the server says of the rows that it sent. `ask` runs a SELECT. */
export async function controlTotals<C extends Column>(
  dialect: TotalsDialect<C>,
  from: Knex.Raw,
  columns: readonly C[],
  asked: TotalsAsked,
  ask: (select: string) => Promise<TextRow[]>,
): Promise<ControlTotals> {
  const { builder, asText } = dialect;
  const money = asked.verify === 'count' ? [] : moneyOf(columns, asked.moneyColumns);
  const sums = money.flatMap((column) => {
    const sum = sumOf(dialect, column);
    return sum === null ? [] : [{ name: column.name, sum }];
  });
  const checksums = {
    key_checksum: asked.verify === 'count' ? null : keyChecksum(dialect, columns, asked.key),
    money_checksum: rowChecksum(
      dialect,
      money.filter(({ type }) => type === 'text'),
    ),
    row_checksum: asked.verify === 'rows' ? rowChecksum(dialect, columns) : null,
  };
  const query = builder
    .select([
      builder.raw('? as ??', [asText(builder.raw('count(*)')), 'rows']),
      ...sums.map(({ sum }, index) => builder.raw(`? as sum_${index}`, [asText(sum)])),
      ...Object.entries(checksums).flatMap(([name, checksum]) =>
        checksum === null ? [] : [builder.raw(`? as ${name}`, [asText(checksum)])],
      ),
    ])
    .from(from);
  const [totals] = await ask(query.toQuery());
  return {
    rows: BigInt(totals?.rows ?? 0),
    sums: Object.fromEntries(sums.map(({ name }, index) => [name, totals?.[`sum_${index}`] ?? '0'])),
    keyChecksum: totals?.key_checksum ?? null,
    moneyChecksum: totals?.money_checksum ?? null,
    rowChecksum: totals?.row_checksum ?? null,
  };
}

/** The columns of that name that there are; what is missing is told elsewhere. */
function moneyOf<C extends Column>(columns: readonly C[], names: readonly string[]): C[] {
  return names.map((name) => findColumn(columns, name)).filter((column) => column !== undefined);
}

/** With all digits of the column's scale, `0.00` of no rows. null: not a number. */
function sumOf<C extends Column>(dialect: TotalsDialect<C>, column: C): Knex.Raw | null {
  const { builder } = dialect;
  const value = dialect.sent(column);
  if (isInteger(column)) return builder.raw('coalesce(sum(?), 0)', [value]);
  if (column.type === 'double') return dialect.doubleSum(value);
  if (typeof column.type !== 'object') return null;
  const { scale } = column.type;
  const summed = greatestSummed(column.type);
  const held =
    summed === null ? value : builder.raw(`case when abs(?) < ${summed} then ? end`, [value, value]);
  return dialect.decimalSum(held, builder.raw(String(scale)));
}

/**
 * From which number on a decimal is left out of the sum on every side: what has 28 digits is no money, and the sum
 * of some rows of it would overflow DuckDB's 38. null: a column that cannot hold such a number.
 */
export function greatestSummed({ precision, scale }: { precision: number; scale: number }): string | null {
  if (precision <= summedDigits) return null;
  const places = scale - summedDigits;
  return places > 0 ? `0.${'0'.repeat(places - 1)}1` : `1${'0'.repeat(-places)}`;
}

/** 10^10 rows of 28 digits add up to 38. */
const summedDigits = 28;

/** null without a key, and for `_row` and its like, which the source does not know. */
function keyChecksum<C extends Column>(
  dialect: TotalsDialect<C>,
  columns: readonly C[],
  key: readonly string[],
): Knex.Raw | null {
  const found = key.map((name) => findColumn(columns, name)).filter((column) => column !== undefined);
  const [first] = found;
  if (first === undefined || found.length < key.length) return null;
  if (found.length === 1 && isInteger(first)) return sumOf(dialect, first);
  const texts = found.map((column) => orNoText(dialect, dialect.valueText(column)));
  return dialect.checksum(dialect.joined(texts, '|'));
}

function rowChecksum<C extends Column>(dialect: TotalsDialect<C>, columns: readonly C[]): Knex.Raw | null {
  if (columns.length === 0) return null;
  return dialect.checksum(
    dialect.joined(
      columns.map((column) => orNoText(dialect, toldApart(dialect, column))),
      ',',
    ),
  );
}

/** The value's text; before one that may hold anything, its length. */
function toldApart<C extends Column>(dialect: TotalsDialect<C>, column: C): Knex.Raw {
  const { builder } = dialect;
  const text = dialect.valueText(column);
  if (column.type !== 'text') return text;
  const length = dialect.length(text);
  const words = builder.raw(`case when ? > ${wholeTextBytes} then ? else ? end`, [
    length,
    dialect.md5(text),
    text,
  ]);
  return dialect.joined([length, words], ':');
}

function orNoText<C extends Column>({ builder }: TotalsDialect<C>, text: Knex.Raw): Knex.Raw {
  return builder.raw("coalesce(?, '')", [text]);
}

export function isInteger(column: Column): boolean {
  return column.type === 'integer' || column.type === 'bigint';
}
