/** Rows of `warehouse.model_fits`, without the run: one per model and parameter. */
export interface ModelFitRow {
  model: string;
  segment: string;
  parameter: string;
  /** Times in the unit of the settings. */
  value: number;
  /** Null where the parameter is at a bound, or the likelihood is flat. */
  standardError: number | null;
  /** With times in the unit of the settings; null for what is no model of likelihood, such as a mean. */
  logLikelihood: number | null;
  customers: number;
  chosen: boolean;
  reason: string;
}

/** Rows of `warehouse.model_backtests`, without the run: one per model and window. */
export interface ModelBacktestRow {
  model: string;
  segment: string;
  cutDate: string;
  horizonDays: number;
  actual: number;
  predicted: number;
  bias: number | null;
  rmse: number;
  poissonDeviance: number;
  top20Share: number | null;
  mae: number;
  rankCorrelation: number | null;
  rmseRateBaseline: number;
  rmseLastPeriodBaseline: number;
  rmseZeroBaseline: number;
  chosen: boolean;
  reason: string;
}
