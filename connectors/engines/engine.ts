import type { PersonalColumn } from '../../config/personal-columns.ts';
import type { Column, ControlTotals, StreamPart, TableRequest, TotalsAsked } from '../sources/source.ts';
import type { Scratch } from './scratch.ts';

export type Cell = string | number | boolean | null;
export type Row = Record<string, Cell>;

/**
 * Where tables live and SQL runs. All SQL that reaches an engine from outside is in the common dialect that
 * the engine's prelude completes (transforms/prelude).
 */
export interface Engine {
  readonly kind: 'duckdb' | 'postgres';
  /** Runs one or several statements; gives the number of rows that the last one changed. */
  run(sql: string, parameters?: readonly Cell[]): Promise<number>;
  /**
   * Small results only. DECIMAL and 64-bit integers are strings, DOUBLE numbers, dates `YYYY-MM-DD`,
   * timestamps ISO 8601 in UTC.
   */
  query<R extends Row = Row>(sql: string, parameters?: readonly Cell[]): Promise<R[]>;
  /**
   * Reads what a SELECT gives, some thousand rows at a time, each as cells in the order of its columns and as `query`
   * gives them. Nothing else may run on the engine until the last batch is taken or the loop is left.
   */
  read(select: string): AsyncIterable<Cell[][]>;
  /** Runs `work` in one transaction: all of it becomes visible at once, or nothing does. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /** Column names and types of a query, without running it; throws the engine's binding error. */
  describe(sql: string): Promise<{ name: string; type: string }[]>;
  /**
   * Replaces `table` by the landed rows, inside the transaction that is open: the source's columns, `_row`,
   * for files `_file`, then `_extracted_at` and `_run_id`. Gives the rows loaded.
   */
  load(landed: LandedTable, table: TableName, stamp: LoadStamp): Promise<number>;
  /** What follows FROM, but for its alias: the landed rows with the source's columns, `_row` and, for files, `_file`. */
  landedRows(landed: LandedTable, stamp: LoadStamp): string;
  /** Frees what the landing holds in the engine, inside the transaction that is open. */
  discardLanded(landed: LandedTable): Promise<void>;
  /** What the rows of a loaded table, or of a SELECT, add up to, to be compared with what the landed ones did. */
  totals(
    table: TableName | { select: string },
    columns: readonly Column[],
    asked: TotalsAsked,
  ): Promise<ControlTotals>;
  /**
   * Replaces `table`, made with its schema if need be, by the rows of the SELECT; gives their number. The
   * SELECT starts on the first line of the statement, so that an error's `LINE n` counts the SELECT's lines.
   */
  buildTable(table: TableName, select: string): Promise<number>;
  /**
   * Replaces `table` by rows that the program computed, in batches as `read` gives them, so that a table of any size
   * passes in bounded memory; gives their number. `types` names the columns and their types in the common dialect; a
   * cell is cast from its text.
   */
  buildFromRows(
    table: TableName,
    types: Readonly<Record<string, string>>,
    batches: AsyncIterable<readonly (readonly Cell[])[]>,
  ): Promise<number>;
  /** The same as buildTable for a table of this connection alone, which is gone with it; `name` has no schema. */
  buildTemporary(name: string, select: string): Promise<void>;
  /**
   * SQL that evaluates an expression of a user row by row: `(it).value` is the result, and the whole is null
   * where the expression fails for that row (an overflow, a division by zero), so that one row ends no night.
   */
  attempt(attempted: Attempted): Promise<string>;
  /** Ends the statement that runs now, if any: it fails, and the engine goes on to work. */
  interrupt(): Promise<void>;
  /** For work that runs in DuckDB on every engine. One at a time; the caller closes it. */
  openScratch(): Promise<Scratch>;
  /** Makes what analysts read equal to `tables`, at once; readers see the old night or the new one. */
  publish(tables: readonly PublishedTable[]): Promise<PublishResult>;
  close(): Promise<void>;
}

/** Takes the bytes of a source off the wire. Runs in any process: it never opens the engine's own files. */
export interface Landing {
  /** For the tables of one source; nothing is opened before the first of them comes. */
  open(place: LandingPlace): LandingSession;
  /** Removes what killed runs landed outside their folder; `runId` is the run that goes on. */
  removeLeftovers(runId: string): Promise<void>;
}

/**
 * Lands tables, one after the other, in what it opened for the first: a small table takes less time to land than an
 * engine or a connection to open.
 */
export interface LandingSession {
  land(parts: AsyncIterable<StreamPart>, request: TableRequest, options: LandOptions): Promise<LandedTable>;
  close(): Promise<void>;
}

export interface LandingPlace {
  runId: string;
  /** Folder of the run. */
  folder: string;
  /** Folder for this session's files, within that of the run; no other session at the same time has it. */
  subfolder: string;
  /** Ends what lands, and the session with it. */
  signal: AbortSignal;
}

export interface LandOptions {
  /** File name without extension. */
  fileName: string;
  onBytes?: (bytes: number) => void;
}

/** What every row of one load is stamped with. */
export interface LoadStamp {
  /** ISO 8601 in UTC. */
  extractedAt: string;
  runId: string;
  /** Folder of the run: that of the landing, maybe mounted elsewhere. */
  folder: string;
}

export interface LandedTable {
  /**
   * Where the rows are, in order of arrival. For engine `duckdb` Parquet files, one per part, relative to the folder of
   * the run: they hold the source's columns and, for files, `_file` (path below the source's folder). `_row` is
   * the row's place in its file, 1 for the first: Parquet readers count it for nothing, where writing it would
   * make the landing a quarter slower. For engine `postgres` the name of the one table of schema `landing`, which
   * also holds `_row`.
   */
  pieces: readonly string[];
  columns: readonly Column[];
  hasFile: boolean;
  bytes: number;
  /** What the landed rows themselves add up to, to be compared with the source's word. */
  totals: ControlTotals;
}

/** An expression as `map` gives it, its columns replaced by what reads them. */
export interface Attempted {
  /** Unique within the statement: it names what an engine makes for it. */
  name: string;
  sql: string;
  /** As `describe` named it. */
  type: string;
  /** The columns that `sql` reads, with their types. */
  columns: readonly { name: string; type: string }[];
}

export interface TableName {
  schema: string;
  table: string;
}

export interface PublishedTable {
  /** The model or state table whose rows are published. */
  from: TableName;
  /** Name in schema `warehouse`. */
  name: string;
  key: readonly string[];
  comment: string;
  columnComments: Readonly<Record<string, string>>;
  /** Columns that only those see whole who may see personal data. */
  personal?: Readonly<Record<string, PersonalColumn>> | undefined;
}

export interface PublishResult {
  rows: Record<string, number>;
  /** Views and indexes of analysts that could not be carried over, with the reason. */
  notCarriedOver: { name: string; reason: string }[];
}
