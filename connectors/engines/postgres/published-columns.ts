import type { PublishResult } from '../engine.ts';
import { quoteName } from '../quote.ts';
import { dependents, indexesOver } from './dependents.ts';
import type { DescribedColumn } from './describe-statement.ts';
import type { PostgresSession } from './session.ts';

type Notes = PublishResult['notCarriedOver'];

export interface PublishedColumn {
  name: string;
  type: string;
}

export async function publishedColumns(session: PostgresSession, path: string): Promise<PublishedColumn[]> {
  const { rows } = await session.rows(
    `select attname, format_type(atttypid, atttypmod) from pg_catalog.pg_attribute
     where attrelid = cast($1 as regclass) and attnum > 0 and not attisdropped order by attnum`,
    [path],
  );
  return rows.map(([name, type]) => ({ name: name ?? '', type: type ?? '' }));
}

/**
 * Adds columns that are new, drops those that have gone, and changes types. Where the view of an analyst reads a
 * column that would have to go, the column stays, empty, and the view is named: it is not ours to drop.
 */
export async function changeColumns(
  session: PostgresSession,
  path: string,
  table: string,
  columns: readonly DescribedColumn[],
  published: readonly PublishedColumn[],
): Promise<Notes> {
  const notes: Notes = [];
  for (const { name } of published) {
    if (columns.some((column) => column.name === name)) continue;
    const readers = await dependents(session, path, name);
    if (readers.length === 0) await dropColumn(session, path, table, name, notes);
    else await empty(session, path, name);
    for (const reader of readers) {
      notes.push({
        name: reader,
        reason: `it reads ${name} of warehouse.${table}, which is no longer published and is null now`,
      });
    }
  }
  for (const column of columns) {
    const known = published.find(({ name }) => name === column.name);
    if (known === undefined) await addColumn(session, path, column);
    else if (known.type !== column.type) {
      notes.push(...(await changeType(session, path, table, known, column, published)));
    }
  }
  return notes;
}

async function changeType(
  session: PostgresSession,
  path: string,
  table: string,
  known: PublishedColumn,
  column: DescribedColumn,
  published: readonly PublishedColumn[],
): Promise<Notes> {
  const notes: Notes = [];
  const name = quoteName(column.name);
  const readers = await dependents(session, path, column.name);
  if (readers.length === 0) {
    try {
      await session.attempt('change_type', () =>
        session.run(
          `alter table ${path} alter column ${name} type ${typeOf(column)} using cast(${name} as ${column.type})`,
        ),
      );
    } catch {
      // The values cannot be cast, and need not be: the rows of the night are written after this.
      await dropColumn(session, path, table, column.name, notes);
      await addColumn(session, path, column);
    }
    return notes;
  }
  const before = freeName(`${column.name}_before`, published);
  await empty(session, path, column.name);
  await session.run(`alter table ${path} rename column ${name} to ${quoteName(before)}`);
  await addColumn(session, path, column);
  return readers.map((reader) => ({
    name: reader,
    reason: `it reads ${column.name} of warehouse.${table}, which is ${column.type} now and was ${known.type}: it sees the old column, empty, as ${before}`,
  }));
}

async function dropColumn(
  session: PostgresSession,
  path: string,
  table: string,
  column: string,
  notes: Notes,
): Promise<void> {
  for (const index of await indexesOver(session, path, column)) {
    notes.push({
      name: `warehouse.${index}`,
      reason: `it covers ${column} of warehouse.${table}, which is no longer there or of another type`,
    });
  }
  await session.run(`alter table ${path} drop column ${quoteName(column)}`);
}

async function empty(session: PostgresSession, path: string, column: string): Promise<void> {
  await session.run(`alter table ${path} alter column ${quoteName(column)} drop not null`);
  await session.run(`update ${path} set ${quoteName(column)} = null where ${quoteName(column)} is not null`);
}

async function addColumn(session: PostgresSession, path: string, column: DescribedColumn): Promise<void> {
  await session.run(`alter table ${path} add column ${quoteName(column.name)} ${typeOf(column)}`);
}

function typeOf({ type, isCollatable }: DescribedColumn): string {
  return isCollatable ? `${type} collate "C"` : type;
}

function freeName(wanted: string, published: readonly PublishedColumn[]): string {
  const isTaken = (name: string) => published.some((column) => column.name === name);
  let name = wanted;
  for (let number = 2; isTaken(name); number += 1) name = `${wanted}_${number}`;
  return name;
}
