import type { PublishedTable, PublishResult } from '../engine.ts';
import { quoteName } from '../quote.ts';
import { builtSelect } from './built-select.ts';
import { type DescribedColumn, describeStatement } from './describe-statement.ts';
import { distributionColumn } from './distribution.ts';
import { changeColumns, type PublishedColumn, publishedColumns } from './published-columns.ts';
import { writeComments } from './published-comments.ts';
import { rowChanges } from './published-rows.ts';
import { causeOf, serverError } from './server-error.ts';
import type { PostgresSession } from './session.ts';
import { hashedName, qualified } from './table-swap.ts';

type Notes = PublishResult['notCarriedOver'];

/** What has to be done to a table of `warehouse` before rows can be written. */
export interface Change {
  table: PublishedTable;
  /** Of the rows to publish. */
  columns: readonly DescribedColumn[];
  /** Of the table as it stands. */
  published: readonly PublishedColumn[];
  isThere: boolean;
  /** Whether the key holds for the rows to publish. */
  isKeyed: boolean;
  /** Whether it is the key of the published rows already, so that these are found by it. */
  wasKeyed: boolean;
  /** The primary key as it stands. */
  primaryKey: { name: string; columns: readonly string[] } | null;
  isNeeded: boolean;
}

export async function changeOf(session: PostgresSession, table: PublishedTable): Promise<Change> {
  const path = pathOf(table);
  const columns = await describeStatement(session, `select * from ${qualified(table.from)}`);
  const { rows } = await session.rows('select to_regclass($1) is not null', [path]);
  const isThere = rows[0]?.[0] === 't';
  const published = isThere ? await publishedColumns(session, path) : [];
  const primaryKey = isThere ? await primaryKeyOf(session, path) : null;
  const isKeyed = maySpreadBy(session, table, columns) && (await holdsKey(session, table));
  const wantedKey = isKeyed ? table.key : [];
  const isSameKey = JSON.stringify(primaryKey?.columns ?? []) === JSON.stringify(wantedKey);
  const isSame = columns.every(({ name, type }) =>
    published.some((known) => known.name === name && known.type === type),
  );
  const isNeeded = !isThere || !isSame || published.length > columns.length || !isSameKey;
  const wasKeyed = isKeyed && isSameKey;
  return { table, columns, published, isThere, isKeyed, wasKeyed, primaryKey, isNeeded };
}

/** Makes the table, or its columns what they are to be. Gives what analysts made that could not stay. */
export async function makeChange(session: PostgresSession, change: Change): Promise<Notes> {
  const { table, columns, published, isThere, primaryKey } = change;
  const path = pathOf(table);
  if (!isThere) {
    const list = columns.map(
      ({ name, type, isCollatable }) => `${quoteName(name)} ${type}${isCollatable ? ' collate "C"' : ''}`,
    );
    await session.run(`create table ${path} (${list.join(', ')})`);
    return [];
  }
  // The key comes back with the rows; without it, columns can be empty for a while.
  if (primaryKey !== null) {
    await session.run(`alter table ${path} drop constraint ${quoteName(primaryKey.name)}`);
    for (const column of primaryKey.columns) {
      await session.run(`alter table ${path} alter column ${quoteName(column)} drop not null`);
    }
  }
  return changeColumns(session, path, table.name, columns, published);
}

/** Makes rows, key, comments and statistics those of the night. */
export async function fillTable(
  session: PostgresSession,
  change: Change,
): Promise<{ rows: number; notCarriedOver: Notes }> {
  const { table, columns, isThere, wasKeyed, isNeeded } = change;
  const path = pathOf(table);
  const list = columns.map(({ name }) => quoteName(name)).join(', ');
  const from = builtSelect(`select ${list} from ${qualified(table.from)}`, columns);
  const statements = rowChanges({ path, from, columns, key: wasKeyed ? table.key : [], isThere });
  const notCarriedOver: Notes = [];
  const isWritten = await writeRows(session, table, statements, notCarriedOver);
  if (isNeeded) await makeKey(session, change);
  await writeComments(session, path, table, columns);
  if (isWritten || isNeeded) await session.run(`analyze ${path}`);
  const { rows } = await session.rows(`select count(*) from ${path}`);
  return { rows: Number(rows[0]?.[0]), notCarriedOver };
}

