import { heatMap } from '../charts/heat-map.ts';
import { chartFigure } from '../page/chart-figure.ts';
import { html } from '../page/html.ts';
import type { ReadSection } from '../page/section.ts';
import { table } from '../page/table.ts';
import { longestLifetimeValue } from './standing-section.ts';

/** Lifetime value against value today. Counted in SQL: the page holds a hundred cells, however many the customers. */
export const futureSection: ReadSection = async (warehouse, figures) => {
  const future = longestLifetimeValue(warehouse);
  if (future === null) return null;
  const cells = await warehouse.query(`
    with placed as (
      select
        ntile(10) over (order by net_contribution nulls last, customer_id nulls last) as today,
        ntile(10) over (order by ${future} nulls last, customer_id nulls last) as tomorrow
      from warehouse.customer_value
      where ${future} is not null
    )
    select today, tomorrow, count(*) as customers from placed
    group by today, tomorrow order by today nulls last, tomorrow nulls last`);
  if (cells.length === 0) return null;
  const quarters = await warehouse.query(`
    select
      case when net_contribution > 0 then 'earned so far' else 'cost so far' end as today,
      case when ${future} is null then 'no estimate' when ${future} > 0 then 'to earn' else 'to cost' end as tomorrow,
      count(*) as customers, sum(net_contribution) as net_contribution, sum(${future}) as lifetime_value
    from warehouse.customer_value
    group by 1, 2 order by 1 desc nulls last, 2 desc nulls last`);
  return {
    id: 'future',
    title: 'Today and tomorrow',
    meaning:
      'Who earned most so far is not always who will earn most: each cell counts the customers of one tenth by net contribution and one tenth by lifetime value.',
    body: html`${await chartFigure(
      {
        id: 'future-chart',
        title: 'Customers by tenths: value so far (across) and lifetime value (up), 10 is best',
        description: quarters
          .map((row) => `${row.today}, ${row.tomorrow}: ${figures.count(row.customers)} customers`)
          .join('; '),
      },
      heatMap(
        cells.map((row) => ({
          column: Number(row.today),
          row: Number(row.tomorrow),
          count: Number(row.customers),
        })),
        { x: 'Tenth by net contribution so far', y: 'Tenth by lifetime value' },
      ),
    )}
${table('The four corners', quarters, [
  { title: 'Today', cell: (row) => String(row.today) },
  { title: 'Tomorrow', cell: (row) => String(row.tomorrow) },
  { title: 'Customers', isNumber: true, cell: (row) => figures.count(row.customers) },
  { title: 'Net contribution', isNumber: true, cell: (row) => figures.money(row.net_contribution) },
  { title: 'Lifetime value', isNumber: true, cell: (row) => figures.money(row.lifetime_value) },
])}`,
    advice:
      'Upper left is worth growing, lower right is worth asking why it fades; lower left deserves no investment.',
  };
};
