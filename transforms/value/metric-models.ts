import { WhalecurveError } from '../../config/error.ts';
import type { ErrorCode } from '../../config/error-codes.ts';
import { suggestion } from '../../config/nearest-word.ts';
import type { TableName } from '../../connectors/engines/engine.ts';
import type { Step } from '../step.ts';

/** A column of customer_value that a model measures. */
export interface Metric {
  name: string;
  table: TableName;
  better: 'lower' | 'higher' | 'none';
  /** The column that the score compares. */
  scoredBy: string;
  /** The column that says what one unit for the better is worth in the window; undefined: not known in money. */
  unitAmount: string | undefined;
  /** A result of others, which no action moves by itself. */
  isResult: boolean;
  comment: string;
}

/** Own models in the order in which their columns stand in customer_value; those of the user follow by name. */
const order = [
  ...['contribution', 'lifetime', 'activity', 'buying', 'rfm', 'discounts', 'paying', 'returned', 'support'],
  ...['support_burden', 'engagement', 'opinions', 'advocacy'],
];

/**
 * The metrics of all models that have a header key `metrics`.
 *
 * @throws WC-MODEL-001 where two models measure one name
 */
export function metricsOf(steps: readonly Step[]): Metric[] {
  const found = new Map<string, Metric>();
  for (const step of [...steps].sort((one, other) => placeOf(one) - placeOf(other))) {
    for (const metric of metricsOfModel(step)) {
      const other = found.get(metric.name);
      if (other !== undefined) throw twice(metric, other);
      found.set(metric.name, metric);
    }
  }
  return [...found.values()];
}

function metricsOfModel(step: Step): Metric[] {
  const { table, header } = step;
  const metrics = isForecast(step) ? forecastMetrics(header) : (header.metrics ?? {});
  return Object.entries(metrics).map(([name, metric]) => ({
    name,
    table,
    better: metric.better,
    scoredBy: metric.scored_by ?? name,
    unitAmount: metric.unit_amount,
    isResult: metric.is_result,
    comment: header.columns[name] ?? '',
  }));
}

function isForecast({ table }: Step): boolean {
  return table.schema === 'value' && table.table === 'lifetime';
}

/** The horizons of the settings name the columns of the forecast. */
function forecastMetrics({ columns }: Step['header']): NonNullable<Step['header']['metrics']> {
  const isExpected = (name: string) => /^(probability_active|expected_purchases|lifetime_value)/.test(name);
  return Object.fromEntries(
    Object.keys(columns)
      .filter((name) => name !== 'customer_id')
      .map((name) => [name, { better: isExpected(name) ? 'higher' : 'none', is_result: true }]),
  );
}

function placeOf({ table }: Step): number {
  const place = table.schema === 'value' ? order.indexOf(table.table) : -1;
  return place === -1 ? order.length : place;
}

function twice({ name, table }: Metric, other: Metric): WhalecurveError {
  const message = `the metric ${name} is measured by ${other.table.table} already`;
  return new WhalecurveError('WC-MODEL-001', message, {
    where: `${table.schema}.${table.table}`,
    hint: 'give the column another name',
  });
}

export interface WeighedMetric extends Metric {
  weight: number;
}

/** The metrics that have a weight above 0. */
export function weighedMetrics(
  metrics: readonly Metric[],
  weights: Readonly<Record<string, number>>,
): WeighedMetric[] {
  return metrics.flatMap((metric) => {
    const weight = weights[metric.name] ?? 0;
    return weight > 0 ? [{ ...metric, weight }] : [];
  });
}

/** The first weight that is no metric's, or one of which neither more nor less is better; undefined: all are. */
export function unweighable(
  metrics: readonly Metric[],
  weights: Readonly<Record<string, number>>,
): { name: string; code: ErrorCode; message: string; hint: string | undefined } | undefined {
  const known = metrics.filter(({ better }) => better !== 'none').map(({ name }) => name);
  const name = Object.keys(weights).find((each) => !known.includes(each));
  if (name === undefined) return undefined;
  const hint = suggestion(name, known);
  return metrics.some((metric) => metric.name === name)
    ? {
        name,
        code: 'WC-CONFIG-002',
        message: `\`${name}\` cannot be weighed: neither more nor less of it is better`,
        hint,
      }
    : { name, code: 'WC-CONFIG-003', message: `unknown metric \`${name}\`: no model measures it`, hint };
}
