import type { Triples } from './triples.ts';

/** Customers grouped by all that the forecast looks at: one row per distinct combination. */
export interface CustomerCells extends Triples {
  /** Repeats in the 91 days up to the day of the data, `recentWindowsDays.long`. */
  recentLong: Float64Array;
  /** Repeats in the 35 days up to the day of the data, `recentWindowsDays.short`. */
  recentShort: Float64Array;
}

/** Customers as they stood at a cut, grouped, with what they did after it. */
export interface BacktestCells extends CustomerCells {
  /** Purchase days in the window of the same length that ends at the cut, the first one included. */
  previous: Float64Array;
  /** Purchase days after the cut, up to the end of the window. */
  later: Float64Array;
}

/** One window of the back-test. Dates are ISO; the cut is the last day that the model sees. */
export interface BacktestWindow {
  cutDate: string;
  endDate: string;
  horizonDays: number;
  cells: BacktestCells;
  /** Σ ln(gap in days) over the repeat gaps up to the cut. */
  logGapSum: number;
}

/** The windows of `planWindows`, filled. */
export interface BacktestWindows {
  /** From the first cut to the as-of date. */
  whole: BacktestWindow;
  /** From the first cut to the second: what the correction learns from when it is put to the test. */
  learn: BacktestWindow;
  /** From the second cut to the as-of date: where it is tested. */
  test: BacktestWindow;
}

/** Sums over the customers with three purchase days or more; see `wheatMorrison`. */
export interface GapRatios {
  customers: number;
  sum: number;
  sumOfSquares: number;
}

/** All that one segment's purchase models need. */
export interface LifetimeData {
  segment: string;
  asOf: string;
  cells: CustomerCells;
  logGapSum: number;
  gapRatios: GapRatios;
  /** Undefined where the history is too short to leave a part of it out. */
  backtest: BacktestWindows | undefined;
}
