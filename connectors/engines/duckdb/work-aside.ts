import { constants, copyFile, rm } from 'node:fs/promises';
import type { Engine } from '../engine.ts';
import { type DuckdbOptions, openDuckdb } from './duckdb-engine.ts';

/** What stands beside the state under its name: the log of what is not in the file yet, and the cache of pairs. */
const parts = ['', '.wal', '.matching', '.matching.wal'] as const;

/** Works on a copy of the state, which is gone afterwards. Only while no other process writes the state. */
export async function workAside<T>(options: DuckdbOptions, work: (engine: Engine) => Promise<T>): Promise<T> {
  const copy = `${options.databasePath}.aside`;
  await removeAll(copy);
  try {
    for (const part of parts) {
      // A file system that can share blocks copies nothing.
      await copyFile(`${options.databasePath}${part}`, `${copy}${part}`, constants.COPYFILE_FICLONE).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOENT' || part === '') throw error;
        },
      );
    }
    const engine = await openDuckdb({
      ...options,
      databasePath: copy,
      warehousePath: `${copy}.warehouse`,
      spillPrefix: `${copy}.spill`,
    });
    try {
      return await work(engine);
    } finally {
      await engine.close();
    }
  } finally {
    await removeAll(copy);
  }
}

async function removeAll(copy: string): Promise<void> {
  for (const part of parts) await rm(`${copy}${part}`, { force: true });
}
