import type { Cell, Row } from '../../connectors/engines/engine.ts';

export type MetricGroup = 'standing' | 'money' | 'future' | 'behaviour';

/** One column of `customer_value` for one customer, and how it is reckoned. */
export interface Metric {
  metric: string;
  group: MetricGroup;
  value: Cell;
  /** The comment of the column. */
  formula: string;
  /** The columns that the formula names, with their values. */
  inputs: Readonly<Record<string, Cell>>;
}

/** Every column of the customer's row but the key, in their order. */
export function metricsOf(row: Row, comments: Readonly<Record<string, string>>): Metric[] {
  const names = Object.keys(row).filter((name) => name !== 'customer_id');
  const lastOfMoney = names.indexOf('net_contribution');
  return names.map((metric, place) => {
    const formula = (comments[metric] ?? '').replaceAll(/\s+/g, ' ').trim();
    return {
      metric,
      group: groupOf(metric, place <= lastOfMoney),
      value: row[metric] ?? null,
      formula,
      inputs: inputsOf(metric, formula, row),
    };
  });
}

const standing = ['score', 'rank', 'tier', 'value_band', 'value_group', 'is_active', 'last_active_on'];
const future =
  /^(expected_|lifetime_|probability_active|retention_budget|referred_|acquisition_|likelihood_)/;
const moneyOfPeriods = /^(net_revenue|gross_margin|cost_to_serve|net_contribution)_/;

function groupOf(metric: string, isContribution: boolean): MetricGroup {
  if (standing.includes(metric)) return 'standing';
  if (future.test(metric)) return 'future';
  return isContribution || moneyOfPeriods.test(metric) ? 'money' : 'behaviour';
}

/**
 * Names have an underscore: `rank` or `orders` in a comment may be a mere word. What `net_revenue_before` says of
 * net_revenue is what it is a part of, and no input.
 */
function inputsOf(metric: string, formula: string, row: Row): Record<string, Cell> {
  const named = new Set(formula.match(/\b[a-z]\w*_\w+\b/g) ?? []);
  return Object.fromEntries(
    [...named].flatMap((name) => {
      const value = name === metric || metric.startsWith(`${name}_`) ? undefined : row[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
