import type { ModelJudgement } from '../models/purchase-model.ts';
import type { Triples } from '../triples.ts';
import { expectedByPair, indexPairs, meanOverHidden } from './pair-table.ts';

/** What a model expects of each cell. */
export interface CellPredictions {
  alive: Float64Array;
  /** Expected purchases by the horizons asked for, one column each. */
  expected: Float64Array[];
}

/** Probability of being alive, and expected purchases in each of `horizonsDays`, for every cell. */
export function predictCells(
  judgement: ModelJudgement,
  cells: Triples,
  horizonsDays: readonly number[],
): CellPredictions {
  const pairs = indexPairs(cells);
  const tables = horizonsDays.map((days) => expectedByPair(judgement, pairs, days));
  const rows = cells.repeats.length;
  const alive = new Float64Array(rows);
  const expected = horizonsDays.map(() => new Float64Array(rows));
  const hidden = new Float64Array(judgement.hiddenStates);
  const customer = { repeats: 0, lastDays: 0, ageDays: 0 };
  for (let row = 0; row < rows; row++) {
    customer.repeats = cells.repeats[row] as number;
    customer.lastDays = cells.lastDays[row] as number;
    customer.ageDays = cells.ageDays[row] as number;
    const aliveNow = judgement.aliveProbability(customer);
    alive[row] = aliveNow;
    judgement.hiddenProbabilities(customer, hidden);
    for (let horizon = 0; horizon < tables.length; horizon++) {
      const mean = meanOverHidden(tables[horizon] as Float64Array, pairs.pairOf[row] as number, hidden);
      (expected[horizon] as Float64Array)[row] = aliveNow * mean;
    }
  }
  return { alive, expected };
}
