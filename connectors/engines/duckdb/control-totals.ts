import type { DuckDBConnection } from '@duckdb/node-api';
import { WhalecurveError } from '../../../config/error.ts';
import type { Column, ControlTotals, TableRequest } from '../../sources/source.ts';
import { quoteName } from './quote.ts';
import { findColumn } from './raw-types.ts';

/**
 * What the landed rows add up to; definitions at `ControlTotals`. `rows` is a FROM clause that gives the
 * source's columns, `_row` and, for files, `_file`.
 */
export async function controlTotals(
  connection: DuckDBConnection,
  rows: string,
  columns: readonly Column[],
  request: TableRequest,
): Promise<ControlTotals> {
  const sums = request.moneyColumns
    .map((name) => findColumn(columns, name))
    .filter((column) => column !== undefined)
    .flatMap((column) => {
      const term = sumTerm(column);
      return term === undefined ? [] : [{ name: column.name, sql: `coalesce(sum(${term}), 0)` }];
    });
  const selected = ['count(*)', keyChecksum(columns, request), ...sums.map(({ sql }) => sql)];
  const list = selected.map((sql) => `cast(${sql} as varchar)`).join(', ');
  const reader = await connection.runAndReadAll(`select ${list} from ${rows}`);
  const [count, checksum, ...amounts] = reader.getRows()[0] ?? [];
  return {
    rows: BigInt(String(count)),
    sums: Object.fromEntries(sums.map(({ name }, index) => [name, String(amounts[index])])),
    keyChecksum: typeof checksum === 'string' ? checksum : null,
  };
}

function sumTerm({ name, type }: Column): string | undefined {
  if (typeof type === 'object' || type === 'integer' || type === 'bigint') return quoteName(name);
  // By way of its text, 2.00005 is half of a place and rounds as in the source; the double lies below it.
  if (type === 'double') return `try_cast(cast(${quoteName(name)} as varchar) as decimal(38, 4))`;
  return undefined;
}

function keyChecksum(columns: readonly Column[], request: TableRequest): string {
  const key = (request.table.key ?? []).map((name) => keyColumn(columns, name, request));
  const [only] = key;
  // The text of a double differs from engine to engine.
  if (only === undefined || key.some(({ type }) => type === 'double')) return 'null';
  if (key.length === 1 && (only.type === 'integer' || only.type === 'bigint')) {
    return `coalesce(sum(${quoteName(only.name)}), 0)`;
  }
  const parts = key.map(({ name }) => `coalesce(cast(${quoteName(name)} as varchar), '')`);
  return `coalesce(sum(cast('0x' || substr(md5(${parts.join(` || '|' || `)}), 1, 8) as bigint)), 0)`;
}

function keyColumn(columns: readonly Column[], name: string, request: TableRequest): Column {
  const found = findColumn([...columns, ...addedColumns], name);
  if (found !== undefined) return found;
  throw new WhalecurveError('WC-SOURCE-005', `the key names ${name}, which is no column of the table`, {
    where: request.name,
    hint: `columns: ${columns.map((column) => column.name).join(', ')}`,
  });
}

/** Columns that landing and loading add to those of the source. */
export const addedColumns: readonly Column[] = [
  { name: '_row', type: 'bigint', sourceType: 'bigint' },
  { name: '_file', type: 'text', sourceType: 'text' },
  { name: '_extracted_at', type: 'timestamp', sourceType: 'timestamp' },
  { name: '_run_id', type: 'text', sourceType: 'text' },
];
