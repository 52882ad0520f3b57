import type { Column, ControlTotals, StreamPart, TableRequest } from '../sources/source.ts';

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
  /** Runs `work` in one transaction: all of it becomes visible at once, or nothing does. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /** Column names and types of a query, without running it; throws the engine's binding error. */
  describe(sql: string): Promise<{ name: string; type: string }[]>;
  /**
   * Replaces `table` by the landed rows, inside the transaction that is open: the source's columns, `_row`,
   * for files `_file`, then `_extracted_at` and `_run_id`. Gives the rows loaded.
   */
  load(landed: LandedTable, table: TableName, stamp: LoadStamp): Promise<number>;
  /**
   * Replaces `table`, made with its schema if need be, by the rows of the SELECT; gives their number. The
   * SELECT starts on the first line of the statement, so that an error's `LINE n` counts the SELECT's lines.
   */
  buildTable(table: TableName, select: string): Promise<number>;
  /** Makes what analysts read equal to `tables`, at once; readers see the old night or the new one. */
  publish(tables: readonly PublishedTable[]): Promise<PublishResult>;
  close(): Promise<void>;
}

/** Takes the bytes of a source off the wire. Runs in any process: it never opens the engine's own files. */
export interface Landing {
  land(parts: AsyncIterable<StreamPart>, request: TableRequest, options: LandOptions): Promise<LandedTable>;
}

export interface LandOptions {
  /** Folder of the run, shared by every worker. */
  folder: string;
  /** File name without extension. */
  fileName: string;
  signal: AbortSignal;
  onBytes?: (bytes: number) => void;
}

/** What every row of one load is stamped with. */
export interface LoadStamp {
  /** ISO 8601 in UTC. */
  extractedAt: string;
  runId: string;
}

export interface LandedTable {
  /**
   * Parquet files, one per part, rows in order of arrival. They hold the source's columns and, for files,
   * `_file` (path below the source's folder). `_row` is the row's place in its file, 1 for the first: Parquet
   * readers count it for nothing, where writing it would make the landing a quarter slower.
   */
  paths: readonly string[];
  columns: readonly Column[];
  hasFile: boolean;
  bytes: number;
  /** What the landed rows themselves add up to, to be compared with the source's word. */
  totals: ControlTotals;
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
}

export interface PublishResult {
  rows: Record<string, number>;
  /** Views and indexes of analysts that could not be carried over, with the reason. */
  notCarriedOver: { name: string; reason: string }[];
}
