import type { LandedTable } from '../connectors/engines/engine.ts';
import type { LogPlace } from '../connectors/sources/change-log.ts';
import type {
  Column,
  ControlTotals,
  TableForm,
  TotalsAsked,
  WindowCounts,
  Windowing,
} from '../connectors/sources/source.ts';
import type { ReadPlan } from './read-plan.ts';

/** One table as the source sent it, and what the source itself says of it. Plain JSON. */
export interface ExtractedTable {
  name: string;
  /** Where the rows are; see LandedTable. */
  pieces: readonly string[];
  columns: readonly Column[];
  hasFile: boolean;
  /** Columns that make the key, empty where the table has none, and what else the totals were asked for. */
  asked: TotalsAsked;
  bytes: number;
  landed: TotalsAsText;
  control: TotalsAsText;
  /** How its files are written, to be kept for the next night. */
  form?: TableForm;
  /** How it was read. */
  read: ReadPlan;
  /** Where its cursor stood in the snapshot, for a table that has one. */
  position?: { cursor: string | null; horizon: string | null };
  /** Rows at the source by window of the cursor, to be compared with those of raw. */
  windows?: { windowing: Windowing; counts: WindowCounts };
  /** All keys of the source, where they were read to find what is gone. */
  keys?: LandedKeys;
  /** Where the log of the source stands in the snapshot, for a table that is read by it. */
  log?: LogPlace;
}

export type LandedKeys = Pick<
  ExtractedTable,
  'pieces' | 'columns' | 'hasFile' | 'bytes' | 'landed' | 'control'
>;

/** As JSON carries it. */
export type TotalsAsText = Omit<ControlTotals, 'rows'> & { rows: string };

/** The landed table as the engine loads it. */
export function landedTable({ pieces, columns, hasFile, bytes, landed }: LandedKeys): LandedTable {
  return { pieces, columns, hasFile, bytes, totals: totalsOf(landed) };
}

export function asText({ rows, ...totals }: ControlTotals): TotalsAsText {
  return { ...totals, rows: rows.toString() };
}

function totalsOf({ rows, ...totals }: TotalsAsText): ControlTotals {
  return { ...totals, rows: BigInt(rows) };
}
