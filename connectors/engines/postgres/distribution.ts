import { WhalecurveError } from '../../../config/error.ts';
import type { TableName } from '../engine.ts';
import { quoteText } from '../quote.ts';
import type { PostgresWarehouse } from '../warehouse-config.ts';
import { postgresName } from './server-name.ts';
import type { PostgresSession } from './session.ts';
import { qualified } from './table-swap.ts';

/** Schemas whose tables grow with the business; those of `whalecurve` and `landing` stay on the coordinator. */
const spreadSchemas = ['raw', 'entities', 'identity', 'customers', 'value', 'settings', 'warehouse'];

/** By which column rows are spread, the first that a table has: rows of one customer, else of one account, stand together. */
const spreadColumns = ['customer_id', 'account_ref', '_row'];

/**
 * The statement that spreads a table over the cluster, null for tables that stay on the coordinator. What has none of
 * the columns to spread by, and the settings, are small, and stand whole on every node. Tables that are spread by
 * columns of one type are placed together, so that joins over these columns need no network.
 *
 * https://docs.citusdata.com/en/stable/develop/api_udf.html
 */
export function distributeSql(table: TableName, columns: readonly string[]): string | null {
  if (!spreadSchemas.includes(table.schema)) return null;
  const column = distributionColumn(table, columns);
  const name = quoteText(qualified(table));
  return column === null
    ? `select create_reference_table(${name})`
    : `select create_distributed_table(${name}, ${quoteText(column)}, colocate_with => 'default')`;
}

/** null: whole on every node, or on the coordinator. */
export function distributionColumn({ schema }: TableName, columns: readonly string[]): string | null {
  if (schema === 'settings' || !spreadSchemas.includes(schema)) return null;
  // Tables of schema identity are joined with the entities, by account.
  const order = schema === 'identity' ? [...spreadColumns].sort(accountsFirst) : spreadColumns;
  return order.find((column) => columns.includes(column)) ?? null;
}

/** Spreads every table that was made since the last time, also by plain statements, within the open transaction. */
export async function distributeNewTables(session: PostgresSession): Promise<void> {
  if (!session.warehouse.distribute) return;
  for (const statement of statementsFor(await newTables(session))) await session.run(statement);
}

/** Settings first: they are small, and the others may be joined with them. */
export function statementsFor(tables: readonly { table: TableName; columns: readonly string[] }[]): string[] {
  const isSettings = ({ schema }: TableName) => schema === 'settings';
  const ordered = [
    ...tables.filter(({ table }) => isSettings(table)),
    ...tables.filter(({ table }) => !isSettings(table)),
  ];
  return ordered.flatMap(({ table, columns }) => distributeSql(table, columns) ?? []);
}

async function newTables(session: PostgresSession) {
  const { rows } = await session.rows(
    `select nspname, relname,
       coalesce(string_agg(attname, ',') filter (where attname in (${spreadColumns.map(quoteText).join(', ')})), '')
     from pg_catalog.pg_class
     join pg_catalog.pg_namespace on pg_namespace.oid = relnamespace
     join pg_catalog.pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
     where relkind = 'r' and relpersistence = 'p'
       and nspname in (${spreadSchemas.map(quoteText).join(', ')})
       and not exists (select 1 from pg_catalog.pg_dist_partition where logicalrelid = pg_class.oid)
     group by nspname, relname
     order by nspname, relname`,
  );
  return rows.map(([schema, table, columns]) => ({
    table: { schema: schema ?? '', table: table ?? '' },
    columns: (columns ?? '').split(','),
  }));
}

/**
 * Makes a session ready for a cluster: what functions of ours call is found on the workers as well, where a
 * transaction brings its search path along.
 *
 * @throws WC-ENGINE-006 where the extension is missing
 */
export async function prepareDistribution(session: PostgresSession): Promise<void> {
  if (!session.warehouse.distribute) return;
  await requireCitus(session, session.warehouse);
  await session.run("set citus.propagate_set_commands = 'local'");
  session.settingsOfTransactions = 'set local search_path = whalecurve, pg_catalog';
}

/** @throws WC-ENGINE-006 where the extension is missing */
export async function requireCitus(session: PostgresSession, warehouse: PostgresWarehouse): Promise<void> {
  const { rows } = await session.rows("select 1 from pg_catalog.pg_extension where extname = 'citus'");
  if (rows.length > 0) return;
  throw new WhalecurveError(
    'WC-ENGINE-006',
    `the database ${postgresName(warehouse)} has no extension citus, over whose cluster the tables are to be spread`,
    {
      where: 'warehouse.distribute',
      hint: 'run `create extension citus` in it as a superuser of the cluster, or set `distribute: false`',
    },
  );
}

function accountsFirst(left: string, right: string): number {
  return Number(right === 'account_ref') - Number(left === 'account_ref');
}
