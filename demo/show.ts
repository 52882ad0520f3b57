import type { LoadedConfig } from '../config/schema.ts';
import type { Engine } from '../connectors/engines/engine.ts';
import { openEngine } from '../connectors/engines/open-engine.ts';
import { readWhaleCurve, type WhaleCurve } from '../report/whale-curve.ts';
import { readPrelude } from '../transforms/prelude/read-prelude.ts';

/** What the demo shows of the warehouse that it made. Money is exact decimal text. */
export interface DemoView {
  tiers: readonly TierLine[];
  best: readonly CustomerLine[];
  worst: readonly CustomerLine[];
  curve: WhaleCurve | null;
}

export interface TierLine {
  tier: string;
  customers: number;
  netRevenue: string;
  netContribution: string;
  destroyers: number;
}

export interface CustomerLine {
  customerId: string;
  name: string;
  tier: string;
  netRevenue: string;
  costToServe: string;
  netContribution: string;
  /** What there is to know about this customer, in a few words. */
  because: string;
}

export async function viewWarehouse(config: LoadedConfig): Promise<DemoView> {
  const prelude = await readPrelude(config.warehouse.engine);
  const engine = await openEngine(config.warehouse, { prelude, database: 'warehouse', isReadOnly: true });
  try {
    return {
      tiers: await readTiers(engine),
      best: await readCustomers(engine, 'desc nulls last'),
      worst: await readCustomers(engine, 'asc nulls last'),
      curve: await readWhaleCurve(engine),
    };
  } finally {
    await engine.close();
  }
}

async function readTiers(engine: Engine): Promise<TierLine[]> {
  const rows = await engine.query(`
    select
      coalesce(tier, 'none') as tier,
      count(*) as customers,
      cast(sum(net_revenue) as decimal(18, 2)) as net_revenue,
      cast(sum(net_contribution) as decimal(18, 2)) as net_contribution,
      count(*) filter (where value_band = 'destroyer') as destroyers
    from warehouse.customer_value
    group by coalesce(tier, 'none')
    order by max(score) desc nulls last, tier nulls last`);
  return rows.map((row) => ({
    tier: String(row.tier),
    customers: Number(row.customers),
    netRevenue: String(row.net_revenue),
    netContribution: String(row.net_contribution),
    destroyers: Number(row.destroyers),
  }));
}

async function readCustomers(engine: Engine, order: string): Promise<CustomerLine[]> {
  const rows = await engine.query(`
    select
      c.customer_id,
      coalesce(c.company_name, c.full_name, concat_ws(' ', c.given_name, c.family_name), c.customer_id) as name,
      v.tier,
      cast(v.net_revenue as decimal(18, 2)) as net_revenue,
      cast(v.cost_to_serve as decimal(18, 2)) as cost_to_serve,
      cast(v.net_contribution as decimal(18, 2)) as net_contribution,
      v.orders,
      v.tickets,
      v.returns,
      cast(round(100 * v.discount_share) as integer) as discount_percent,
      cast(v.gross_margin as decimal(18, 2)) as gross_margin
    from warehouse.customer_value as v
    join warehouse.customers as c on c.customer_id = v.customer_id
    order by v.net_contribution ${order}, v.customer_id nulls last
    limit 10`);
  return rows.map((row) => ({
    customerId: String(row.customer_id),
    name: String(row.name),
    tier: String(row.tier ?? ''),
    netRevenue: String(row.net_revenue),
    costToServe: String(row.cost_to_serve),
    netContribution: String(row.net_contribution),
    because: reasons(row),
  }));
}

function reasons(row: Record<string, unknown>): string {
  const number = (name: string): number => Number(row[name] ?? 0);
  return [
    counted(number('orders'), 'order'),
    number('tickets') > 0 ? counted(number('tickets'), 'ticket') : '',
    number('returns') > 0 ? counted(number('returns'), 'return') : '',
    number('discount_percent') >= 10 ? `${number('discount_percent')} % discount` : '',
    number('gross_margin') < 0 ? 'sold below cost' : '',
  ]
    .filter((reason) => reason !== '')
    .join(', ');
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
