import type { Knex } from 'knex';
import type { TextRow } from './database-session.ts';
import { findColumn } from './find-column.ts';
import type { Column, ControlTotals } from './source.ts';

/** How one kind of database writes the parts of the totals in its own SQL. */
export interface TotalsDialect<C extends Column> {
  builder: Knex;
  /** The value as it is sent. */
  sent(column: C): Knex.Raw;
  asText(value: Knex.Raw): Knex.Raw;
  /** With exactly `scale` places. */
  decimalSum(value: Knex.Raw, scale: Knex.Raw): Knex.Raw;
  /**
   * With four places. What DECIMAL(38, 4) does not hold is left out on both sides, and each value is rounded
   * to the four places of money before it is summed: only so is the sum free of the order of the rows.
   */
  doubleSum(value: Knex.Raw): Knex.Raw;
  /** Σ of the hashes of a key's text; see ControlTotals. */
  keyHashSum(columns: readonly C[]): Knex.Raw;
}

/** Rows, sums and key checksum, computed by the server from what it sent. `ask` runs a SELECT. */
export async function controlTotals<C extends Column>(
  dialect: TotalsDialect<C>,
  from: Knex.Raw,
  asked: { columns: readonly C[]; key: readonly string[]; moneyColumns: readonly string[] },
  ask: (select: string) => Promise<TextRow[]>,
): Promise<ControlTotals> {
  const { builder, asText } = dialect;
  const { columns, key } = asked;
  const money = asked.moneyColumns.flatMap((name) => {
    const column = findColumn(columns, name);
    if (column === undefined) return [];
    const sum = sumOf(dialect, column);
    return sum === null ? [] : [{ name: column.name, sum }];
  });
  const checksum = checksumOf(dialect, columns, key);
  const query = builder
    .select([
      builder.raw('? as ??', [asText(builder.raw('count(*)')), 'rows']),
      ...money.map(({ sum }, index) => builder.raw(`? as sum_${index}`, [asText(sum)])),
      ...(checksum === null ? [] : [builder.raw('? as checksum', [asText(checksum)])]),
    ])
    .from(from);
  const [totals] = await ask(query.toQuery());
  return {
    rows: BigInt(totals?.rows ?? 0),
    sums: Object.fromEntries(money.map(({ name }, index) => [name, totals?.[`sum_${index}`] ?? '0'])),
    keyChecksum: totals?.checksum ?? null,
  };
}

/** With all digits of the column's scale, `0.00` of no rows. null: not a number. */
function sumOf<C extends Column>(dialect: TotalsDialect<C>, column: C): Knex.Raw | null {
  const { builder } = dialect;
  const value = dialect.sent(column);
  if (isInteger(column)) return builder.raw('coalesce(sum(?), 0)', [value]);
  if (column.type === 'double') return dialect.doubleSum(value);
  if (typeof column.type !== 'object') return null;
  return dialect.decimalSum(value, builder.raw(String(column.type.scale)));
}

/** See ControlTotals. null for a key of doubles, whose text differs from server to server, or of no column. */
function checksumOf<C extends Column>(
  dialect: TotalsDialect<C>,
  columns: readonly C[],
  key: readonly string[],
): Knex.Raw | null {
  const found = key.map((name) => findColumn(columns, name)).filter((column) => column !== undefined);
  const [first] = found;
  if (first === undefined || found.length < key.length || found.some(({ type }) => type === 'double')) {
    return null;
  }
  return found.length === 1 && isInteger(first) ? sumOf(dialect, first) : dialect.keyHashSum(found);
}

function isInteger(column: Column): boolean {
  return column.type === 'integer' || column.type === 'bigint';
}
