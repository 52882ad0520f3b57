import { html } from '../page/html.ts';
import type { ReadSection } from '../page/section.ts';
import { table } from '../page/table.ts';
import { holds } from '../warehouse.ts';

/** What each tier is entitled to, what it uses, and what that costs before and after a change. */
export const servicesSection: ReadSection = async (warehouse, figures) => {
  const columns = [
    'tier',
    'service',
    'customers',
    'entitled',
    'used',
    'unit_amount',
    'cost_before',
    'cost_after',
  ];
  if (!holds(warehouse, 'service_levels', columns)) return null;
  const rows = await warehouse.query(
    `select ${columns.join(', ')} from warehouse.service_levels
     order by service nulls last, case when tier = 'A+' then 0 else 1 end nulls last, tier nulls last`,
  );
  if (rows.length === 0) return null;
  return {
    id: 'services',
    title: 'Service by tier',
    meaning: 'What customers of a tier may use, what they do use, and what it would cost if they kept to it.',
    body: html`${table('Services by tier', rows, [
      { title: 'Service', cell: (row) => String(row.service).replaceAll('_', ' ') },
      { title: 'Tier', cell: (row) => String(row.tier) },
      { title: 'Customers', isNumber: true, cell: (row) => figures.count(row.customers) },
      {
        title: 'Entitled to',
        isNumber: true,
        cell: (row) => (row.entitled === null ? 'no limit' : figures.number(row.entitled)),
      },
      { title: 'Used', isNumber: true, cell: (row) => figures.number(row.used) },
      { title: 'Unit cost', isNumber: true, cell: (row) => figures.money(row.unit_amount) },
      { title: 'Cost now', isNumber: true, cell: (row) => figures.money(row.cost_before) },
      { title: 'Cost if kept to', isNumber: true, cell: (row) => figures.money(row.cost_after) },
    ])}`,
    advice: 'Where a low tier uses more than it is entitled to, charge for it or show the cheaper way.',
  };
};
