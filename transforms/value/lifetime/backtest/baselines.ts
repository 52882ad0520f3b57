import type { BacktestWindow } from '../lifetime-data.ts';

/** What a prediction must beat: arithmetic that needs no model. */
export type BaselineName = 'rate' | 'last_period' | 'zero';

export const baselineNames: readonly BaselineName[] = ['rate', 'last_period', 'zero'];

/** Predictions of a baseline in the window: repeats per day so far, the last period once more, or nothing. */
export function baselinePredictions(
  name: BaselineName,
  { cells, horizonDays }: BacktestWindow,
): Float64Array {
  if (name === 'zero') return new Float64Array(cells.repeats.length);
  if (name === 'last_period') return cells.previous;
  return rateForecast(cells, horizonDays);
}

/** x / T times the horizon; a customer of the very day has no rate yet and is expected to do nothing. */
export function rateForecast(
  { repeats, ageDays }: { repeats: Float64Array; ageDays: Float64Array },
  horizonDays: number,
): Float64Array {
  return repeats.map((x, row) => (x === 0 ? 0 : (x * horizonDays) / Math.max(ageDays[row] as number, 1)));
}
