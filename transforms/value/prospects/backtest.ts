import { measurePredictions } from '../lifetime/backtest/measures.ts';
import type { ModelBacktestRow } from '../lifetime/result-rows.ts';
import { type GroupedOutcomes, logLikelihoodOf } from './logistic-regression.ts';
import type { PastProspects } from './prospect-data.ts';

/** How well probabilities foretold who bought. */
export interface ProspectErrors {
  /** -log-likelihood per prospect; lower is better. */
  logLoss: number;
  /** Probability that a buyer had a higher one than somebody who did not buy, ties counting half (area under the curve). */
  concordance: number;
}

export function errorsOf(data: GroupedOutcomes, probabilities: Float64Array): ProspectErrors {
  const prospects = data.prospects.reduce((sum, n) => sum + n, 0);
  return {
    logLoss: -logLikelihoodOf(data, probabilities) / prospects,
    concordance: concordanceOf(data, probabilities),
  };
}

/**
 * The row of `warehouse.model_backtests`, where what is counted is a first purchase or none. The rate baseline is the
 * share of the prospects that the model learned from; the last period of who has not bought is nothing.
 */
export function prospectBacktest(
  model: string,
  tested: PastProspects,
  probabilities: Float64Array,
  { share, horizonDays, chosen, reason }: Verdict,
): ModelBacktestRow {
  const { later, predicted, customers } = oneByOne(tested, probabilities);
  const constant = (value: number) =>
    measurePredictions(
      later,
      predicted.map(() => value),
      customers,
    ).rmse;
  return {
    model,
    segment: 'prospects',
    cutDate: tested.seenOn,
    horizonDays,
    ...measurePredictions(later, predicted, customers),
    rmseRateBaseline: constant(share),
    rmseLastPeriodBaseline: constant(0),
    rmseZeroBaseline: constant(0),
    chosen,
    reason,
  };
}

interface Verdict {
  share: number;
  horizonDays: number;
  chosen: boolean;
  reason: string;
}

/** Two rows for each group: those who bought, and those who did not. */
function oneByOne({ prospects, buyers }: GroupedOutcomes, probabilities: Float64Array) {
  const rows = Array.from(prospects, (n, row) => [
    { later: 1, predicted: probabilities[row] as number, customers: buyers[row] as number },
    { later: 0, predicted: probabilities[row] as number, customers: n - (buyers[row] as number) },
  ])
    .flat()
    .filter(({ customers }) => customers > 0);
  return {
    later: Float64Array.from(rows, (row) => row.later),
    predicted: Float64Array.from(rows, (row) => row.predicted),
    customers: Float64Array.from(rows, (row) => row.customers),
  };
}

function concordanceOf({ prospects, buyers }: GroupedOutcomes, probabilities: Float64Array): number {
  const order = Array.from(probabilities, (_, row) => row).sort(
    (one, other) => (probabilities[one] as number) - (probabilities[other] as number),
  );
  let below = 0;
  let pairs = 0;
  let bought = 0;
  for (let from = 0; from < order.length; ) {
    let [others, here] = [0, 0];
    const value = probabilities[order[from] as number];
    for (; from < order.length && probabilities[order[from] as number] === value; from++) {
      const row = order[from] as number;
      here += buyers[row] as number;
      others += (prospects[row] as number) - (buyers[row] as number);
    }
    pairs += here * (below + others / 2);
    below += others;
    bought += here;
  }
  return bought > 0 && below > 0 ? pairs / (bought * below) : 0.5;
}
