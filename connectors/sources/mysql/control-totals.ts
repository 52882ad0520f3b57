import type { Knex } from 'knex';
import { findColumn } from '../find-column.ts';
import type { ControlTotals, TableRequest } from '../source.ts';
import { builder } from './builder.ts';
import { keyTextOf, type MysqlColumn, textOf } from './column-type.ts';
import type { MysqlSession } from './session.ts';

/** Rows, sums and key checksum, computed by the server from what it sent. */
export async function controlTotals(
  session: MysqlSession,
  from: Knex.Raw,
  request: TableRequest,
  columns: readonly MysqlColumn[],
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
      builder.raw('cast(count(*) as char) as ??', ['rows']),
      ...money.map(({ sum }, index) => builder.raw('cast(? as char) as ??', [sum, `sum_${index}`])),
      ...(checksum === null ? [] : [builder.raw('cast(? as char) as checksum', [checksum])]),
    ])
    .from(from);
  const [totals] = await session.query(query.toQuery(), { request });
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
function sumOf(column: MysqlColumn): Knex.Raw | null {
  const value = textOf(column);
  if (column.type === 'integer' || column.type === 'bigint') {
    return builder.raw('coalesce(sum(?), 0)', [value]);
  }
  if (column.type === 'double') {
    // What DECIMAL(38, 4) does not hold is left out on both sides; the server would write its greatest value.
    const held = builder.raw('case when abs(?) < 1e34 then cast(? as decimal(38, 4)) end', [value, value]);
    return builder.raw('cast(coalesce(sum(?), 0) as decimal(60, 4))', [held]);
  }
  if (typeof column.type === 'object') {
    const scale = builder.raw(String(column.type.scale));
    return builder.raw('cast(coalesce(sum(?), 0) as decimal(65, ?))', [value, scale]);
  }
  return null;
}

/** See ControlTotals. null for a key of doubles, whose text differs from server to server, or of no column. */
function checksumOf(columns: readonly MysqlColumn[], key: readonly string[]): Knex.Raw | null {
  const found = key.map((name) => findColumn(columns, name)).filter((column) => column !== undefined);
  if (found.length === 0 || found.length < key.length || found.some(({ type }) => type === 'double')) {
    return null;
  }
  const [first] = found;
  if (first !== undefined && found.length === 1 && (first.type === 'integer' || first.type === 'bigint')) {
    return builder.raw('coalesce(sum(?), 0)', [textOf(first)]);
  }
  const texts = found.map((column) => builder.raw("ifnull(?, '')", [keyTextOf(column)]));
  const keyText = builder.raw(`concat(${texts.map(() => '?').join(", '|', ")})`, texts);
  return builder.raw(
    'coalesce(sum(cast(conv(left(md5(convert(? using utf8mb4)), 8), 16, 10) as unsigned)), 0)',
    [keyText],
  );
}
