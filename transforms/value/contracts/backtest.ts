import { rootMeanSquare } from '../lifetime/backtest/describe-backtest.ts';
import { measurePredictions } from '../lifetime/backtest/measures.ts';
import type { ModelBacktestRow } from '../lifetime/result-rows.ts';
import type { ContractData, ContractHistories } from './contract-data.ts';

/** Root of the mean squared error of the invoices that came, per contract. */
export function errorOf({ later, customers }: ContractHistories, predicted: Float64Array): number {
  return rootMeanSquare(later, predicted, customers);
}

/** The row of `warehouse.model_backtests`: the rate baseline is every contract that had not ended going on for ever. */
export function contractBacktest(
  model: string,
  { before, cutDate, horizonDays, periods }: ContractData,
  predicted: Float64Array,
  verdict: { chosen: boolean; reason: string },
): ModelBacktestRow {
  return {
    model,
    segment: 'contracts',
    cutDate,
    horizonDays,
    ...measurePredictions(before.later, predicted, before.customers),
    rmseRateBaseline: errorOf(
      before,
      before.ended.map((ended) => (ended === 1 ? 0 : periods)),
    ),
    rmseLastPeriodBaseline: errorOf(before, before.previous),
    rmseZeroBaseline: errorOf(before, new Float64Array(predicted.length)),
    ...verdict,
  };
}
