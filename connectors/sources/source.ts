import type { Readable } from 'node:stream';
import type { EntityName } from '../../config/entities.ts';
import type { WhalecurveError } from '../../config/error.ts';
import type { SourceConfig, TableConfig } from '../../config/schema.ts';

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
  close(): Promise<void>;
}

/** What opens a source of one type: one entry of the registry. */
export interface SourceContext {
  name: string;
  config: SourceConfig;
  /** Folder of the config file; relative paths start here. */
  folder: string;
}

export interface TableRequest {
  /** As in the config: `billing.payments`, `tickets.csv`, or a free name where `table.query` is given. */
  name: string;
  table: TableConfig;
  /** Raw columns that the control totals sum: those that a money column of the entity is mapped from. */
  moneyColumns: readonly string[];
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
      /** When the engine's reader refused the bytes: what is wrong, as `file:line`, or null. Reads them again. */
      explain?: () => Promise<WhalecurveError | null>;
    }
  | { kind: 'file'; columns: readonly Column[]; format: 'jsonl' | 'parquet'; path: string; file: string };

/**
 * Source and landing compute these independently of each other, each in its own SQL.
 * `sums`: exact decimals as text, by the column's own name; a double counts with the four places of money, else its
 * sum would depend on the order of the rows; text has no sum. `keyChecksum`: integer keys of one column are summed; any other key is
 * Σ of the first 8 hex digits, read as a number, of md5(key as UTF-8 text, its parts joined by `|`, NULL as
 * empty text). It is free of order, so that no side has to sort. null: no key, or the source cannot compute it.
 */
export interface ControlTotals {
  rows: bigint;
  sums: Readonly<Record<string, string>>;
  keyChecksum: string | null;
}

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
