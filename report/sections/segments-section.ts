import type { Row } from '../../connectors/engines/engine.ts';
import { barFigure } from '../page/bar-figure.ts';
import type { Figures } from '../page/figures.ts';
import { type Html, html } from '../page/html.ts';
import type { ReadSection } from '../page/section.ts';
import { table } from '../page/table.ts';
import { holds } from '../warehouse.ts';

/** A dimension with more segments shows the best and the worst of them. */
const shownOfEachEnd = 8;

/** Every configured dimension, whole life. */
export const segmentsSection: ReadSection = async (warehouse, figures) => {
  const columns = ['dimension', 'segment', 'customers', 'net_revenue', 'net_contribution', 'lifetime_value'];
  if (!holds(warehouse, 'segments', [...columns, 'period'])) return null;
  // Tier and band have a section of their own.
  const rows = await warehouse.query(`
    with placed as (
      select ${columns.join(', ')},
        row_number() over (partition by dimension order by net_contribution desc nulls last, segment nulls last) as from_best,
        count(*) over (partition by dimension) as segments
      from warehouse.segments
      where period = 'lifetime' and dimension not in ('tier', 'value_band', 'value_group')
    )
    select * from placed
    where from_best <= ${shownOfEachEnd} or from_best > segments - ${shownOfEachEnd}
    order by dimension nulls last, from_best nulls last`);
  const dimensions = [...new Set(rows.map((row) => String(row.dimension)))].map(
    (dimension) => [dimension, rows.filter((row) => row.dimension === dimension)] as const,
  );
  // One segment of all customers says nothing.
  const shown = dimensions.filter(([, segments]) => segments.length > 1);
  if (shown.length === 0) return null;
  return {
    id: 'segments',
    title: 'Segments',
    meaning: 'The same customers by where they come from, who serves them and what they are.',
    body: html`${await Promise.all(
      shown.map(([dimension, segments]) =>
        dimensionPart(dimension, segments, figures, warehouse.run.currency),
      ),
    )}`,
    advice:
      'Win more customers who look like the best segments; where a whole segment loses money, look at its terms.',
  };
};

async function dimensionPart(
  dimension: string,
  segments: readonly Row[],
  figures: Figures,
  currency: string,
): Promise<Html> {
  const name = dimension.replaceAll('_', ' ');
  const leftOut = Number(segments[0]?.segments) - segments.length;
  return html`<h3>By ${name}</h3>
${await barFigure(
  `segment-${dimension}`,
  `Net contribution by ${name}`,
  segments.map((row) => ({
    name: String(row.segment),
    amount: Number(row.net_contribution),
    label: figures.money(row.net_contribution),
  })),
  `Net contribution, ${currency}`,
)}
${table(`Segments by ${name}`, segments, [
  { title: name, cell: (row) => String(row.segment) },
  { title: 'Customers', isNumber: true, cell: (row) => figures.count(row.customers) },
  { title: 'Net revenue', isNumber: true, cell: (row) => figures.money(row.net_revenue) },
  { title: 'Net contribution', isNumber: true, cell: (row) => figures.money(row.net_contribution) },
  { title: 'Lifetime value', isNumber: true, cell: (row) => figures.money(row.lifetime_value) },
])}
${leftOut === 0 ? null : html`<p class="quiet">${leftOut} segments between the best and the worst are not shown.</p>`}`;
}
