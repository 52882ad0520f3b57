import { barFigure } from '../page/bar-figure.ts';
import type { Figures } from '../page/figures.ts';
import { type Html, html } from '../page/html.ts';
import type { ReadSection } from '../page/section.ts';
import { table } from '../page/table.ts';
import { holds, type Warehouse } from '../warehouse.ts';

/** Tiers, bands and groups with their money. */
export const standingSection: ReadSection = async (warehouse, figures) => {
  const tiers = await moneyBy(warehouse, 'tier', 'max(score) desc nulls last, tier nulls last');
  const bands = await moneyBy(
    warehouse,
    'value_band',
    'sum(net_contribution) desc nulls last, value_band nulls last',
  );
  const groups = await moneyBy(
    warehouse,
    'value_group',
    'sum(net_contribution) desc nulls last, value_group nulls last',
  );
  const chart = await barFigure(
    'tier-chart',
    'Net contribution by tier',
    tiers.map((row) => ({
      name: String(row.name),
      amount: Number(row.net_contribution),
      label: figures.money(row.net_contribution),
    })),
    `Net contribution, ${warehouse.run.currency}`,
  );
  return {
    id: 'tiers',
    title: 'Tiers, bands and groups',
    meaning:
      'A tier says how a customer scores beside the others, a band whether it has earned money so far, a group what to do with it.',
    body: html`${chart}
${moneyTable('Tiers, the best first', 'Tier', tiers, figures)}
${moneyTable('Bands: creators earn, destroyers cost', 'Band', bands, figures)}
${moneyTable('Groups', 'Group', groups, figures)}
<ul>
${groups.map(({ name }) => groupLine(String(name)))}</ul>
${await movesTable(warehouse, figures)}`,
    advice:
      'Spend time by group: serve who is to be kept, invest in who is to grow, change the terms of who is to be fixed.',
  };
};

type MoneyRow = Awaited<ReturnType<Warehouse['query']>>[number];

const groupAdvice: Record<string, string> = {
  keep: 'serve well, and ask what would make them leave',
  grow: 'invest: their best is still to come',
  fix: 'change price, terms or service until they pay for themselves',
  let_go: 'do not invest; let them go where even the levers do not help',
};

function groupLine(group: string): Html {
  return html`<li><strong>${group.replaceAll('_', ' ')}</strong>: ${groupAdvice[group] ?? 'as its terms say'}</li>
`;
}

function moneyBy(warehouse: Warehouse, column: string, order: string): Promise<MoneyRow[]> {
  const future = longestLifetimeValue(warehouse);
  return warehouse.query(`
    select
      coalesce(${column}, 'none') as name,
      count(*) as customers,
      sum(net_revenue) as net_revenue,
      sum(cost_to_serve) as cost_to_serve,
      sum(net_contribution) as net_contribution,
      ${future === null ? 'cast(null as decimal(18, 4))' : `sum(${future})`} as lifetime_value
    from warehouse.customer_value
    group by ${column}
    order by ${order}`);
}

/** Who came from where on the last day on which customers changed their tier; null where nobody ever did. */
async function movesTable(warehouse: Warehouse, figures: Figures): Promise<Html | null> {
  if (!holds(warehouse, 'tier_moves', ['since', 'tier', 'previous_tier'])) return null;
  const moves = await warehouse.query(`
    select since, previous_tier, tier, count(*) as customers from warehouse.tier_moves
    where previous_tier is not null
      and since = (select max(since) from warehouse.tier_moves where previous_tier is not null)
    group by since, previous_tier, tier order by previous_tier nulls last, tier nulls last`);
  if (moves.length === 0) return null;
  return table(`Moves between tiers on ${moves[0]?.since}`, moves, [
    { title: 'From', cell: (row) => String(row.previous_tier) },
    { title: 'To', cell: (row) => String(row.tier) },
    { title: 'Customers', isNumber: true, cell: (row) => figures.count(row.customers) },
  ]);
}

/** The column of the longest horizon; null in a warehouse without one. */
export function longestLifetimeValue(warehouse: Warehouse): string | null {
  if (holds(warehouse, 'customer_value', ['lifetime_value'])) return 'lifetime_value';
  const horizons = (warehouse.columns.get('customer_value') ?? []).filter((name) =>
    /^lifetime_value_\d+[a-z]$/.test(name),
  );
  return horizons.at(-1) ?? null;
}

function moneyTable(caption: string, heading: string, rows: readonly MoneyRow[], figures: Figures): Html {
  return table(caption, rows, [
    { title: heading, cell: ({ name }) => String(name).replaceAll('_', ' ') },
    { title: 'Customers', isNumber: true, cell: (row) => figures.count(row.customers) },
    { title: 'Net revenue', isNumber: true, cell: (row) => figures.money(row.net_revenue) },
    { title: 'Cost to serve', isNumber: true, cell: (row) => figures.money(row.cost_to_serve) },
    { title: 'Net contribution', isNumber: true, cell: (row) => figures.money(row.net_contribution) },
    { title: 'Lifetime value', isNumber: true, cell: (row) => figures.money(row.lifetime_value) },
  ]);
}
