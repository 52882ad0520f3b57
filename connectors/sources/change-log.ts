import type { ErrorCode } from '../../config/error-codes.ts';

/*
 * What a database wrote into its log tells which rows changed since a night; their values are read by key from the
 * snapshot of the run, by the same SELECT as ever. So a value cannot look different because it came by the log, what
 * the log leaves out (TOASTed values that did not change, columns under a minimal row image) is not missed, a table
 * altered on the way needs no second reading of its columns, and what lands is the snapshot, whatever came after it.
 * Whatever the log cannot tell, for whatever reason, has one remedy: the table is read whole, and says why.
 */

/** Where in the log a table stands: all before is in raw. Kept with the rows; plain text. */
export interface LogPlace {
  position: string;
  /** How the log covers the table. What changes it (left the publication, made anew) may have left out rows. */
  coverage: string;
}

export interface LogChanges {
  /** By name of the table. */
  tables: Readonly<Record<string, TableChanges>>;
  /** What a person should know of the log itself. */
  notices: readonly string[];
  /** What the source keeps of its log for us, where it can be measured. */
  retained: RetainedLog | null;
}

export type TableChanges = {
  /** Where it stands once this snapshot is loaded; null: the log does not cover it. */
  place: LogPlace | null;
} & (
  | {
      kind: 'keys';
      /** Parts in the order of `table.key`, as the source writes them; of rows that exist and of those that are gone. */
      keys: readonly (readonly string[])[];
    }
  | { kind: 'whole'; gap: LogGap | null }
);

/** Why the log does not tell what changed in a table. */
export interface LogGap {
  code: ErrorCode;
  message: string;
  /** The SQL to run, where there is such. */
  hint?: string;
}

export interface RetainedLog {
  bytes: number;
  /** Above which a person is to be told. */
  limitBytes: number;
}
