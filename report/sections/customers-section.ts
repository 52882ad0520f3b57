import type { Row } from '../../connectors/engines/engine.ts';
import type { Figures } from '../page/figures.ts';
import { type Html, html } from '../page/html.ts';
import type { ReadSection } from '../page/section.ts';
import { table } from '../page/table.ts';
import type { Warehouse } from '../warehouse.ts';
import { longestLifetimeValue } from './standing-section.ts';

const shown = 10;

/** The customers who contribute most and least, by name. */
export const customersSection: ReadSection = async (warehouse, figures) => {
  const best = await customersBy(warehouse, 'desc');
  const worst = await customersBy(warehouse, 'asc');
  return {
    id: 'customers',
    title: 'The best and the worst',
    meaning: 'Who stands at the two ends of the whale curve.',
    body: html`${customersTable(`The ${best.length} who contributed most`, best, figures)}
${customersTable(`The ${worst.length} who contributed least`, worst, figures)}`,
    advice: html`See every figure behind a line by <code>whalecurve explain</code> and the id of the customer.`,
  };
};

function customersBy(warehouse: Warehouse, direction: 'asc' | 'desc'): Promise<Row[]> {
  return warehouse.query(`
    select
      coalesce(c.company_name, c.full_name, nullif(concat_ws(' ', c.given_name, c.family_name), ''), c.customer_id) as name,
      c.customer_id, v.tier, v.value_group, v.net_revenue, v.cost_to_serve, v.net_contribution,
      ${longestLifetimeValue(warehouse) ?? 'cast(null as decimal(18, 4))'} as lifetime_value
    from warehouse.customer_value as v
    join warehouse.customers as c on c.customer_id = v.customer_id
    order by v.net_contribution ${direction} nulls last, v.customer_id nulls last
    limit ${shown}`);
}

function customersTable(caption: string, rows: readonly Row[], figures: Figures): Html {
  return table(caption, rows, [
    { title: 'Customer', cell: (row) => html`${String(row.name)} <code>${String(row.customer_id)}</code>` },
    { title: 'Tier', cell: (row) => String(row.tier ?? '–') },
    { title: 'Group', cell: (row) => String(row.value_group ?? '–').replaceAll('_', ' ') },
    { title: 'Net revenue', isNumber: true, cell: (row) => figures.money(row.net_revenue) },
    { title: 'Cost to serve', isNumber: true, cell: (row) => figures.money(row.cost_to_serve) },
    { title: 'Net contribution', isNumber: true, cell: (row) => figures.money(row.net_contribution) },
    { title: 'Lifetime value', isNumber: true, cell: (row) => figures.money(row.lifetime_value) },
  ]);
}
