import type { DuckDBConnection } from '@duckdb/node-api';
import type { PublishedTable } from '../engine.ts';
import { quoteName, quoteText } from '../quote.ts';

/** Of the session, beside the catalog of the file: a file that is only read takes no views. */
const sessionCatalog = 'memory';

/**
 * Shows the tables of the attached state under the names that they would be published by, beside their own. A name of
 * two parts is looked up in one catalog only, so each table of the state gets a view as well.
 */
export async function showCandidate(
  connection: DuckDBConnection,
  stateCatalog: string,
  tables: readonly PublishedTable[],
): Promise<void> {
  const reader = await connection.runAndReadAll(
    `select schema_name, table_name from duckdb_tables() where database_name = ${quoteText(stateCatalog)} order by all`,
  );
  const own = reader.getRows().map(([schema, table]) => ({ schema: String(schema), table: String(table) }));
  const isThere = new Set(own.map(({ schema, table }) => `${schema}.${table}`));
  const shown = [
    ...own.map((from) => ({ from, as: from })),
    ...tables
      .filter(({ from }) => isThere.has(`${from.schema}.${from.table}`))
      .map(({ from, name }) => ({ from, as: { schema: 'warehouse', table: name } })),
  ];
  const schemas = new Set(shown.map(({ as }) => as.schema));
  const path = (catalog: string, { schema, table }: PublishedTable['from']) =>
    [catalog, schema, table].map(quoteName).join('.');
  const statements = [
    ...[...schemas].map(
      (schema) => `create schema if not exists ${quoteName(sessionCatalog)}.${quoteName(schema)}`,
    ),
    ...shown.map(
      ({ from, as }) => `create view ${path(sessionCatalog, as)} as from ${path(stateCatalog, from)}`,
    ),
    `use ${sessionCatalog}`,
  ];
  await connection.run(statements.join(';\n'));
}
