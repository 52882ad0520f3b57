import type { LogGap } from '../../change-log.ts';
import { findColumn } from '../../find-column.ts';
import { quotedPath } from '../../quoted.ts';
import type { TableRequest } from '../../source.ts';
import { builder } from '../builder.ts';
import type { MysqlColumn } from '../column-type.ts';
import { findTable } from '../find-table.ts';
import { mysqlSnapshot } from '../mysql-snapshot.ts';
import type { MysqlSession } from '../session.ts';

/** How the binary log covers a table. */
export interface Coverage {
  schema: string;
  table: string;
  /** The columns of the key, as the table has them. */
  key: readonly MysqlColumn[];
  /** Other as soon as the log must be read from a new beginning. */
  mark: string;
  /** Why the log does not tell all that changes; null: it does. */
  gap: LogGap | null;
}

export async function coverageOf(session: MysqlSession, request: TableRequest): Promise<Coverage> {
  const { schema, table } = await findTable(session, request);
  const columns = (await mysqlSnapshot(session).describe(request)) as MysqlColumn[];
  const names = request.table.key ?? [];
  const key = names.flatMap((name) => findColumn(columns, name) ?? []);
  const mark = JSON.stringify([schema, table, key.map(({ name, sourceType }) => [name, sourceType])]);
  const path = quotedPath(builder, [schema, table]).toQuery();
  const covered = { schema, table, key, mark };
  const gap =
    keyGap(request, key, path) ??
    (await databaseGap(session, schema)) ??
    (await cascadeGap(session, path, request));
  return { ...covered, gap };
}

/** Types whose values come out of the log as the server writes them. */
const legibleTypes =
  /^(tinyint|smallint|mediumint|int|bigint|decimal|char|varchar|binary|varbinary|date|datetime|uuid)\b/;

function keyGap({ name, table }: TableRequest, key: readonly MysqlColumn[], path: string): LogGap | null {
  if (key.length === 0 || key.length < (table.key ?? []).length) {
    const hint = `as the owner: alter table ${path} add primary key (…)`;
    return { code: 'WC-CDC-003', message: `${name} has no key`, hint };
  }
  const illegible = key.find(
    ({ sourceType, mayLoseCharacters, isLong }) =>
      !legibleTypes.test(sourceType) || mayLoseCharacters || isLong,
  );
  if (illegible === undefined) return null;
  const message = `the key column ${illegible.name} is ${illegible.sourceType}, which cannot be told from the log`;
  return { code: 'WC-CDC-003', message, hint: 'give the table another `strategy`' };
}

async function databaseGap(session: MysqlSession, schema: string): Promise<LogGap | null> {
  const [status] = await session.query('show master status');
  const listed = (names: string | null | undefined) => (names ?? '').split(',').filter((name) => name !== '');
  const only = listed(status?.Binlog_Do_DB);
  if ((only.length === 0 || only.includes(schema)) && !listed(status?.Binlog_Ignore_DB).includes(schema))
    return null;
  return {
    code: 'WC-CDC-002',
    message: `the server leaves the database ${schema} out of its binary log`,
    hint: 'change binlog_do_db and binlog_ignore_db of the server',
  };
}

/** InnoDB changes rows by a foreign key on its own, and nothing of it gets into the log. */
async function cascadeGap(
  session: MysqlSession,
  path: string,
  request: TableRequest,
): Promise<LogGap | null> {
  // information_schema shows foreign keys to nobody who may only read.
  const [row] = await session.query(`show create table ${path}`, { request });
  const definition = row?.['Create Table'] ?? '';
  const [, name] =
    /constraint (`(?:[^`]|``)+`) foreign key .* on (?:delete|update) (?:cascade|set null|set default)/i.exec(
      definition,
    ) ?? [];
  if (name === undefined) return null;
  return {
    code: 'WC-CDC-002',
    message: `the foreign key ${name} changes rows without a word in the log`,
    hint: 'give the table another `strategy`, such as snapshot_diff',
  };
}