/** The analysts' own constraints must not stop the night: one that the rows break is dropped, and named. */
async function writeRows(
  session: PostgresSession,
  table: PublishedTable,
  statements: readonly string[],
  notes: Notes,
): Promise<boolean> {
  for (;;) {
    try {
      return await session.attempt('write_rows', async () => {
        let changed = 0;
        for (const statement of statements) changed += await session.run(statement);
        return changed > 0;
      });
    } catch (error) {
      const broken = serverError(causeOf(error));
      // Class 23: a constraint. That of a foreign key may stand at another table.
      if (!broken.code.startsWith('23') || broken.constraint === undefined) throw error;
      const [schema, name] = [broken.schema ?? 'warehouse', broken.table ?? table.name];
      await dropConstraint(session, qualified({ schema, table: name }), schema, broken.constraint);
      notes.push({
        name: `${schema}.${broken.constraint}`,
        reason: `the rows of warehouse.${table.name} break it: ${broken.message}`,
      });
    }
  }
}

async function dropConstraint(
  session: PostgresSession,
  table: string,
  schema: string,
  name: string,
): Promise<void> {
  const { rows } = await session.rows(
    'select 1 from pg_catalog.pg_constraint where conrelid = cast($1 as regclass) and conname = $2',
    [table, name],
  );
  await session.run(
    rows.length > 0
      ? `alter table ${table} drop constraint ${quoteName(name)}`
      : `drop index ${qualified({ schema, table: name })}`,
  );
}

async function makeKey(session: PostgresSession, { table, isKeyed }: Change): Promise<void> {
  if (table.key.length === 0) return;
  const path = pathOf(table);
  const key = table.key.map(quoteName).join(', ');
  const index = hashedName('whalecurve_key', table.name);
  await session.run(`drop index if exists ${qualified({ schema: 'warehouse', table: index })}`);
  await session.run(
    isKeyed
      ? `alter table ${path} add constraint ${quoteName(hashedName('whalecurve_primary_key', table.name))} primary key (${key})`
      : `create index ${quoteName(index)} on ${path} (${key})`,
  );
}

async function primaryKeyOf(session: PostgresSession, path: string): Promise<Change['primaryKey']> {
  const { rows } = await session.rows(
    `select conname, attname
     from pg_catalog.pg_constraint
     cross join unnest(conkey) with ordinality as key (number, place)
     join pg_catalog.pg_attribute on attrelid = conrelid and attnum = key.number
     where conrelid = cast($1 as regclass) and contype = 'p'
     order by place`,
    [path],
  );
  const name = rows[0]?.[0];
  return name ? { name, columns: rows.map(([, column]) => column ?? '') } : null;
}

/** On a cluster, only a key that holds the column by which rows are spread can be one. */
function maySpreadBy(
  session: PostgresSession,
  table: PublishedTable,
  columns: readonly DescribedColumn[],
): boolean {
  if (!session.warehouse.distribute) return true;
  const names = columns.map(({ name }) => name);
  const spreadBy = distributionColumn({ schema: 'warehouse', table: table.name }, names);
  return spreadBy === null || table.key.includes(spreadBy);
}

async function holdsKey(session: PostgresSession, { key, from }: PublishedTable): Promise<boolean> {
  if (key.length === 0) return false;
  const columns = key.map(quoteName);
  const { rows } = await session.rows(
    `select 1 from ${qualified(from)} group by ${columns.join(', ')}
     having count(*) > 1 or ${columns.map((column) => `${column} is null`).join(' or ')} limit 1`,
  );
  return rows.length === 0;
}

function pathOf({ name }: PublishedTable): string {
  return qualified({ schema: 'warehouse', table: name });
}
