import type { Engine } from '../../../../connectors/engines/engine.ts';
import type { ModelBacktestRow, ModelFitRow } from '../result-rows.ts';

/**
 * What the nights' models say of themselves, in the order of the tables: each has a row for each segment, with the
 * rows of model_fits and of model_backtests as JSON.
 */
export async function readResultRows(
  engine: Engine,
  tables: readonly string[],
): Promise<{ fits: ModelFitRow[]; backtests: ModelBacktestRow[] }> {
  const found: { fits: ModelFitRow[]; backtests: ModelBacktestRow[] } = { fits: [], backtests: [] };
  for (const table of tables) {
    const rows = await engine.query<{ fits: string; backtests: string }>(
      `select fits, backtests from ${table} order by segment nulls last`,
    );
    for (const { fits, backtests } of rows) {
      found.fits.push(...(JSON.parse(fits) as ModelFitRow[]));
      found.backtests.push(...(JSON.parse(backtests) as ModelBacktestRow[]));
    }
  }
  return found;
}
