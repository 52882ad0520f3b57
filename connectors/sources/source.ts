import type { Readable } from 'node:stream';
import type { EntityName } from '../../config/entities.ts';
import type { SourceConfig, TableConfig } from '../../config/schema.ts';
import type { LogChanges, LogPlace } from './change-log.ts';

/**
 * The one interface of every source. A source is opened as a snapshot: a read-only, repeatable view of all
 * its tables, read in turn on one connection, so that its tables agree with each other.
 */
export interface Source {
  readonly name: string;
  /** Tries the connection, then each table: existence, permission, columns. Never throws for what it finds. */
  check(requests: readonly TableRequest[]): AsyncIterable<CheckVerdict>;
  /** Every table that the login can read. */
  discover(): Promise<DiscoveredTable[]>;
  openSnapshot(signal: AbortSignal): Promise<Snapshot>;
  /** Lets the source free its log up to the first of these places of loaded tables; sources with such a log only. */
  releaseLog?(positions: readonly string[]): Promise<void>;
}

export interface Snapshot {
  /**
   * The columns of a table with their declared types, without reading its rows. The part that `read` gives has
   * the last word: a column that holds what its type cannot carry (`infinity`, `0000-00-00`) comes as text.
   */
  describe(request: TableRequest): Promise<Column[]>;
  /** The columns of the table's primary key, in its order; empty for queries, views and files. */
  primaryKey(request: TableRequest): Promise<string[]>;
  /** The rows, as one part from a database and one per file from files; `limit` for previews. */
  read(request: TableRequest, options?: { limit?: number }): AsyncIterable<StreamPart>;
  /** What the source itself says of the rows that `read` gave, within the same snapshot. Called after it. */
  control(request: TableRequest, columns: readonly Column[]): Promise<ControlTotals>;
  /** Where the cursor of a table stands; databases only. */
  cursor?(request: TableRequest, column: string): Promise<CursorFacts>;
  /** How many rows of the whole table lie in each window of its cursor; databases only. */
  windows?(request: TableRequest, windowing: Windowing): Promise<WindowCounts>;
  /**
   * What the log of the source says has changed in tables since they were loaded, as this snapshot sees it; sources
   * of which the config says how to read their log. Each table with its key.
   */
  changes?(tables: readonly LogTable[]): Promise<LogChanges>;
  /** How the files of a table were found to be written, to be kept for the next night; called after `read`. */
  form?(request: TableRequest): Promise<FoundForm>;
  close(): Promise<void>;
}

/** The part of a table that is read and counted, in place of all of it. Values are texts of the source. */
export type Slice =
  | {
      kind: 'cursor';
      column: string;
      /** Rows from this value on, less the lookback; null: from the first. */
      from: string | null;
      /** Rows below this value; null: to the last. */
      until: string | null;
      lookback: Lookback | null;
      /** Also rows that were written by a transaction from this one on (PostgreSQL); null: none. */
      horizon: string | null;
      /** Whether the rows without a value are among them. */
      nulls: 'with' | 'without';
    }
  /** Rows of these keys, each with its parts in the order of `table.key`. */
  | { kind: 'keys'; keys: readonly (readonly string[])[] };

export type Lookback = { seconds: number } | { steps: number };

export interface CursorFacts {
  /** As the table declares it. */
  column: Column;
  /**
   * The greatest value, as text in the source's own precision; of times at most the present of the source, so that a
   * row from the future hides none that come after it. null: there is none.
   */
  greatest: string | null;
  /**
   * PostgreSQL: no transaction before this one was under way in the snapshot. What it and later ones write may carry a
   * cursor of long ago when it becomes visible. null: the rows do not tell who wrote them.
   */
  horizon: string | null;
}

/** By what the rows of source and raw are counted beside each other. */
export interface Windowing {
  column: string;
  /** Days, steps of an integer, or no window but the whole table. */
  by: 'day' | 'all' | { step: string };
}

/** Rows by window: `2026-01-31` for a day, the first number of a step; `null` without a value in the cursor. */
export type WindowCounts = Readonly<Record<string, number>>;

/** What opens a source of one type: one entry of the registry. */
export interface SourceContext {
  name: string;
  config: SourceConfig;
  /** Folder of the config file; relative paths start here. */
  folder: string;
  /** By name of the table, what `Snapshot.form` gave on the night before. */
  knownForms?: Readonly<Record<string, TableForm>>;
}

/** How the files of a table are written, as far as they have shown it. Plain JSON, kept in the state. */
export interface TableForm {
  /** Each form once. */
  forms: readonly FileForm[];
  /** By name of the file: which of the forms it has. */
  files: Readonly<Record<string, number>>;
  /** By name of the column. */
  columns: Readonly<Record<string, ColumnForm>>;
}

/** The form of a CSV file; null for what it has not shown yet. */
export interface FileForm {
  /** null: nothing but ASCII. */
  encoding: string | null;
  /** null: one column only. */
  delimiter: string | null;
  /** null: no field in quotes. */
  quote: string | null;
  hasBackslashEscapes: boolean;
  /** Names of the columns as the first row gives them; null: the first row is a record. */
  header: readonly string[] | null;
}

export interface ColumnForm {
  decimal?: '.' | ',';
  /** strftime pattern of dates that are not ISO 8601. */
  dateFormat?: string;
}

