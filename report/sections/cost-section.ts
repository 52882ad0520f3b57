import { barFigure } from '../page/bar-figure.ts';
import { html } from '../page/html.ts';
import type { ReadSection } from '../page/section.ts';
import { table } from '../page/table.ts';
import { holds } from '../warehouse.ts';

/** From revenue to contribution, and what the cost to serve is made of. */
export const costSection: ReadSection = async (warehouse, figures) => {
  const drivers = Object.entries(driverNames).filter(([column]) =>
    holds(warehouse, 'customer_value', [column]),
  );
  const columns = drivers.flatMap(([column]) => [
    `sum(${column}) as ${column}`,
    `count(case when ${column} > 0 then 1 end) as ${column}_customers`,
    `sum(case when value_band = 'destroyer' then ${column} else 0 end) as ${column}_of_destroyers`,
  ]);
  const [total] = await warehouse.query(
    `select sum(net_revenue) as net_revenue, sum(gross_margin) as gross_margin, sum(cost_to_serve) as cost_to_serve,
       sum(cost_of_credit) as cost_of_credit, sum(bad_debt) as bad_debt, sum(net_contribution) as net_contribution, ${columns.join(', ')}
     from warehouse.customer_value`,
  );
  if (total === undefined) return null;
  const sums = drivers
    .map(([column, name]) => ({
      name,
      cost: total[column],
      customers: total[`${column}_customers`],
      ofDestroyers: total[`${column}_of_destroyers`],
    }))
    .sort((one, other) => Number(other.cost) - Number(one.cost));
  const costToServe = Number(total.cost_to_serve);
  const share = (cost: unknown): number | null => (costToServe === 0 ? null : Number(cost) / costToServe);
  const steps: [string, string][] = [
    ['Net revenue', figures.money(total.net_revenue)],
    ['Gross margin', figures.money(total.gross_margin)],
    ['− Cost to serve', figures.money(total.cost_to_serve)],
    ['− Cost of credit', figures.money(total.cost_of_credit)],
    ['− Bad debt', figures.money(total.bad_debt)],
    ['= Net contribution', figures.money(total.net_contribution)],
  ];
  return {
    id: 'costs',
    title: 'The cost to serve',
    meaning:
      'What is earned on the goods is spent again on orders, deliveries, returns, calls and messages; the rates for them stand in the config.',
    body: html`${await barFigure(
      'cost-chart',
      'Cost to serve by what drives it',
      sums.map((row) => ({
        name: row.name,
        amount: Number(row.cost),
        label: `${figures.money(row.cost)} · ${figures.percent(share(row.cost))}`,
      })),
      `Cost, ${warehouse.run.currency}`,
    )}
${table('Cost to serve by driver', sums, [
  { title: 'Driver', cell: (row) => row.name },
  { title: 'Cost', isNumber: true, cell: (row) => figures.money(row.cost) },
  { title: 'Share', isNumber: true, cell: (row) => figures.percent(share(row.cost)) },
  { title: 'Customers', isNumber: true, cell: (row) => figures.count(row.customers) },
  { title: 'For destroyers', isNumber: true, cell: (row) => figures.money(row.ofDestroyers) },
])}
${table('From revenue to net contribution', steps, [
  { title: 'Step', cell: ([step]) => step },
  { title: 'Amount', isNumber: true, cell: ([, amount]) => amount },
])}`,
    advice:
      'Begin with the largest driver: a lower rate, a cheaper channel or a charge for it helps every customer at once.',
  };
};

const driverNames: Record<string, string> = {
  order_cost: 'Orders taken',
  line_cost: 'Lines handled',
  delivery_cost: 'Deliveries',
  return_handling_cost: 'Returns handled',
  support_cost: 'Support',
  campaign_cost: 'Campaigns',
  visit_cost: 'Sales visits',
  statement_cost: 'Statements',
  reminder_cost: 'Reminders',
};
