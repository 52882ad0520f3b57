import { mkdir, access as probe, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { WhalecurveError } from '../../../config/error.ts';
import { quoteName, quoteText } from '../quote.ts';
import { statementError, textOf } from './engine-error.ts';

export interface SessionOptions {
  memoryLimit: string;
  threads?: number | undefined;
  /** Start of the path of the folders for what does not fit in memory; default: in the system's folder for that. */
  spillPrefix?: string | undefined;
}

/**
 * A DuckDB instance in memory, in UTC, to which files are attached. Each session that may live at the same time
 * needs a `purpose` of its own: two in one spill folder would take each other's files for their own.
 */
export async function openSession(options: SessionOptions, purpose: string) {
  const spillFolder = spillFolderOf(options, purpose);
  const settings: Record<string, string> = {
    memory_limit: options.memoryLimit,
    temp_directory: spillFolder,
    // Nothing may be fetched over the network behind the user's back: what is needed is linked in.
    autoinstall_known_extensions: 'false',
  };
  if (options.threads !== undefined) settings.threads = String(options.threads);
  const instance = await DuckDBInstance.create(':memory:', settings);
  const connection = await instance.connect();
  // Not among the settings above: the zone needs ICU, which is there only once the database is open.
  await connection.run("set TimeZone = 'UTC'");
  const close = async () => {
    connection.closeSync();
    instance.closeSync();
    await rm(spillFolder, { recursive: true, force: true });
  };
  return { connection, connect: () => instance.connect(), close };
}

/** DuckDB makes the folder when it needs it, but not the one that this is in. */
export async function prepareSpill(options: SessionOptions, purpose: string): Promise<void> {
  const spillFolder = spillFolderOf(options, purpose);
  await mkdir(dirname(spillFolder), { recursive: true });
  // What a killed process left behind.
  await rm(spillFolder, { recursive: true, force: true });
}

function spillFolderOf({ spillPrefix }: SessionOptions, purpose: string): string {
  return `${spillPrefix ?? join(tmpdir(), 'whalecurve-spill')}-${purpose}`;
}

/**
 * Attaches a database file under a name of ours. The name that DuckDB would give it, that of the file, makes
 * `warehouse.customers` ambiguous in a file `warehouse.duckdb`: catalog or schema?
 *
 * @throws WC-ENGINE-001 locked by another process, WC-ENGINE-004 no database, WC-RUN-003 nothing there to read
 */
export async function attach(
  connection: DuckDBConnection,
  path: string,
  name: string,
  access: 'read_only' | 'read_write',
): Promise<void> {
  if (access === 'read_only' && !(await isThere(path))) {
    throw new WhalecurveError('WC-RUN-003', `${path} does not exist`, {
      hint: 'start a run: `whalecurve run`',
    });
  }
  try {
    await connection.run(`attach ${quoteText(path)} as ${quoteName(name)} (type duckdb, ${access})`);
  } catch (cause) {
    throw attachError(cause, path);
  }
}

function attachError(cause: unknown, path: string): WhalecurveError {
  // Without the path, which may hold any word.
  const text = textOf(cause).replaceAll(path, '');
  if (/could not set lock|conflicting lock|being used by another process/i.test(text)) {
    return new WhalecurveError('WC-ENGINE-001', `${path} is open in another process`, {
      hint: 'wait for the run that is going on, or stop the program that has the file open',
      cause,
    });
  }
  if (
    /not a valid DuckDB database|corrupt|enough bytes|checksum|serializ|deserializ|version number|newer version/i.test(
      text,
    )
  ) {
    return new WhalecurveError('WC-ENGINE-004', `${path} is damaged or no DuckDB database`, {
      hint: 'restore it from a copy, or move it away; nothing was written to it',
      cause,
    });
  }
  return statementError(cause, path);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await probe(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
