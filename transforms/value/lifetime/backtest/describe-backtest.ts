import type { BacktestWindow } from '../lifetime-data.ts';
import type { ModelBacktestRow } from '../result-rows.ts';
import { type BaselineName, baselineNames, baselinePredictions } from './baselines.ts';
import { measurePredictions } from './measures.ts';

/** RMSE of the baselines in a window. */
export type BaselineErrors = Record<BaselineName, number>;

export function baselineErrors(window: BacktestWindow): BaselineErrors {
  const { later, customers } = window.cells;
  const errors = baselineNames.map((name) => [
    name,
    rootMeanSquare(later, baselinePredictions(name, window), customers),
  ]);
  return Object.fromEntries(errors) as BaselineErrors;
}

export function rootMeanSquare(
  later: Float64Array,
  predicted: Float64Array,
  customers: Float64Array,
): number {
  let squares = 0;
  let total = 0;
  for (let row = 0; row < later.length; row++) {
    const n = customers[row] as number;
    squares += n * ((later[row] as number) - (predicted[row] as number)) ** 2;
    total += n;
  }
  return Math.sqrt(squares / total);
}

/** The row of `warehouse.model_backtests` of one model in one window. */
export function backtestRow(
  name: { model: string; segment: string },
  window: BacktestWindow,
  predicted: Float64Array,
  baselines: BaselineErrors,
  verdict: { chosen: boolean; reason: string },
): ModelBacktestRow {
  const { later, customers } = window.cells;
  return {
    ...name,
    cutDate: window.cutDate,
    horizonDays: window.horizonDays,
    ...measurePredictions(later, predicted, customers),
    rmseRateBaseline: baselines.rate,
    rmseLastPeriodBaseline: baselines.last_period,
    rmseZeroBaseline: baselines.zero,
    ...verdict,
  };
}
