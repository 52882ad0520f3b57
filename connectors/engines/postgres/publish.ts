import type { PublishedTable, PublishResult } from '../engine.ts';
import { quoteText } from '../quote.ts';
import { dependents } from './dependents.ts';
import { maskTables, releaseViews } from './masked-views.ts';
import { lockPatiently } from './patient-lock.ts';
import { type Change, changeOf, fillTable, makeChange } from './published-table.ts';
import { isState } from './server-error.ts';
import type { PostgresSession } from './session.ts';
import { createSchema, qualified } from './table-swap.ts';

type Notes = PublishResult['notCarriedOver'];

/**
 * Makes schema `warehouse` equal to `tables` in one transaction: readers see the old night or the new one. Only
 * rows that differ are written, so that the tables, and with them the views, grants and indexes of analysts, stay.
 * Readers wait only where columns, keys or tables change, and then for no longer than that takes.
 */
export async function publishTables(
  session: PostgresSession,
  tables: readonly PublishedTable[],
): Promise<PublishResult> {
  return session.atomically(async () => {
    await createSchema(session, 'warehouse');
    const changes: Change[] = [];
    for (const table of tables) changes.push(await changeOf(session, table));
    const vanished = await vanishedTables(session, tables);
    const notCarriedOver: Notes = [];
    const rows: Record<string, number> = {};
    const publish = async (change: Change) => {
      const filled = await fillTable(session, change);
      rows[change.table.name] = filled.rows;
      notCarriedOver.push(...filled.notCarriedOver);
    };
    const [steady, changing] = [
      changes.filter(({ isNeeded }) => !isNeeded),
      changes.filter(({ isNeeded }) => isNeeded),
    ];
    for (const change of steady) await publish(change);
    await releaseViews(session, [...changing.map(({ table }) => table.name), ...vanished]);
    await lockPatiently(session, [
      ...changing.filter(({ isThere }) => isThere).map(({ table }) => table.name),
      ...vanished,
    ]);
    for (const change of changing) {
      notCarriedOver.push(...(await makeChange(session, change)));
      await publish(change);
    }
    notCarriedOver.push(...(await dropVanished(session, vanished)));
    notCarriedOver.push(...(await maskTables(session, changes)));
    return { rows, notCarriedOver };
  });
}

/** Which tables of the schema are ours: analysts may keep their own beside them. */
const register = 'whalecurve.published_tables';

async function vanishedTables(
  session: PostgresSession,
  tables: readonly PublishedTable[],
): Promise<string[]> {
  await session.run(`create table if not exists ${register} (name text collate "C" primary key)`);
  if (tables.length > 0) {
    const names = tables.map(({ name }) => `(${quoteText(name)})`).join(', ');
    await session.run(`insert into ${register} values ${names} on conflict do nothing`);
  }
  const { rows } = await session.rows(
    `select name from ${register}
     join pg_catalog.pg_class on relname = name and relkind = 'r'
     where relnamespace = cast('warehouse' as regnamespace)
     order by name`,
  );
  const published = new Set(tables.map(({ name }) => name));
  return rows.flatMap(([name]) => (name && !published.has(name) ? [name] : []));
}

async function dropVanished(session: PostgresSession, vanished: readonly string[]): Promise<Notes> {
  const notes: Notes = [];
  for (const name of vanished) {
    const path = qualified({ schema: 'warehouse', table: name });
    try {
      await session.attempt('vanished', () => session.run(`drop table ${path}`));
      await session.run(`delete from ${register} where name = ${quoteText(name)}`);
    } catch (error) {
      if (!isState(error, '2BP01')) throw error;
      const readers = await dependents(session, path);
      notes.push({
        name: `warehouse.${name}`,
        reason: `it is no longer published; it stays as it was, because ${readers.join(', ')} reads it`,
      });
    }
  }
  return notes;
}
