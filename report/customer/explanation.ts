import type { Row } from '../../connectors/engines/engine.ts';
import type { RunSummary } from '../../jobs/run-summary.ts';
import { holds, type Warehouse } from '../warehouse.ts';
import type { FoundCustomer } from './find-customer.ts';
import { type IdentityEvidence, readIdentityEvidence } from './identity-evidence.ts';
import { type LifetimeEstimate, lifetimeEstimate } from './lifetime-estimate.ts';
import { type Metric, metricsOf } from './metrics.ts';
import { readStanding, type Standing } from './standing.ts';

/**
 * All that the warehouse knows of one customer, and why. Rows have the columns of the published tables; decimals are
 * exact text, times ISO 8601 in UTC, money in the currency of the run. A table that is not published gives no rows.
 */
export interface Explanation extends FoundCustomer {
  name: string;
  kind: string | null;
  run: Pick<RunSummary, 'runId' | 'asOf' | 'startedAt' | 'endedAt' | 'currency'>;
  /** customer_attributes: each value of the golden record with the account that gives it. */
  attributes: readonly Row[];
  identity: IdentityEvidence;
  standing: Standing;
  metrics: readonly Metric[];
  /** cost_to_serve: what each driver cost. */
  costs: readonly Row[];
  /** customer_value_parts, the part with the most points first; the points sum to the score. */
  scoreParts: readonly Row[];
  lifetime: LifetimeEstimate;
  /** Its row of prospects; null for who has bought. */
  prospect: Row | null;
  /** customer_actions, the best first. */
  actions: readonly Row[];
  /** What came from the customer and went to it, by kind. */
  touches: readonly Row[];
  /** customer_value_history, the latest day first. */
  history: readonly Row[];
}

/** @param comments of the columns of `customer_value` */
export async function readExplanation(
  warehouse: Warehouse,
  found: FoundCustomer,
  comments: Readonly<Record<string, string>>,
): Promise<Explanation> {
  const { customerId } = found;
  const { runId, asOf, startedAt, endedAt, currency } = warehouse.run;
  const rowsOf = async (table: string, sql: string): Promise<Row[]> =>
    holds(warehouse, table) ? warehouse.query(sql, [customerId]) : [];
  const [customer = {}] = await rowsOf(
    'customers',
    'select * from warehouse.customers where customer_id = $1',
  );
  const [value = {}] = await rowsOf(
    'customer_value',
    'select * from warehouse.customer_value where customer_id = $1',
  );
  const [prospect] = await rowsOf('prospects', 'select * from warehouse.prospects where customer_id = $1');
  return {
    ...found,
    name: nameOf(customer) ?? customerId,
    kind: textOf(customer.kind),
    run: { runId, asOf, startedAt, endedAt, currency },
    attributes: await rowsOf(
      'customer_attributes',
      `select attribute, value, source, account_ref, updated_at from warehouse.customer_attributes
       where customer_id = $1 and value is not null order by attribute nulls last`,
    ),
    identity: await readIdentityEvidence(warehouse, customerId),
    standing: await readStanding(warehouse, value),
    metrics: metricsOf(value, comments),
    costs: await rowsOf('cost_to_serve', costsSql),
    scoreParts: await rowsOf(
      'customer_value_parts',
      `select metric, raw_value, percentile, weight, points, is_missing from warehouse.customer_value_parts
       where customer_id = $1 order by is_missing nulls last, points desc nulls last, metric nulls last`,
    ),
    lifetime: lifetimeEstimate(value),
    prospect: prospect ?? null,
    actions: await rowsOf(
      'customer_actions',
      'select * from warehouse.customer_actions where customer_id = $1 order by place nulls last',
    ),
    touches: await rowsOf('interactions', touchesSql),
    history: await rowsOf(
      'customer_value_history',
      'select * from warehouse.customer_value_history where customer_id = $1 order by changed_on desc nulls last limit 12',
    ),
  };
}

const costsSql = `
  select driver, sum(quantity) as quantity, sum(own_cost) as own_cost, sum(cost) as cost
  from warehouse.cost_to_serve where customer_id = $1
  group by driver order by sum(cost) desc nulls last, driver nulls last`;

const touchesSql = `
  select kind, direction, count(*) as touches, sum(amount) as amount,
    min(local_date) as first_on, max(local_date) as last_on
  from warehouse.interactions where customer_id = $1
  group by kind, direction order by count(*) desc nulls last, kind nulls last, direction nulls last`;

function nameOf(customer: Row): string | null {
  const parts = [customer.given_name, customer.family_name].filter((part) => textOf(part) !== null);
  const written = customer.company_name ?? customer.full_name ?? (parts.join(' ') || null);
  return textOf(written);
}

function textOf(cell: Row[string] | undefined): string | null {
  return cell === null || cell === undefined || cell === '' ? null : String(cell);
}