export interface FoundForm {
  form: TableForm;
  /** For people: a line for each file, and one for each column whose values are not written as SQL writes them. */
  described: readonly string[];
  /** What a person should know: a new file written in another way than the others, dates that could be either. */
  notices: readonly string[];
}

export interface TableRequest {
  /** As in the config: `billing.payments`, `tickets.csv`, or a free name where `table.query` is given. */
  name: string;
  table: TableConfig;
  /** Raw columns that the control totals sum: those that a money column of the entity is mapped from. */
  moneyColumns: readonly string[];
  /** How much the control totals say; default: `keys`. */
  verify?: Verify;
  /** Which rows are read; default: all. */
  slice?: Slice;
  /** Which columns are read; default: all. */
  only?: readonly string[];
}

/** A table whose changes the log is asked for. */
export interface LogTable {
  request: TableRequest;
  /** null: the table was never read by the log. */
  known: LogPlace | null;
}

export type Verify = NonNullable<TableConfig['verify']>;

/** What control totals are asked for. */
export interface TotalsAsked {
  key: readonly string[];
  moneyColumns: readonly string[];
  verify: Verify;
}

export function totalsAsked({ table, moneyColumns, verify = 'keys' }: TableRequest): TotalsAsked {
  return { key: table.key ?? [], moneyColumns, verify };
}

/**
 * Types of raw columns. `decimal` carries precision and scale; what fits in none of these travels as text in
 * the source's own notation. `timestamp` is without zone, in the source's timezone; `timestamptz` is UTC.
 */
export type RawType =
  | 'text'
  | 'boolean'
  | 'integer'
  | 'bigint'
  | 'double'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamptz'
  | { precision: number; scale: number };

export interface Column {
  name: string;
  type: RawType;
  /** The source's own word for the type. */
  sourceType: string;
  /** What a person should know of how it travels: `holds numbers of 1000 digits, above 38, and comes as text`. */
  warning?: string;
  /** How the text of a file's column writes its values, where that is not the engine's own notation. */
  valueFormat?: ValueFormat;
}

/** Found in a sample of the file, or given by `format:` of the config. Raw keeps the text; conform reads it so. */
export interface ValueFormat {
  /** `1.234,56` in place of `1234.56`. */
  decimal?: ',';
  /** strftime pattern of dates and times, e.g. `%d/%m/%Y %H:%M`; only where it is not ISO 8601. */
  dateFormat?: string;
}

/** How bytes are to be parsed. Databases always send `canonicalDialect`. */
export interface CsvDialect {
  delimiter: string;
  quote: string;
  escape: string;
  newline: '\n' | '\r\n';
  hasHeader: boolean;
  /** Unquoted text that means NULL, besides no text at all; `""` quoted is always the empty string. */
  nullText: string;
}

export const canonicalDialect: CsvDialect = {
  delimiter: ',',
  quote: '"',
  escape: '"',
  newline: '\n',
  hasHeader: false,
  nullText: '',
};

/** CSV bytes with their dialect, or a file in a format that the engine's reader takes as it is. */
export type StreamPart =
  | {
      kind: 'csv';
      columns: readonly Column[];
      dialect: CsvDialect;
      bytes: Readable;
      file?: string;
    }
  | { kind: 'file'; columns: readonly Column[]; format: 'parquet'; path: string; file: string };

/**
 * Source, landing and engine compute these independently of each other, each in its own SQL. Under `verify: count`
 * only `rows`, under `keys` all but `rowChecksum`.
 *
 * A checksum is Σ of the first 8 hex digits, read as a number, of md5(text as UTF-8). It is free of order, so that
 * no side has to sort. The text of a value is that of DuckDB, which every side can write, but for two types: a
 * double is its 64 bits as 16 hex digits, since no two servers agree on the shortest digits of `1e23` (-0 counts
 * as 0), and in a text each NUL is U+FDD0, as it lands.
 */
export interface ControlTotals {
  rows: bigint;
  /**
   * Exact decimals as text, by the column's own name. A double counts with the four places of money, else its sum
   * would depend on the order of the rows.
   */
  sums: Readonly<Record<string, string>>;
  /** Σ of an integer key of one column; else the checksum of the key, its parts joined by `|`, NULL as no text. */
  keyChecksum: string | null;
  /** Checksum of the money columns that travel as text and have no sum, joined as in `rowChecksum`. */
  moneyChecksum: string | null;
  /**
   * Checksum of all columns, joined by commas, NULL as no text. Before a text stand its length in bytes and a colon,
   * so that no two rows read the same; in place of one with more than `wholeTextBytes` stands its md5.
   */
  rowChecksum: string | null;
}

/** So the text of a row stays far below `max_allowed_packet` of MySQL, above which it would be NULL. */
export const wholeTextBytes = 1000;

export interface CheckVerdict {
  /** `finance`, or `finance.billing.payments`. */
  subject: string;
  isOk: boolean;
  /** `connected to PostgreSQL 15.3 as reader, read-only`, or what is wrong. */
  message: string;
  code?: string;
  hint?: string;
}

export interface DiscoveredTable {
  name: string;
  columns: Column[];
  key: string[];
  estimatedRows: number | null;
  bytes: number | null;
  looksLike: EntityName | null;
}
