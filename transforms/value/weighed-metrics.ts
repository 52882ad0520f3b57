import { quoteName, quoteText } from '../../connectors/engines/quote.ts';
import type { Step } from '../step.ts';
import type { WeighedMetric } from './metric-models.ts';

/**
 * The step `value.metrics`: the metrics that the score weighs, one row each. It finds them by name in the models that
 * measure them, so that a new metric is a new model and a weight.
 */
export function weighedMetricsStep(weighed: readonly WeighedMetric[]): Step {
  const tables = [...new Set(weighed.map(({ table }) => table.table))].sort();
  return {
    table: { schema: 'value', table: 'metrics' },
    needs: ['customers.customers', 'value.activity', ...tables.map((table) => `value.${table}`)],
    header: {
      comment: 'The metrics that the score weighs, one row each, from the models that measure them',
      grain: 'one metric of one customer',
      key: ['customer_id', 'metric'],
      tests: [],
      columns: {
        customer_id: 'The customer',
        metric: 'Name, as in value.weights',
        weight: 'Weight of the metric as set',
        better: 'lower or higher',
        is_result: 'True if no action moves it by itself',
        raw_value: 'The value; null where the customer has none',
        oriented_value: 'The value with its sign turned where less is better',
        unit_amount:
          'Money over the behaviour window that one unit for the better is worth; null if not known',
        is_active: 'True if the customer is one of those who are compared',
      },
    },
    build: (engine) =>
      engine.buildTable({ schema: 'value', table: 'metrics' }, metricsSelect(weighed, tables)),
  };
}

function metricsSelect(weighed: readonly WeighedMetric[], tables: readonly string[]): string {
  const cell = ({ name, table }: WeighedMetric, column: string) =>
    `when ${quoteText(name)} then cast(${quoteName(table.table)}.${quoteName(column)} as decimal(18, 4))`;
  const values = weighed.map(
    ({ name, weight, better, isResult }) =>
      `(${quoteText(name)}, cast(${weight} as decimal(9, 4)), ${quoteText(better)}, ${isResult})`,
  );
  const amounts = weighed.flatMap((metric) =>
    metric.unitAmount === undefined ? [] : [cell(metric, metric.unitAmount)],
  );
  const joins = tables.map(
    (table) =>
      `left join value.${quoteName(table)} as ${quoteName(table)} on ${quoteName(table)}.customer_id = customer.customer_id`,
  );
  return `with weighed (metric, weight, better, is_result) as (values ${values.join(', ')}),
    measured as (
      select customer.customer_id, weighed.metric, weighed.weight, weighed.better, weighed.is_result,
        case weighed.metric ${weighed.map((metric) => cell(metric, metric.scoredBy)).join(' ')} end as raw_value,
        ${amounts.length === 0 ? 'cast(null as decimal(18, 4))' : `case weighed.metric ${amounts.join(' ')} end`}
          as unit_amount,
        active.is_active
      from customers.customers as customer
      inner join value.activity as active on active.customer_id = customer.customer_id
      ${joins.join(' ')}
      cross join weighed
    )
    select customer_id, metric, weight, better, is_result, raw_value,
      case when better = 'lower' then -raw_value else raw_value end as oriented_value,
      unit_amount, is_active
    from measured`;
}
