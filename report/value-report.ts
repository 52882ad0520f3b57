import type { Evaluation } from '../transforms/identity/measure/evaluate.ts';
import { type Figures, figuresIn } from './page/figures.ts';
import { type Html, html } from './page/html.ts';
import { page } from './page/page.ts';
import type { ReadSection, Section } from './page/section.ts';
import { accuracySection } from './sections/accuracy-section.ts';
import { costSection } from './sections/cost-section.ts';
import { customersSection } from './sections/customers-section.ts';
import { dataSection } from './sections/data-section.ts';
import { futureSection } from './sections/future-section.ts';
import { identitySection } from './sections/identity-section.ts';
import { modelsSection } from './sections/models-section.ts';
import { prospectsSection } from './sections/prospects-section.ts';
import { segmentsSection } from './sections/segments-section.ts';
import { servicesSection } from './sections/services-section.ts';
import { longestLifetimeValue, standingSection } from './sections/standing-section.ts';
import { whaleSection } from './sections/whale-section.ts';
import { whatIfSection } from './sections/what-if-section.ts';
import type { Warehouse } from './warehouse.ts';

export interface ValueReport {
  /** One HTML document that needs nothing else. */
  html: string;
  sections: readonly string[];
  /** Sections for which the night that published has nothing. */
  leftOut: readonly string[];
}

/** In the order in which they are read; the name stands for a section that is left out. */
function readersWith(evaluation: Evaluation | null): Readonly<Record<string, ReadSection>> {
  return {
    'the whale curve': whaleSection,
    'tiers, bands and groups': standingSection,
    'the cost to serve': costSection,
    'today and tomorrow': futureSection,
    'who may buy next': prospectsSection,
    'what if': whatIfSection,
    'service by tier': servicesSection,
    segments: segmentsSection,
    'the best and the worst': customersSection,
    'how well the future is known': modelsSection,
    'who is one customer': identitySection,
    ...(evaluation === null ? {} : { 'how right that is': accuracySection(evaluation) }),
    'the data behind it': dataSection,
  };
}

/**
 * What the customers of the last published run are worth, as a page. The same warehouse gives the same bytes.
 *
 * @param evaluation of who is one customer, where a truth is at hand
 */
export async function valueReport(
  warehouse: Warehouse,
  evaluation: Evaluation | null = null,
): Promise<ValueReport> {
  const total = await readTotal(warehouse);
  const figures = figuresIn(warehouse.run.currency, String(total.net_revenue ?? 0));
  const sections: Section[] = [];
  const leftOut: string[] = [];
  for (const [name, read] of Object.entries(readersWith(evaluation))) {
    const section = await read(warehouse, figures);
    if (section === null) leftOut.push(name);
    else sections.push(section);
  }
  return {
    html: page(
      'What the customers are worth',
      headOf(warehouse, total, figures),
      sections,
      footOf(warehouse, leftOut),
    ),
    sections: sections.map(({ id }) => id),
    leftOut,
  };
}

async function readTotal(warehouse: Warehouse): Promise<Awaited<ReturnType<Warehouse['query']>>[number]> {
  const future = longestLifetimeValue(warehouse);
  const [total = {}] = await warehouse.query(`
    select count(*) as customers, sum(net_revenue) as net_revenue, sum(cost_to_serve) as cost_to_serve,
      sum(net_contribution) as net_contribution,
      ${future === null ? 'cast(null as decimal(18, 4))' : `sum(${future})`} as lifetime_value
    from warehouse.customer_value`);
  return total;
}

function headOf({ run }: Warehouse, total: Awaited<ReturnType<typeof readTotal>>, figures: Figures): Html {
  const facts: [string, string][] = [
    ['Customers', figures.count(total.customers)],
    ['Net revenue', figures.money(total.net_revenue)],
    ['Cost to serve', figures.money(total.cost_to_serve)],
    ['Net contribution', figures.money(total.net_contribution)],
    ...(total.lifetime_value === null || total.lifetime_value === undefined
      ? []
      : [['Lifetime value', figures.money(total.lifetime_value)] satisfies [string, string]]),
  ];
  const ended = run.endedAt ?? run.startedAt;
  return html`<p class="quiet">As of ${run.asOf}, from run ${run.runId} of ${ended.slice(0, 16).replace('T', ' ')} UTC. Money in ${run.currency}.</p>
<dl class="key-figures">
${facts.map(
  ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>
`,
)}</dl>
`;
}

function footOf({ run }: Warehouse, leftOut: readonly string[]): Html {
  return html`<p>Made by <code>whalecurve report</code>. The page holds names of customers: keep it as you keep them.</p>
${
  leftOut.length === 0
    ? null
    : html`<p>Left out, since run ${run.runId} published nothing for it: ${leftOut.join(', ')}.</p>
`
}`;
}
