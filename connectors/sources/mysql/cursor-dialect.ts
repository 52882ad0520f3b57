import { type CursorDialect, plainNumber } from '../cursor-slice.ts';
import { quoted } from '../quoted.ts';
import { builder } from './builder.ts';
import type { MysqlColumn } from './column-type.ts';

function isTime({ form, type }: MysqlColumn): boolean {
  return (form === 'day' || form === 'timestamp') && type !== 'text';
}

export const cursorDialect: CursorDialect<MysqlColumn> = {
  greatest(column) {
    const name = quoted(builder, column.name);
    if (!isTime(column)) return builder.raw('cast(max(?) as char)', [name]);
    // A zone is that of the session, UTC. A DATETIME may be of a zone behind it: then the present is later than its own.
    return builder.raw('cast(least(max(?), utc_timestamp(6)) as char)', [name]);
  },

  bound(column, value, lookback) {
    if (isTime(column)) {
      const seconds = lookback !== null && 'seconds' in lookback ? lookback.seconds : 0;
      return builder.raw(`cast(? as datetime(6)) - interval ${Number(seconds)} second`, [value]);
    }
    const number = plainNumber(value);
    if (number === null || column.form === 'text') return builder.raw('?', [value]);
    const steps = lookback !== null && 'steps' in lookback ? lookback.steps : 0;
    return builder.raw(`${number} - ${Number(steps)}`);
  },

  writtenSince: () => null,

  day: (column) => builder.raw('cast(? as date)', [quoted(builder, column.name)]),
};
