import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { WhalecurveError } from '../../../config/error.ts';
import type { Cell, Engine, LandedTable, PublishedTable, PublishResult, Row, TableName } from '../engine.ts';
import { cellOf } from './cell.ts';
import { quoteName } from './quote.ts';

export interface DuckdbOptions {
  /** The file that holds the state, or `:memory:`. */
  statePath: string;
  /** The file that analysts read; replaced at publish. */
  warehousePath: string;
  memoryLimit: string;
  threads?: number | undefined;
  spillFolder?: string | undefined;
  isReadOnly?: boolean;
  /** SQL that defines the functions of the common dialect. */
  prelude: string;
}

export async function openDuckdb(options: DuckdbOptions): Promise<Engine> {
  const settings: Record<string, string> = {
    memory_limit: options.memoryLimit,
    // Nothing may be fetched over the network behind the user's back: what is needed is linked in.
    autoinstall_known_extensions: 'false',
  };
  if (options.threads !== undefined) settings.threads = String(options.threads);
  if (options.spillFolder !== undefined) settings.temp_directory = options.spillFolder;
  if (options.isReadOnly) settings.access_mode = 'READ_ONLY';
  let instance: DuckDBInstance;
  try {
    instance = await DuckDBInstance.create(options.statePath, settings);
  } catch (cause) {
    throw openingError(cause, options.statePath);
  }
  const connection = await instance.connect();
  // Not among the settings above: the zone needs ICU, which is there only once the database is open.
  await connection.run("set TimeZone = 'UTC'");
  await connection.run(options.prelude);
  return new DuckdbEngine(instance, connection, options);
}

class DuckdbEngine implements Engine {
  readonly kind = 'duckdb';
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #options: DuckdbOptions;

  constructor(instance: DuckDBInstance, connection: DuckDBConnection, options: DuckdbOptions) {
    this.#instance = instance;
    this.#connection = connection;
    this.#options = options;
  }

  async run(sql: string, parameters: readonly Cell[] = []): Promise<number> {
    const result = await this.#guard(() => this.#connection.run(sql, [...parameters] as DuckDBValue[]));
    return result.rowsChanged;
  }

  async query<R extends Row = Row>(sql: string, parameters: readonly Cell[] = []): Promise<R[]> {
    const reader = await this.#guard(() =>
      this.#connection.runAndReadAll(sql, [...parameters] as DuckDBValue[]),
    );
    const names = reader.deduplicatedColumnNames();
    return reader
      .getRows()
      .map((row) => Object.fromEntries(row.map((value, index) => [names[index], cellOf(value)])) as R);
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.run('begin');
    try {
      const result = await work();
      await this.run('commit');
      return result;
    } catch (error) {
      await this.run('rollback');
      throw error;
    }
  }

  async describe(sql: string): Promise<{ name: string; type: string }[]> {
    const rows = await this.query(`describe ${sql}`);
    return rows.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
  }

  async load(landed: LandedTable, { schema, table }: TableName): Promise<number> {
    throw new Error(`to be written: ${landed.paths} ${schema} ${table} ${quoteName(table)}`);
  }

  async publish(tables: readonly PublishedTable[]): Promise<PublishResult> {
    throw new Error(`to be written: ${tables.length} ${this.#options.warehousePath}`);
  }

  async close(): Promise<void> {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new WhalecurveError('WC-ENGINE-002', cause instanceof Error ? cause.message : String(cause), {
        cause,
      });
    }
  }
}

function openingError(cause: unknown, path: string): WhalecurveError {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/lock/i.test(text)) {
    return new WhalecurveError('WC-ENGINE-001', `${path} is open in another process`, {
      hint: 'wait for the run that is going on, or stop the program that has the file open',
      cause,
    });
  }
  return new WhalecurveError('WC-ENGINE-002', text, { where: path, cause });
}
