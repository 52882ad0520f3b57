import type { Column, ControlTotals, TotalsAsked } from '../../sources/source.ts';

/** How landed rows come into a table that holds others. */
export interface Merge {
  /**
   * upsert: a row takes the place of the one of its key; append: a row of a key that is there already is left out;
   * whole: as upsert, and the landed rows are all that the source has.
   */
  mode: 'upsert' | 'append' | 'whole';
  key: readonly string[];
  /** The columns of the table before it. */
  before: readonly Column[];
  asked: TotalsAsked;
  /** Keys that were asked for, in the order of `key`: those without a landed row are gone at the source. */
  touchedKeys?: readonly (readonly string[])[];
  /** `finance.billing.payments`, for errors. */
  subject: string;
}

export interface MergeResult {
  /** Those of the table after it. */
  columns: Column[];
  /** Rows that were written: new, or other than before. */
  changed: number;
  /** Those of them whose key the table did not have, and those that were marked as deleted. */
  added: number;
  revived: number;
  /** Rows that are marked as deleted since now. */
  vanished: number;
  /** What the rows of the table with a landed key add up to; null without any, and where older rows stay by intent. */
  totals: ControlTotals | null;
}
