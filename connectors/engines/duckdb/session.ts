import { access as probe } from 'node:fs/promises';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { WhalecurveError } from '../../../config/error.ts';
import { statementError, textOf } from './engine-error.ts';
import { quoteName, quoteText } from './quote.ts';

export interface SessionOptions {
  memoryLimit: string;
  threads?: number | undefined;
  spillFolder?: string | undefined;
}

/** A DuckDB instance in memory, in UTC, to which files are attached. */
export async function openSession(options: SessionOptions) {
  const settings: Record<string, string> = {
    memory_limit: options.memoryLimit,
    // Nothing may be fetched over the network behind the user's back: what is needed is linked in.
    autoinstall_known_extensions: 'false',
  };
  if (options.threads !== undefined) settings.threads = String(options.threads);
  if (options.spillFolder !== undefined) settings.temp_directory = options.spillFolder;
  const instance = await DuckDBInstance.create(':memory:', settings);
  const connection = await instance.connect();
  // Not among the settings above: the zone needs ICU, which is there only once the database is open.
  await connection.run("set TimeZone = 'UTC'");
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  return { connection, close };
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
  const text = textOf(cause);
  if (/could not set lock|conflicting lock|being used by another process/i.test(text)) {
    return new WhalecurveError('WC-ENGINE-001', `${path} is open in another process`, {
      hint: 'wait for the run that is going on, or stop the program that has the file open',
      cause,
    });
  }
  if (
    /not a valid DuckDB database|corrupt|checksum|serializ|deserializ|version number|newer version/i.test(
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
