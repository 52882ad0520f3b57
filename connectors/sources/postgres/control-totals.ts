import type { Knex } from 'knex';
import { findColumn } from '../find-column.ts';
import type { Column, ControlTotals, TableRequest } from '../source.ts';
import { builder } from './builder.ts';
import { type PostgresColumn, sentAs } from './column-type.ts';
import type { PostgresSession } from './session.ts';

/** Rows, sums and key checksum, computed by PostgreSQL from what it sent. */
export async function controlTotals(
  session: PostgresSession,
  from: Knex.Raw,
  request: TableRequest,
  columns: readonly PostgresColumn[],
  key: readonly string[],
): Promise<ControlTotals> {
  const money = request.moneyColumns.flatMap((name) => {
    const column = findColumn(columns, name);
    if (column === undefined) return [];
    const sum = sumOf(column);
    return sum === null ? [] : [{ name: column.name, sum }];
  });
  const checksum = checksumOf(columns, key);
  const query = builder
    .select([
      builder.raw('count(*)::text as rows'),
      ...money.map(({ sum }, index) => builder.raw(`(?)::text as sum_${index}`, [sum])),
      ...(checksum === null ? [] : [builder.raw('(?)::text as checksum', [checksum])]),
    ])
    .from(from);
  const { rows } = await session.query(query.toQuery(), { request });
  const [totals] = rows;
  return {
    rows: BigInt(totals?.rows ?? 0),
    sums: Object.fromEntries(money.map(({ name }, index) => [name, totals?.[`sum_${index}`] ?? '0'])),
    keyChecksum: totals?.checksum ?? null,
  };
}

/**
 * With all digits of the column's scale, `0.00` of no rows. A double is rounded to the four places of money
 * before it is summed: only so is the sum free of the order of the rows. null: not a number.
 */
function sumOf(column: PostgresColumn): Knex.Raw | null {
  const value = sentAs(column);
  if (column.type === 'integer' || column.type === 'bigint') {
    return builder.raw('coalesce(sum(?), 0)', [value]);
  }
  if (column.type === 'double') {
    // NaN is greater than every number here; what DECIMAL(38, 4) does not hold is left out on both sides.
    return builder.raw('round(coalesce(sum(round(case when abs(?) < 1e34 then ?::numeric end, 4)), 0), 4)', [
      value,
      value,
    ]);
  }
  if (typeof column.type === 'object') {
    return builder.raw('round(coalesce(sum(?), 0), ?)', [value, builder.raw(String(column.type.scale))]);
  }
  return null;
}

/** See ControlTotals. null for a key of doubles, whose text differs from server to server, or of no column. */
function checksumOf(columns: readonly PostgresColumn[], key: readonly string[]): Knex.Raw | null {
  const found = key.map((name) => findColumn(columns, name)).filter((column) => column !== undefined);
  if (found.length === 0 || found.length < key.length || found.some(({ type }) => type === 'double')) {
    return null;
  }
  const [first] = found;
  if (first !== undefined && found.length === 1 && isInteger(first)) {
    return builder.raw('coalesce(sum(?), 0)', [sentAs(first)]);
  }
  const texts = found.map((column) => builder.raw("coalesce(?::text, '')", [sentAs(column)]));
  const keyText = builder.raw(texts.map(() => '?').join(" || '|' || "), texts);
  // convert_to: md5 of UTF-8 bytes, whatever the encoding of the database.
  return builder.raw("coalesce(sum(('x' || substr(md5(convert_to(?, 'UTF8')), 1, 8))::bit(32)::bigint), 0)", [
    keyText,
  ]);
}

function isInteger(column: Column): boolean {
  return column.type === 'integer' || column.type === 'bigint';
}
