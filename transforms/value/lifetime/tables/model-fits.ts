import type { Step } from '../../../step.ts';
import { oneBatch } from './one-batch.ts';
import { readResultRows } from './read-result-rows.ts';
import { runIdOf } from './run-id.ts';

const table = { schema: 'value', table: 'model_fits' };

const types = {
  run_id: 'text',
  model: 'text',
  segment: 'text',
  parameter: 'text',
  value: 'double precision',
  standard_error: 'double precision',
  log_likelihood: 'double precision',
  customers: 'bigint',
  chosen: 'boolean',
  reason: 'text',
};

/** What every model was fitted to, which of them is used, and why. */
export function modelFits(tables: readonly string[]): Step {
  return {
    table,
    needs: [...tables, 'settings.run'],
    header: {
      comment:
        'The models of purchases to come and of what they are worth: parameters, which model is used, and why',
      grain: 'one parameter of one model in one segment',
      key: ['model', 'segment', 'parameter'],
      publish: 'model_fits',
      tests: [],
      columns: {
        run_id: 'The run',
        model:
          'Purchases: nbd, bg_nbd, mbg_nbd, pareto_nbd, bg_cnbd and mbg_cnbd (regular), rate (each customer as often as so far), recency_correction (what the back-test taught about who purchases more or less). Margin of a purchase: gamma_gamma, own_mean, population_mean; of its cost to serve the same with _of_cost. First purchases of prospects: prospect_logit, prospect_share (one share for all). Contracts: shifted_beta_geometric, geometric',
        segment:
          'Customers who were fitted together: all, or column=value of value.lifetime.segment; prospects: those who had not bought yet; contracts: customers with a contract',
        parameter: 'Name of the parameter in its publication, or of the feature whose log-odds it is',
        value: 'Its estimate; times in units of value.lifetime.time_unit, money in the reporting currency',
        standard_error:
          'Its standard error; null where it is at the edge of what is possible, or no data speak of it',
        log_likelihood: 'Log-likelihood of the model, times in that unit; null where the model has none',
        customers: 'Customers that it was fitted to',
        chosen: 'True if the values of this night rest on it',
        reason: 'Why it is used or not, with every warning',
      },
    },
    build: async (engine) => {
      const runId = await runIdOf(engine);
      const { fits } = await readResultRows(engine, tables);
      const rows = fits.map((fit) => [
        runId,
        fit.model,
        fit.segment,
        fit.parameter,
        fit.value,
        fit.standardError,
        fit.logLikelihood,
        fit.customers,
        fit.chosen,
        fit.reason,
      ]);
      return engine.buildFromRows(table, types, oneBatch(rows));
    },
  };
}
