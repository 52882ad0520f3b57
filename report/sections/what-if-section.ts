import type { Row } from '../../connectors/engines/engine.ts';
import { barFigure } from '../page/bar-figure.ts';
import type { Figures } from '../page/figures.ts';
import { type Html, html } from '../page/html.ts';
import type { ReadSection } from '../page/section.ts';
import { table } from '../page/table.ts';
import { holds } from '../warehouse.ts';

/** Profit without the worst customers over their whole life, and with each lever of rebalancing over a year. */
export const whatIfSection: ReadSection = async (warehouse, figures) => {
  const columns = [
    'scenario',
    'basis',
    'customers',
    'revenue_lost',
    'cost_avoided',
    'profit_before',
    'profit_after',
  ];
  if (!holds(warehouse, 'whale_what_if', [...columns, 'effect_amount'])) return null;
  const scenarios = await warehouse.query(
    `select ${columns.join(', ')}, effect_amount from warehouse.whale_what_if
     order by basis nulls last, effect_amount desc nulls last, scenario nulls last`,
  );
  if (scenarios.length === 0) return null;
  const lettingGo = scenarios.filter(({ basis }) => basis === 'lifetime');
  const levers = scenarios.filter(({ basis }) => basis !== 'lifetime');
  const { currency } = warehouse.run;
  return {
    id: 'what-if',
    title: 'What if',
    meaning:
      'Letting customers go saves only the costs that really go away with them; a lever changes what customers cost and keeps their revenue.',
    body: html`${await scenarioPart('levers', 'The levers, over a year', levers, figures, currency)}
${await scenarioPart('letting-go', 'Letting customers go, over their whole life', lettingGo, figures, currency)}`,
    advice: 'Pull the levers that gain most first, and let a customer go only where none of them helps.',
  };
};

async function scenarioPart(
  id: string,
  title: string,
  scenarios: readonly Row[],
  figures: Figures,
  currency: string,
): Promise<Html | null> {
  if (scenarios.length === 0) return null;
  const name = ({ scenario }: Row): string =>
    String(scenario)
      .replace(/^let_go_/, '')
      .replaceAll('_', ' ')
      .replace(' percent', '%');
  const chart = await barFigure(
    id,
    `Change of the profit: ${title.toLowerCase()}`,
    scenarios.map((row) => ({
      name: name(row),
      amount: Number(row.effect_amount),
      label: figures.money(row.effect_amount),
    })),
    `Change of the profit, ${currency}`,
  );
  return html`<h3>${title}</h3>
${chart}
${table(title, scenarios, [
  { title: 'Scenario', cell: name },
  { title: 'Customers', isNumber: true, cell: (row) => figures.count(row.customers) },
  { title: 'Revenue lost', isNumber: true, cell: (row) => figures.money(row.revenue_lost) },
  { title: 'Cost avoided', isNumber: true, cell: (row) => figures.money(row.cost_avoided) },
  { title: 'Profit before', isNumber: true, cell: (row) => figures.money(row.profit_before) },
  { title: 'Profit after', isNumber: true, cell: (row) => figures.money(row.profit_after) },
  { title: 'Change', isNumber: true, cell: (row) => figures.money(row.effect_amount) },
])}`;
}
