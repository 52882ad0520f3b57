import type { PublishedTable, PublishResult } from '../engine.ts';
import { maskedColumn } from '../mask-column.ts';
import { quoteName, quoteText } from '../quote.ts';
import type { DescribedColumn } from './describe-statement.ts';
import { lockPatiently } from './patient-lock.ts';
import { roleNames } from './roles.ts';
import { isState } from './server-error.ts';
import type { PostgresSession } from './session.ts';
import { createSchema, qualified } from './table-swap.ts';

type Notes = PublishResult['notCarriedOver'];

const schema = 'analysis';
/** Which views of the schema are ours, and the SQL that made them: a view is made anew only where that differs. */
const register = 'whalecurve.masked_views';

/**
 * Lets go the views of tables that will change, which would forbid it; without roles, all of them. A view that others
 * read stays, and what it reads stays with it.
 */
export async function releaseViews(session: PostgresSession, names: readonly string[]): Promise<void> {
  const { rows } = await session.rows('select to_regclass($1) is not null', [register]);
  if (rows[0]?.[0] !== 't') return;
  const ours = [...(await viewsThere(session))].flatMap(([name, sql]) => (sql === null ? [] : [name]));
  const released = session.warehouse.roles ? ours.filter((name) => names.includes(name)) : ours;
  // Before the tables, as readers lock them: else each could wait for the other.
  await lockPatiently(session, released, schema);
  for (const name of released) {
    try {
      await session.attempt('release', () =>
        session.run(`drop view ${pathOf(name)}; delete from ${register} where name = ${quoteText(name)}`),
      );
    } catch (error) {
      if (!isState(error, '2BP01')) throw error;
    }
  }
}

/**
 * Gives every published table a view of its name in schema `analysis`, where personal columns are masked, and the
 * roles what they may read. A view that cannot become what it has to be is closed to analysts, and named.
 */
export async function maskTables(
  session: PostgresSession,
  published: readonly { table: PublishedTable; columns: readonly DescribedColumn[] }[],
): Promise<Notes> {
  if (!session.warehouse.roles) return [];
  const { analyst, pii } = roleNames(session.warehouse);
  await createSchema(session, schema);
  await session.run(
    `create table if not exists ${register} (name text collate "C" primary key, definition text)`,
  );
  const there = await viewsThere(session);
  const notes: Notes = [];
  const readable: [string, string][] = [];
  for (const { table, columns } of published) {
    readable.push([pii, qualified({ schema: 'warehouse', table: table.name })]);
    const reason = await makeView(session, table, columns, there.get(table.name));
    if (reason === undefined) readable.push([analyst, pathOf(table.name)], [pii, pathOf(table.name)]);
    else notes.push({ name: `${schema}.${table.name}`, reason });
  }
  await grantMissing(session, 'schema', 'usage', [
    [analyst, schema],
    [pii, schema],
    [pii, 'warehouse'],
  ]);
  await grantMissing(session, 'table', 'select', readable);
  return notes;
}

/** Gives the reason why the view is not what it has to be, or undefined. */
async function makeView(
  session: PostgresSession,
  table: PublishedTable,
  columns: readonly DescribedColumn[],
  known: string | null | undefined,
): Promise<string | undefined> {
  if (known === null) return 'it was not made by a run, so it is left as it is';
  const definition = viewSql(table, columns);
  if (known === definition) return undefined;
  if (known !== undefined) await lockPatiently(session, [table.name], schema);
  try {
    await session.attempt('mask', () =>
      session.run(
        `${definition}; insert into ${register} values (${quoteText(table.name)}, ${quoteText(definition)})
         on conflict (name) do update set definition = excluded.definition`,
      ),
    );
    return undefined;
  } catch (error) {
    if (!isState(error, '42P16')) throw error;
    // What it shows may be personal by now.
    const { analyst } = roleNames(session.warehouse);
    await session.run(`revoke all on ${pathOf(table.name)} from ${quoteName(analyst)}`);
    return 'its columns are others now, but a view reads it: it is left as it was and closed to analysts';
  }
}

function viewSql(table: PublishedTable, columns: readonly DescribedColumn[]): string {
  const path = pathOf(table.name);
  const list = columns.map(({ name }) => {
    const personal = table.personal?.[name];
    return personal === undefined ? quoteName(name) : `${maskedColumn(name, personal)} as ${quoteName(name)}`;
  });
  return [
    `create or replace view ${path} as select ${list.join(', ')} from ${qualified({ schema: 'warehouse', table: table.name })}`,
    `comment on view ${path} is ${quoteText(table.comment)}`,
    ...columns.map(
      ({ name }) =>
        `comment on column ${path}.${quoteName(name)} is ${quoteText(table.columnComments[name] ?? '')}`,
    ),
  ].join('; ');
}

/** What stands in the schema: the SQL of ours, null for others. */
async function viewsThere(session: PostgresSession): Promise<Map<string, string | null>> {
  const { rows } = await session.rows(
    `select relname, definition from pg_catalog.pg_class left join ${register} on name = relname
     where relnamespace = to_regnamespace($1) and relkind in ('r', 'v', 'm', 'f', 'p')`,
    [schema],
  );
  return new Map(rows.map(([name, definition]) => [name ?? '', definition ?? null]));
}

/** Only what is missing: each grant writes to the catalog. */
async function grantMissing(
  session: PostgresSession,
  kind: 'schema' | 'table',
  right: 'usage' | 'select',
  wanted: readonly (readonly [string, string])[],
): Promise<void> {
  const { rows } = await session.rows(
    `select role, path from unnest(cast($1 as text[]), cast($2 as text[])) as wanted (role, path)
     where not has_${kind}_privilege(role, path, '${right}')`,
    [wanted.map(([role]) => role), wanted.map(([, path]) => path)],
  );
  const grants = rows.map(([role, path]) => `grant ${right} on ${kind} ${path} to ${quoteName(role ?? '')}`);
  if (grants.length > 0) await session.run(grants.join('; '));
}

function pathOf(table: string): string {
  return qualified({ schema, table });
}
