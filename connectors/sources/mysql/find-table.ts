import type { TableRequest } from '../source.ts';
import type { MysqlSession } from './session.ts';

/**
 * `database.table`, or a table of the database that the URL names; as spelled, or else in any case. A table
 * that the login does not see is given back as it was written: only the server's answer to a SELECT from it
 * tells whether it is missing or forbidden.
 */
export async function findTable(
  session: MysqlSession,
  request: TableRequest,
): Promise<{ schema: string; table: string }> {
  const tables = await visibleTables(session);
  const matches = (name: string, table: (typeof tables)[number], fold: (text: string) => string) =>
    fold(`${table.schema}.${table.table}`) === fold(name) ||
    (table.isCurrent && fold(table.table) === fold(name));
  const asSpelled = (text: string) => text;
  const inAnyCase = (text: string) => text.toLowerCase();
  const found =
    tables.find((table) => matches(request.name, table, asSpelled)) ??
    tables.find((table) => matches(request.name, table, inAnyCase));
  if (found !== undefined) return found;
  const [first = '', ...rest] = request.name.split('.');
  return rest.length === 0
    ? { schema: session.database, table: first }
    : { schema: first, table: rest.join('.') };
}

async function visibleTables(session: MysqlSession) {
  if (session.tables === undefined) {
    const rows = await session.query(
      `select table_schema as \`schema\`, table_name as \`table\`, table_schema = database() as is_current
         from information_schema.tables
        where table_schema not in ('information_schema', 'performance_schema', 'mysql', 'sys')
        order by table_schema, table_name`,
    );
    session.tables = rows.map((row) => ({
      schema: row.schema ?? '',
      table: row.table ?? '',
      isCurrent: row.is_current === '1',
    }));
  }
  return session.tables;
}
