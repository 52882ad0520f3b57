import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { WhalecurveError } from '../../../config/error.ts';
import type { Column, ControlTotals, TotalsAsked } from '../../sources/source.ts';
import type {
  Attempted,
  Cell,
  Engine,
  LandedTable,
  LoadStamp,
  PublishedTable,
  PublishResult,
  Row,
  TableName,
} from '../engine.ts';
import { quoteName, quoteText } from '../quote.ts';
import type { Scratch } from '../scratch.ts';
import { attempt } from './attempt.ts';
import { showCandidate } from './candidate-views.ts';
import { cellOf } from './cell.ts';
import { controlTotals } from './control-totals.ts';
import { openDuckdbScratch, openReadOnlyScratch } from './duckdb-scratch.ts';
import { statementError } from './engine-error.ts';
import { appendRows, typedRows } from './incoming-rows.ts';
import { landedRows } from './landed-rows.ts';
import { publishTables } from './publish.ts';
import { publishMasked } from './publish-masked.ts';
import { attach, openSession, prepareSpill, type SessionOptions } from './session.ts';
import { type SmallState, startSmall } from './small-state.ts';

export interface DuckdbOptions extends SessionOptions {
  /** The file to open, or `:memory:`. */
  databasePath: string;
  /** The file that analysts read; replaced at publish. */
  warehousePath: string;
  /** A second file, with personal data masked. */
  maskedPath?: string | undefined;
  isReadOnly?: boolean;
  /** Tables to be found under the names of schema `warehouse` as well. */
  candidate?: readonly PublishedTable[] | undefined;
  /** SQL that defines the functions of the common dialect. */
  prelude: string;
}

export async function openDuckdb(options: DuckdbOptions): Promise<Engine> {
  // Any number of questions are answered at once, while the state has one owner.
  const purpose = options.isReadOnly || options.databasePath === ':memory:' ? randomUUID() : 'state';
  const { connection, connect, close } = await openSession(options, purpose);
  try {
    await attach(connection, options.databasePath, catalog, options.isReadOnly ? 'read_only' : 'read_write');
    await prepareSpill(options, purpose);
    await connection.run(`use ${catalog}`);
    if (options.candidate !== undefined) await showCandidate(connection, catalog, options.candidate);
    await connection.run(options.prelude);
    const small = await startSmall(connection, catalog, options.threads);
    // Read-only keeps the database as it is; this keeps the SQL of a user from every other file as well.
    if (options.isReadOnly) {
      await connection.run('set enable_external_access = false; set lock_configuration = true');
    } else {
      // Tables have no order, as on PostgreSQL: what needs one says `order by`. Keeping the order of an insert
      // costs a rest of each row group, which the checkpoint then joins in memory (bench/results-load.md).
      await connection.run('set preserve_insertion_order = false');
    }
    return new DuckdbEngine(connection, connect, close, small, options);
  } catch (error) {
    await close();
    throw error;
  }
}

/** The name of the attached file, which no schema has. */
const catalog = 'database_file';

class DuckdbEngine implements Engine {
  readonly kind = 'duckdb';
  readonly #connection: DuckDBConnection;
  readonly #connect: () => Promise<DuckDBConnection>;
  readonly #close: () => Promise<void>;
  readonly #small: SmallState;
  readonly #options: DuckdbOptions;
  readonly #atWork = new Set<Promise<unknown>>();
  #scratch: Scratch | undefined;

  constructor(
    connection: DuckDBConnection,
    connect: () => Promise<DuckDBConnection>,
    close: () => Promise<void>,
    small: SmallState,
    options: DuckdbOptions,
  ) {
    this.#connection = connection;
    this.#connect = connect;
    this.#close = close;
    this.#small = small;
    this.#options = options;
  }

  async run(sql: string, parameters: readonly Cell[] = []): Promise<number> {
    const { rowsChanged } = await this.#guard(() => this.#connection.run(sql, valuesOf(parameters)));
    await this.#small.grew(rowsChanged);
    return rowsChanged;
  }

  async query<R extends Row = Row>(sql: string, parameters: readonly Cell[] = []): Promise<R[]> {
    const reader = await this.#guard(() => this.#connection.runAndReadAll(sql, valuesOf(parameters)));
    const names = reader.deduplicatedColumnNames();
    return reader
      .getRows()
      .map((row) => Object.fromEntries(row.map((value, index) => [names[index], cellOf(value)])) as R);
  }

  async *read(select: string): AsyncIterable<Cell[][]> {
    const result = await this.#guard(() => this.#connection.stream(select));
    for (;;) {
      const chunk = await this.#guard(() => result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) return;
      yield chunk.getRows().map((row) => row.map(cellOf));
    }
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.run('begin');
    try {
      const result = await work();
      await this.run('commit');
      return result;
    } catch (error) {
      // After a commit that failed there is nothing left to roll back; the first error is the one that counts.
      await this.run('rollback').catch(() => undefined);
      throw error;
    }
  }

