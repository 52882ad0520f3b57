import type { Stats } from 'node:fs';
import { chmod, chown, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { PublishedTable, PublishResult } from '../engine.ts';
import { quoteName, quoteText } from '../quote.ts';
import { carryOver, copySuffix } from './carry-over.ts';
import { attach, type SessionOptions } from './session.ts';

/** What of a table is published, as follows SELECT. */
type ColumnsOf = (table: PublishedTable) => string;

const candidateCatalog = 'warehouse_candidate';

/**
 * Builds a new warehouse file beside the published one and renames it over that. Who has the old file open
 * keeps reading the old night. Killed at any instant, the published file is the old one or the new one, whole;
 * a candidate that was left behind is removed by the next publish.
 *
 * `connection` has the state as its default catalog.
 *
 * @throws WC-ENGINE-004 if the published file is no database; it is left as it is
 */
export async function publishTables(
  connection: DuckDBConnection,
  warehousePath: string,
  tables: readonly PublishedTable[],
  session: SessionOptions,
  columnsOf: ColumnsOf = () => '*',
): Promise<PublishResult> {
  // A link to the warehouse stays a link; the file that it leads to is replaced.
  const path = await realpath(warehousePath).catch(pathOfMissing(warehousePath));
  const published = await stat(path).catch(undefinedWhereMissing);
  const candidate = `${path}.candidate`;
  await mkdir(dirname(path), { recursive: true });
  await removeDatabase(candidate);
  try {
    const rows = await buildTables(connection, candidate, tables, columnsOf);
    const notCarriedOver =
      published === undefined
        ? []
        : await carryOver({ from: path, to: candidate, name: catalogNameOf(warehousePath), tables, session });
    if (published !== undefined) await keepPermissions(candidate, published);
    await replaceFile(candidate, path);
    return { rows, notCarriedOver };
  } finally {
    await removeDatabase(candidate);
  }
}

/** The name under which a file is seen by whom opens it directly: the views of analysts may use it. */
function catalogNameOf(path: string): string {
  return basename(path).split('.')[0] ?? basename(path);
}

async function buildTables(
  connection: DuckDBConnection,
  candidate: string,
  tables: readonly PublishedTable[],
  columnsOf: ColumnsOf,
): Promise<Record<string, number>> {
  await attach(connection, candidate, candidateCatalog, 'read_write');
  try {
    const rows: Record<string, number> = {};
    await connection.run(`begin; create schema ${quoteName(candidateCatalog)}.warehouse`);
    for (const table of tables) rows[table.name] = await buildTable(connection, table, columnsOf(table));
    await connection.run(`commit; checkpoint ${quoteName(candidateCatalog)}`);
    return rows;
  } catch (error) {
    await connection.run('rollback').catch(() => undefined);
    throw error;
  } finally {
    await connection.run(`detach ${quoteName(candidateCatalog)}`);
  }
}

async function buildTable(
  connection: DuckDBConnection,
  table: PublishedTable,
  columns: string,
): Promise<number> {
  const name = `${quoteName(candidateCatalog)}.warehouse.${quoteName(table.name)}`;
  const from = `${quoteName(table.from.schema)}.${quoteName(table.from.table)}`;
  // Sorted by the key: the same night gives the same file, and a look-up by key reads few row groups.
  const order = table.key.map((column) => `${quoteName(column)} nulls first`).join(', ');
  const sorted = order === '' ? '' : ` order by ${order}`;
  const created = await connection.run(`create table ${name} as select ${columns} from ${from}${sorted}`);
  const [[rows] = []] = await created.getRows();
  await connection.run(
    [
      `comment on table ${name} is ${quoteText(table.comment)}`,
      ...Object.entries(table.columnComments).map(
        ([column, comment]) => `comment on column ${name}.${quoteName(column)} is ${quoteText(comment)}`,
      ),
    ].join(';\n'),
  );
  return Number(rows);
}

/** The group, too, says who may read the file; only its members may give it one. */
async function keepPermissions(candidate: string, { uid, gid, mode }: Stats): Promise<void> {
  await chown(candidate, uid, gid).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPERM') throw error;
  });
  await chmod(candidate, mode);
}

async function replaceFile(candidate: string, path: string): Promise<void> {
  await syncToDisk(candidate);
  // A log of the old file, left by a program that was killed, would be replayed into the new one.
  await rm(`${path}.wal`, { force: true });
  await rename(candidate, path);
  // Windows cannot open a folder to sync it, and makes renames durable by itself.
  if (process.platform !== 'win32') await syncToDisk(dirname(path));
}

async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeDatabase(path: string): Promise<void> {
  for (const part of ['', '.wal', copySuffix, `${copySuffix}.wal`])
    await rm(`${path}${part}`, { force: true });
}

function pathOfMissing(path: string) {
  return (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return path;
    throw error;
  };
}

function undefinedWhereMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
