import type { Step } from '../../../step.ts';
import { oneBatch } from './one-batch.ts';
import { readResultRows } from './read-result-rows.ts';
import { runIdOf } from './run-id.ts';

const table = { schema: 'value', table: 'model_backtests' };

const types = {
  run_id: 'text',
  model: 'text',
  segment: 'text',
  cut_date: 'date',
  horizon_days: 'integer',
  actual: 'double precision',
  predicted: 'double precision',
  bias: 'double precision',
  rmse: 'double precision',
  poisson_deviance: 'double precision',
  top20_share: 'double precision',
  mae: 'double precision',
  rank_correlation: 'double precision',
  rmse_rate_baseline: 'double precision',
  rmse_last_period_baseline: 'double precision',
  rmse_zero_baseline: 'double precision',
  chosen: 'boolean',
  reason: 'text',
};

/** How well each model foretold the end of the history from its beginning. */
export function modelBacktests(tables: readonly string[]): Step {
  return {
    table,
    needs: [...tables, 'settings.run'],
    header: {
      comment:
        'The back-test of this night: every model was fitted to the history up to a cut, and foretold what came after it. The models compete in the window that ends with the as-of date',
      grain: 'one model in one window of the back-test of one segment',
      key: ['model', 'segment', 'cut_date', 'horizon_days'],
      publish: 'model_backtests',
      tests: [],
      columns: {
        run_id: 'The run',
        model: 'As in model_fits; _corrected: with the correction that the window before has taught',
        segment:
          'Customers who were fitted together: all, or column=value of value.lifetime.segment; prospects: those who had not bought yet; contracts: customers with a contract',
        cut_date: 'Last day that the model saw',
        horizon_days: 'Days after it that it foretold',
        actual: 'Purchases that happened',
        predicted: 'Purchases that it foretold',
        bias: 'predicted / actual - 1; null where nothing happened',
        rmse: 'Square root of the mean squared error per customer',
        poisson_deviance: 'Mean per customer of 2 x (y ln(y / p) - (y - p)); lower is better',
        top20_share:
          'Share of what happened that the fifth of the customers with the highest predictions did',
        mae: 'Mean absolute error per customer; nothing at all foretold for everyone is often the best by it',
        rank_correlation:
          'Of foretold and actual purchases (Spearman); null where one of them is the same for all',
        rmse_rate_baseline:
          'rmse of repeats per day so far, going on; for prospects, of the share that had bought before; for contracts, of each going on for ever',
        rmse_last_period_baseline: 'rmse of the purchases of as many days before the cut, once more',
        rmse_zero_baseline: 'rmse of no purchase at all',
        chosen: 'True for the model that the values of this night rest on',
        reason: 'Why that one',
      },
    },
    build: async (engine) => {
      const runId = await runIdOf(engine);
      const { backtests } = await readResultRows(engine, tables);
      const rows = backtests.map((test) => [
        runId,
        test.model,
        test.segment,
        test.cutDate,
        test.horizonDays,
        test.actual,
        test.predicted,
        test.bias,
        test.rmse,
        test.poissonDeviance,
        test.top20Share,
        test.mae,
        test.rankCorrelation,
        test.rmseRateBaseline,
        test.rmseLastPeriodBaseline,
        test.rmseZeroBaseline,
        test.chosen,
        test.reason,
      ]);
      return engine.buildFromRows(table, types, oneBatch(rows));
    },
  };
}