  async describe(sql: string): Promise<{ name: string; type: string }[]> {
    const rows = await this.query(`describe ${sql}`);
    return rows.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
  }

  async load(landed: LandedTable, table: TableName, stamp: LoadStamp): Promise<number> {
    const { extractedAt, runId } = stamp;
    // Told before it is built: on a first night the largest table of all would be built by one thread.
    await this.#small.grew(Number(landed.totals.rows));
    const stamped = `cast(${quoteText(extractedAt)} as timestamp) as _extracted_at, ${quoteText(runId)} as _run_id`;
    return this.buildTable(
      table,
      `select landed.*, ${stamped} from ${this.landedRows(landed, stamp)} as landed`,
    );
  }

  landedRows({ pieces, columns, hasFile }: LandedTable, { folder }: LoadStamp): string {
    const paths = pieces.map((piece) => join(folder, piece));
    return `(${landedRows(paths, columns, hasFile)})`;
  }

  /** Its files go with the folder of the run. */
  async discardLanded(): Promise<void> {}

  totals(
    of: TableName | { select: string },
    columns: readonly Column[],
    asked: TotalsAsked,
  ): Promise<ControlTotals> {
    const [rows, subject] =
      'select' in of
        ? [`(${of.select})`, 'the rows']
        : [`${quoteName(of.schema)}.${quoteName(of.table)}`, of.table];
    return this.#guard(() => controlTotals(this.#connection, rows, columns, asked, subject));
  }

  async buildTable({ schema, table }: TableName, select: string): Promise<number> {
    const name = `${quoteName(schema)}.${quoteName(table)}`;
    await this.run(`create schema if not exists ${quoteName(schema)}`);
    const [[rows] = []] = await this.#guard(async () => {
      const created = await this.#connection.run(`create or replace table ${name} as ${select}`);
      return created.getRows();
    });
    await this.#small.grew(Number(rows));
    return Number(rows);
  }

  async buildFromRows(
    table: TableName,
    types: Readonly<Record<string, string>>,
    batches: AsyncIterable<readonly (readonly Cell[])[]>,
  ): Promise<number> {
    const incoming = 'incoming_rows';
    await this.#guard(() => appendRows(this.#connection, incoming, Object.keys(types), batches));
    const rows = await this.buildTable(table, typedRows(incoming, types));
    await this.run(`drop table temp.main.${incoming}`);
    return rows;
  }

  async buildTemporary(name: string, select: string): Promise<void> {
    await this.run(`create or replace temp table ${quoteName(name)} as ${select}`);
  }

  async attempt(attempted: Attempted): Promise<string> {
    return attempt((sql) => this.run(sql), attempted);
  }

  async interrupt(): Promise<void> {
    this.#connection.interrupt();
    this.#scratch?.connection.interrupt();
  }

  async openScratch(): Promise<Scratch> {
    const { databasePath, spillPrefix, isReadOnly } = this.#options;
    if (isReadOnly === true) return openReadOnlyScratch(this.#options, catalog);
    const isInMemory = databasePath === ':memory:' || spillPrefix === undefined;
    const scratch = await openDuckdbScratch({
      connection: await this.#connect(),
      cachePath: databasePath === ':memory:' ? undefined : `${databasePath}.matching`,
      folderPrefix: isInMemory ? join(tmpdir(), 'whalecurve-scratch-') : `${spillPrefix}-scratch-`,
      run: (sql) => this.run(sql),
      buildTable: (table, select) => this.buildTable(table, select),
    });
    this.#scratch = scratch;
    const close = async (): Promise<void> => {
      this.#scratch = undefined;
      await scratch.close();
    };
    return { ...scratch, close };
  }

  async publish(tables: readonly PublishedTable[]): Promise<PublishResult> {
    const { maskedPath, warehousePath } = this.#options;
    return this.#guard(async () => {
      const masked =
        maskedPath === undefined
          ? []
          : await publishMasked(this.#connection, maskedPath, tables, this.#options);
      const result = await publishTables(this.#connection, warehousePath, tables, this.#options);
      return { ...result, notCarriedOver: [...result.notCarriedOver, ...masked] };
    });
  }

  /** Waits for what is at work still, such as a batch that its reader left: DuckDB would work on in freed memory. */
  async close(): Promise<void> {
    if (this.#atWork.size > 0) this.#connection.interrupt();
    await Promise.allSettled(this.#atWork);
    await this.#close();
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    const working = work();
    this.#atWork.add(working);
    try {
      return await working;
    } catch (cause) {
      throw cause instanceof WhalecurveError ? cause : statementError(cause);
    } finally {
      this.#atWork.delete(working);
    }
  }
}

/** None at all where there are none: preparing a statement takes twice as long as running a small one. */
function valuesOf(parameters: readonly Cell[]): DuckDBValue[] | undefined {
  return parameters.length === 0 ? undefined : ([...parameters] as DuckDBValue[]);
}
