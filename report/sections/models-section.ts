import { barFigure } from '../page/bar-figure.ts';
import { html } from '../page/html.ts';
import type { ReadSection } from '../page/section.ts';
import { table } from '../page/table.ts';
import { holds } from '../warehouse.ts';

/** How well the models of future value did where the answer is known, beside simple guesses. */
export const modelsSection: ReadSection = async (warehouse, figures) => {
  if (!holds(warehouse, 'model_backtests', ['model', 'actual', 'predicted'])) return null;
  const tests = await warehouse.query(
    `select model, segment, cut_date, horizon_days, actual, predicted, bias, rmse, top20_share, rmse_rate_baseline,
       rmse_last_period_baseline, rmse_zero_baseline, chosen
     from warehouse.model_backtests where run_id = $1
     order by segment nulls last, cut_date nulls last, chosen desc nulls last, rmse nulls last, model nulls last`,
    [warehouse.run.runId],
  );
  if (tests.length === 0) return null;
  const fits = holds(warehouse, 'model_fits', ['model', 'chosen', 'reason'])
    ? await warehouse.query(
        `select distinct segment, model, customers, log_likelihood, reason from warehouse.model_fits
         where run_id = $1 and chosen order by segment nulls last, model nulls last`,
        [warehouse.run.runId],
      )
    : [];
  // Prospects and contracts are tested apart; the table has them.
  const chosen = tests.filter(
    (row) => row.chosen === true && row.segment !== 'prospects' && row.segment !== 'contracts',
  );
  const bars = chosen.flatMap((row) => [
    {
      name: `came from ${row.cut_date}`,
      amount: Number(row.actual),
      label: figures.count(row.actual),
    },
    {
      name: `${row.model} foretold`,
      amount: Number(row.predicted),
      label:
        row.bias === null
          ? figures.count(row.predicted)
          : `${figures.count(row.predicted)} (${figures.percent(row.bias)})`,
    },
  ]);
  const chart =
    bars.length === 0
      ? null
      : await barFigure(
          'models-chart',
          'Purchases foretold by the chosen model, and those that came',
          bars,
          'Purchases',
        );
  return {
    id: 'models',
    title: 'How well the future is known',
    meaning:
      'Each night the last part of the history is hidden, foretold, and compared with what happened and with simple guesses: own rate, last period, nothing at all.',
    body: html`${chart}
${table('Back-tests of this night', tests, [
  { title: 'Model', cell: (row) => `${row.model}${row.chosen === true ? ' (chosen)' : ''}` },
  { title: 'Segment', cell: (row) => String(row.segment ?? 'all') },
  { title: 'Cut on', cell: (row) => String(row.cut_date ?? '–') },
  { title: 'Days', isNumber: true, cell: (row) => figures.count(row.horizon_days) },
  { title: 'Came', isNumber: true, cell: (row) => figures.count(row.actual) },
  { title: 'Foretold', isNumber: true, cell: (row) => figures.count(row.predicted) },
  { title: 'Bias', isNumber: true, cell: (row) => figures.percent(row.bias) },
  { title: 'RMSE', isNumber: true, cell: (row) => figures.number(row.rmse) },
  { title: 'RMSE of own rate', isNumber: true, cell: (row) => figures.number(row.rmse_rate_baseline) },
  {
    title: 'RMSE of last period',
    isNumber: true,
    cell: (row) => figures.number(row.rmse_last_period_baseline),
  },
  { title: 'RMSE of zero', isNumber: true, cell: (row) => figures.number(row.rmse_zero_baseline) },
])}
${
  fits.length === 0
    ? null
    : html`<h3>Models in use, and why</h3>
<ul>
${fits.map(
  (
    row,
  ) => html`<li><strong>${String(row.model)}</strong> (${String(row.segment ?? 'all')}, ${figures.count(row.customers)} customers): ${String(row.reason ?? '')}</li>
`,
)}</ul>`
}`,
    advice:
      'Trust lifetime values of groups more than those of single customers, and plan with the interval, not the middle.',
  };
};
