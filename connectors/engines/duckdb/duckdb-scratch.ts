import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteName, quoteText } from '../quote.ts';
import type { Scratch } from '../scratch.ts';
import { attach, openSession, type SessionOptions } from './session.ts';

/** What the engine lends to its scratch. */
export interface ScratchLender {
  /** A connection to the engine's own instance, and so within its memory limit. */
  connection: DuckDBConnection;
  /** Start of the path of a folder for the files that go to and fro. */
  folderPrefix: string;
  cachePath: string | undefined;
  run(sql: string): Promise<number>;
  buildTable: Scratch['give'];
}

/** The engine's open transaction is seen by no other connection: rows go to and fro as Parquet. */
export async function openDuckdbScratch(lender: ScratchLender): Promise<Scratch> {
  const { connection } = lender;
  await connection.run("set TimeZone = 'UTC'");
  let folder: string | undefined;
  let files = 0;
  const nextFile = async (): Promise<string> => {
    folder ??= await mkdtemp(lender.folderPrefix);
    files += 1;
    return join(folder, `${files}.parquet`);
  };
  return {
    connection,
    cachePath: lender.cachePath,
    async take(name, select) {
      const path = await nextFile();
      await lender.run(`copy (${select}\n) to ${quoteText(path)} (format parquet)`);
      await connection.run(
        `create or replace temp table ${quoteName(name)} as select * from read_parquet(${quoteText(path)})`,
      );
      await rm(path);
    },
    async give(table, select) {
      const path = await nextFile();
      await connection.run(`copy (${select}\n) to ${quoteText(path)} (format parquet)`);
      const rows = await lender.buildTable(table, `select * from read_parquet(${quoteText(path)})`);
      await rm(path);
      return rows;
    },
    async close() {
      connection.closeSync();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Beside an engine that is open for reading alone, and lets no file be written: an instance of its own reads the same file.
 * There is nothing to give rows to.
 */
export async function openReadOnlyScratch(
  options: SessionOptions & { databasePath: string; prelude: string },
  catalog: string,
): Promise<Scratch> {
  const session = await openSession(options, `scratch-${randomUUID()}`);
  const { connection } = session;
  try {
    const reader = await session.connect();
    await attach(reader, options.databasePath, catalog, 'read_only');
    await reader.run(`use ${catalog}`);
    // On that connection alone: it gives other meanings to functions that the work in the scratch uses.
    await reader.run(options.prelude);
    return {
      connection,
      cachePath: undefined,
      async take(name, select) {
        await reader.run(`create or replace table memory.main.${quoteName(name)} as ${select}`);
      },
      give: async () => {
        throw new Error('the engine is open for reading alone');
      },
      async close() {
        reader.closeSync();
        await session.close();
      },
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}
