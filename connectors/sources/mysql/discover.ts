import { WhalecurveError } from '../../../config/error.ts';
import { looksLike } from '../looks-like.ts';
import type { DiscoveredTable, Snapshot, TableRequest } from '../source.ts';
import { mysqlSnapshot } from './mysql-snapshot.ts';
import type { MysqlSession } from './session.ts';

/** Tables of the URL's database go by their bare name, those of others as `database.table`. */
export async function discoverTables(session: MysqlSession): Promise<DiscoveredTable[]> {
  const snapshot = mysqlSnapshot(session);
  const rows = await session.query(
    `select table_schema as \`schema\`, table_name as \`table\`, table_schema = database() as is_current,
            table_rows as estimated_rows, data_length + index_length as bytes
       from information_schema.tables
      where table_schema not in ('information_schema', 'performance_schema', 'mysql', 'sys')
        and table_type in ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')
      order by is_current desc, table_schema, table_name`,
  );
  const discovered: DiscoveredTable[] = [];
  for (const row of rows) {
    const table = row.table ?? '';
    const request = requestOf(row.is_current === '1' ? table : `${row.schema}.${table}`);
    const columns = await columnsIfReadable(session, snapshot, request);
    if (columns === null) continue;
    discovered.push({
      name: request.name,
      columns: columns.map(({ name, type, sourceType }) => ({ name, type, sourceType })),
      key: await snapshot.primaryKey(request),
      estimatedRows: row.estimated_rows ? Number(row.estimated_rows) : null,
      bytes: row.bytes ? Number(row.bytes) : null,
      looksLike: looksLike(
        table,
        columns.map(({ name }) => name),
      ),
    });
  }
  return discovered;
}

/** null for what is seen but cannot be read: without permission, or a view whose tables are gone. */
async function columnsIfReadable(session: MysqlSession, snapshot: Snapshot, request: TableRequest) {
  try {
    return await snapshot.describe(request);
  } catch (error) {
    if (error instanceof WhalecurveError && !session.over.aborted) return null;
    throw error;
  }
}

function requestOf(name: string): TableRequest {
  return { name, table: { map: {}, types: {}, format: {} }, moneyColumns: [] };
}
