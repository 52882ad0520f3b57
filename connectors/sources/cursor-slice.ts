import type { Knex } from 'knex';
import { quoted } from './quoted.ts';
import type { Column, Lookback, Slice, Windowing } from './source.ts';

/** How one kind of database compares a cursor, in its own SQL and the full precision of the column. */
export interface CursorDialect<C extends Column> {
  /** The greatest value as text; see CursorFacts. */
  greatest(column: C): Knex.Raw;
  /** A value as `greatest` gave it, less the lookback, to be compared with the column. */
  bound(column: C, value: string, lookback: Lookback | null): Knex.Raw;
  /** True of rows that a transaction from this one on has written. */
  writtenSince(horizon: string): Knex.Raw | null;
  /** As a date. */
  day(column: C): Knex.Raw;
}

type CursorSlice = Extract<Slice, { kind: 'cursor' }>;

/**
 * The rows of a slice; null: all. The border belongs to it: rows of the same value that came later are read too, and
 * those that were read before are merged by their key.
 */
export function cursorCondition<C extends Column>(
  builder: Knex,
  dialect: CursorDialect<C>,
  column: C,
  { from, until, lookback, horizon, nulls }: CursorSlice,
): Knex.Raw | null {
  const name = quoted(builder, column.name);
  const isWithNulls = nulls === 'with';
  const between = [
    ...(from === null ? [] : [builder.raw('? >= ?', [name, dialect.bound(column, from, lookback)])]),
    ...(until === null ? [] : [builder.raw('? < ?', [name, dialect.bound(column, until, null)])]),
  ];
  if (between.length === 0) return isWithNulls ? null : builder.raw('? is not null', [name]);
  const written = from === null || horizon === null ? null : dialect.writtenSince(horizon);
  const late =
    written === null ? [] : [isWithNulls ? written : builder.raw('(? and ? is not null)', [written, name])];
  const or = [
    builder.raw(`(${between.map(() => '?').join(' and ')})`, between),
    ...(isWithNulls ? [builder.raw('? is null', [name])] : []),
    ...late,
  ];
  return builder.raw(`(${or.map(() => '?').join(' or ')})`, or);
}

/** A SELECT of the rows in each window: `in_window`, null for rows without a value, and `rows_in_it`. */
export function windowCounts<C extends Column>(
  builder: Knex,
  dialect: CursorDialect<C>,
  from: Knex.Raw,
  column: C,
  { by }: Windowing,
): string {
  const name = quoted(builder, column.name);
  const window =
    by === 'day'
      ? dialect.day(column)
      : by === 'all'
        ? builder.raw('case when ? is not null then 0 end', [name])
        : builder.raw(`? - mod(?, ${wholeNumber(by.step)})`, [name, name]);
  return builder
    .raw('select ? as in_window, count(*) as rows_in_it from ? group by ?', [window, from, window])
    .toQuery();
}

/** Text that may stand in SQL as it is. */
export function plainNumber(text: string): string | null {
  return /^-?\d+(\.\d+)?$/.test(text) ? text : null;
}

function wholeNumber(text: string): string {
  if (!/^\d+$/.test(text)) throw new TypeError(`${text} is no whole number`);
  return text;
}
