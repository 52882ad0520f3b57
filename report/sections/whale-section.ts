import { whaleChart } from '../charts/whale-chart.ts';
import { chartFigure } from '../page/chart-figure.ts';
import { html } from '../page/html.ts';
import type { ReadSection } from '../page/section.ts';
import { table } from '../page/table.ts';
import { readWhaleCurve } from '../whale-curve.ts';
import { whaleCurveCaption } from '../whale-curve-text.ts';

/** The whale curve with its peak and what is lost behind it. */
export const whaleSection: ReadSection = async (warehouse, figures) => {
  const [summary] = await warehouse.query('select * from warehouse.whale_summary');
  if (summary === undefined) return null;
  const curve = await readWhaleCurve(warehouse);
  const tenths = await warehouse.query(
    `select percentile, customers, revenue, cumulative_profit, cumulative_profit_share
     from warehouse.whale_curve where percentile % 10 = 0 order by percentile nulls last`,
  );
  const chart =
    curve === null
      ? html`<p>The profit of all customers together is not positive, so no share of it can be drawn.</p>`
      : await chartFigure(
          {
            id: 'whale-chart',
            title: 'Cumulative share of the profit over the customers, best first',
            description: whaleCurveCaption(curve),
          },
          whaleChart(curve),
        );
  const facts: [string, string][] = [
    ['Net contribution of all customers', figures.money(summary.net_contribution)],
    ['At the peak, of the profitable ones alone', figures.money(summary.peak_contribution)],
    ['Erosion: what the unprofitable ones take away', figures.money(summary.erosion)],
    ['Profitable customers', figures.count(summary.profitable_customers)],
    ['Unprofitable customers', figures.count(summary.unprofitable_customers)],
    ['Share of the profit of the best fifth', figures.percent(summary.top_20_percent_share)],
    ['Gini coefficient of the contribution', figures.number(summary.gini)],
  ];
  return {
    id: 'whale',
    title: 'The whale curve',
    meaning:
      'Customers stand in line from the most to the least profitable; the curve adds up what they contribute, so it climbs while they earn and falls where they cost.',
    body: html`${chart}
${table('The curve in numbers', facts, [
  { title: 'Figure', cell: ([name]) => name },
  { title: 'Amount', isNumber: true, cell: ([, amount]) => amount },
])}
${table('The curve by tenths of the customers', tenths, [
  { title: 'Best customers', cell: (row) => `${row.percentile}%` },
  { title: 'Customers', isNumber: true, cell: (row) => figures.count(row.customers) },
  { title: 'Revenue', isNumber: true, cell: (row) => figures.money(row.revenue) },
  { title: 'Profit', isNumber: true, cell: (row) => figures.money(row.cumulative_profit) },
  { title: 'Share of profit', isNumber: true, cell: (row) => figures.percent(row.cumulative_profit_share) },
])}`,
    advice:
      'Guard the customers before the peak; look behind it for costs that can be changed before letting anybody go.',
  };
};
