import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createTable, keysAndReferences, sqlName } from './postgres-tables.ts';
import { finance, sales } from './silos.ts';
import type { SiloTable } from './tables.ts';

/** The silos that are databases. */
const databases = { finance, sales };

export type DatabaseName = keyof typeof databases;
export const databaseNames = Object.keys(databases) as DatabaseName[];

/** The rows of a database's table lie beside the exports, as CSV that COPY takes. */
export function rowsFile(folder: string, table: SiloTable): string {
  return join(folder, 'databases', table.silo, `${table.name}.csv`);
}

/**
 * A real PostgreSQL in this process (PGlite), in memory, filled from the files of the demo folder: what a
 * user changes in it is gone with it, and a second demo begins like the first.
 */
export async function openDatabase(folder: string, name: DatabaseName): Promise<PGlite> {
  const database = await emptyDatabase(join(folder, 'databases', 'empty.tar.gz'));
  const { tables, references } = databases[name];
  for (const table of tables) {
    await database.exec(createTable(table));
    const rows = new Blob([await readFile(rowsFile(folder, table))]);
    await database.query(`copy ${sqlName(table)} from '/dev/blob' with (format csv)`, [], { blob: rows });
  }
  await database.exec(`${keysAndReferences(tables, references).join(';')}; analyze`);
  return database;
}

/**
 * Making a data directory takes WebAssembly 5–7 s on the processors of 2025, loading a copy of one 1–2 s: the
 * first one is kept.
 */
async function emptyDatabase(copy: string): Promise<PGlite> {
  if (existsSync(copy)) return PGlite.create({ loadDataDir: new Blob([await readFile(copy)]) });
  const database = await PGlite.create();
  const directory = await database.dumpDataDir('gzip');
  await writeFile(copy, Buffer.from(await directory.arrayBuffer()));
  return database;
}
