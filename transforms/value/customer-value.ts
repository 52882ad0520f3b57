import { quoteName } from '../../connectors/engines/quote.ts';
import type { ModelHeader } from '../model-header.ts';
import type { Step } from '../step.ts';
import type { Metric } from './metric-models.ts';

/** What follows from the metrics; these columns stand behind contribution and lifetime value. */
const verdicts: Readonly<Record<string, readonly [table: string, comment: string]>> = {
  score: [
    'standings',
    'Customer performance value score, 0 to 100, the sum of customer_value_parts.points; null if nothing could be compared',
  ],
  rank: ['standings', '1 for the best score; ties go by net contribution, then by customer_id'],
  tier: ['standings', 'A+, A, B, C or D by the settings of value.tiers'],
  value_band: [
    'standings',
    'creator, neutral or destroyer: net contribution above, within or below plus or minus the larger of value.neutral_amount and value.neutral_share of net revenue',
  ],
  value_group: [
    'groups',
    'keep: creators of the top tiers (value.groups.keep_tiers), and others who are not to be grown. grow: lifetime value above value.groups.grow_ratio times net contribution, and those neutral so far. fix: destroyers. let_go: destroyers whose lifetime value is 0 or less even with the levers of rebalancing',
  ],
  lifetime_value_with_levers: [
    'groups',
    'Lifetime value, and what the levers of rebalancing would save per purchase of the window times expected purchases; null without an estimate',
  ],
  lifetime_value_with_referrals: [
    'groups',
    'Lifetime value and that of the customers whom this one brought; null without an estimate',
  ],
  retention_budget: [
    'groups',
    'What may be spent to keep the customer: value.investment.retention_uplift x lifetime value; 0 for destroyers and where the lifetime value is not positive, null without an estimate',
  ],
};

/** The step `value.customer_value`: contribution, lifetime value, the verdicts, and every metric of every model. */
export function customerValueStep(metrics: readonly Metric[]): Step {
  const isMoneyPart = ({ table }: Metric) => table.table === 'contribution' || table.table === 'lifetime';
  const columns: Record<string, readonly [table: string, comment: string]> = {
    ...commented(metrics.filter(isMoneyPart)),
    ...verdicts,
    ...commented(metrics.filter((metric) => !isMoneyPart(metric))),
  };
  const tables = [...new Set(Object.values(columns).map(([table]) => table))].sort();
  const table = { schema: 'value', table: 'customer_value' };
  const cells = Object.entries(columns).map(([name, [from]]) => `${quoteName(from)}.${quoteName(name)}`);
  const joins = tables.map(
    (from) =>
      `left join value.${quoteName(from)} as ${quoteName(from)} on ${quoteName(from)}.customer_id = customer.customer_id`,
  );
  return {
    table,
    needs: ['customers.customers', ...tables.map((from) => `value.${from}`)],
    header: headerOf(columns),
    build: (engine) =>
      engine.buildTable(
        table,
        `select customer.customer_id, ${cells.join(', ')} from customers.customers as customer ${joins.join(' ')}`,
      ),
  };
}

function commented(metrics: readonly Metric[]): Record<string, readonly [table: string, comment: string]> {
  return Object.fromEntries(metrics.map(({ name, table, comment }) => [name, [table.table, comment]]));
}

function headerOf(columns: Readonly<Record<string, readonly [table: string, comment: string]>>): ModelHeader {
  return {
    comment:
      'What each customer is worth: the money it brought and cost over its whole life, what it is still likely to bring, how it behaves, and the score, rank, tier and group that follow. Money in the reporting currency.',
    grain: 'one customer',
    key: ['customer_id'],
    publish: 'customer_value',
    tests: [
      { unique: ['rank'], severity: 'error' },
      { not_null: ['net_contribution', 'rank', 'tier', 'value_band', 'value_group'], severity: 'error' },
      {
        accepted_values: { column: 'value_band', values: ['creator', 'neutral', 'destroyer'] },
        severity: 'error',
      },
      {
        accepted_values: { column: 'value_group', values: ['keep', 'grow', 'fix', 'let_go'] },
        severity: 'error',
      },
      {
        relationships: { column: 'customer_id', to: 'customers.customers.customer_id' },
        severity: 'error',
      },
      {
        expression:
          'net_contribution = net_revenue - cost_of_goods + recovered_stock - order_cost - line_cost - delivery_cost - return_handling_cost - support_cost - campaign_cost - statement_cost - reminder_cost - cost_of_credit - bad_debt',
        severity: 'error',
      },
      { expression: 'score between 0 and 100', severity: 'error' },
    ],
    columns: {
      customer_id: 'The customer',
      ...Object.fromEntries(Object.entries(columns).map(([name, [, comment]]) => [name, comment])),
    },
  };
}
