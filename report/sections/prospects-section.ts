import { html } from '../page/html.ts';
import type { ReadSection } from '../page/section.ts';
import { table } from '../page/table.ts';
import { holds } from '../warehouse.ts';

const shown = 10;

/** Who has not bought yet, and how likely they are to; null where everybody has. */
export const prospectsSection: ReadSection = async (warehouse, figures) => {
  if (!holds(warehouse, 'prospects', ['probability_to_buy', 'rank', 'reason'])) return null;
  const bands = await warehouse.query(`
    select
      case when probability_to_buy is null then 'unknown' when probability_to_buy < 0.05 then 'below 5 %'
        when probability_to_buy < 0.2 then '5 to 20 %' when probability_to_buy < 0.5 then '20 to 50 %'
        else '50 % and more' end as likelihood,
      count(*) as prospects, sum(probability_to_buy) as buyers
    from warehouse.prospects group by 1 order by min(coalesce(probability_to_buy, -1)) desc nulls last`);
  if (bands.length === 0) return null;
  const reasons = await warehouse.query(`
    select reason, min(horizon_days) as horizon_days, count(*) as prospects from warehouse.prospects
    group by reason order by count(*) desc nulls last, reason nulls last`);
  const best = await warehouse.query(`
    select
      coalesce(c.company_name, c.full_name, nullif(concat_ws(' ', c.given_name, c.family_name), ''), c.customer_id) as name,
      p.*
    from warehouse.prospects as p
    join warehouse.customers as c on c.customer_id = p.customer_id
    where p.rank <= ${shown} order by p.rank nulls last`);
  return {
    id: 'prospects',
    title: 'Who may buy next',
    meaning: `Customers who have not bought yet, by how likely a first purchase within ${figures.count(reasons[0]?.horizon_days)} days is, judged by those who had not bought one such span ago.`,
    body: html`${table('Prospects by likelihood', bands, [
      { title: 'Likelihood', cell: (row) => String(row.likelihood) },
      { title: 'Prospects', isNumber: true, cell: (row) => figures.count(row.prospects) },
      { title: 'Expected to buy', isNumber: true, cell: (row) => figures.number(row.buyers) },
    ])}
<ul>
${reasons.map(
  (row) => html`<li>${figures.count(row.prospects)} prospects: ${String(row.reason)}</li>
`,
)}</ul>
${
  best.length === 0
    ? null
    : table(`The ${best.length} likeliest`, best, [
        {
          title: 'Customer',
          cell: (row) => html`${String(row.name)} <code>${String(row.customer_id)}</code>`,
        },
        { title: 'Likelihood', isNumber: true, cell: (row) => figures.percent(row.probability_to_buy) },
        { title: 'Days known', isNumber: true, cell: (row) => figures.count(row.days_known) },
        { title: 'Days since a touch', isNumber: true, cell: (row) => figures.count(row.days_since_touch) },
        { title: 'Visits', isNumber: true, cell: (row) => figures.count(row.visits) },
        { title: 'Responses', isNumber: true, cell: (row) => figures.count(row.responses) },
        { title: 'Tickets', isNumber: true, cell: (row) => figures.count(row.tickets) },
      ])
}`,
    advice:
      'Write first to those at the top; the likelihood says who would buy, not whom a message would change.',
  };
};
