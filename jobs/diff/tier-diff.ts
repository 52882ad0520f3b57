import type { Engine } from '../../connectors/engines/engine.ts';

export interface TierDiff {
  /** Customers that are there before and after. */
  customers: number;
  /** Of these, those in another tier. */
  moved: number;
  moves: readonly { from: string; to: string; customers: number }[];
  examples: readonly { customer: string; from: string; to: string }[];
}

const bothTiers = `from before.customers as past
  inner join before.customers_now as now on now.customer_id = past.customer_id`;

export async function diffTiers(engine: Engine): Promise<TierDiff> {
  const [counted] = await engine.query(`select count(*) as customers ${bothTiers}`);
  const moves = await engine.query(
    `select past.tier as tier_before, now.tier as tier_after, count(*) as customers ${bothTiers}
     where now.tier <> past.tier
     group by past.tier, now.tier order by count(*) desc nulls last, past.tier nulls last, now.tier nulls last`,
  );
  const examples = await engine.query(
    `select past.customer_id, past.tier as tier_before, now.tier as tier_after ${bothTiers}
     where now.tier <> past.tier
     order by abs(now.net_contribution - past.net_contribution) desc nulls last, past.customer_id nulls last limit 5`,
  );
  return {
    customers: Number(counted?.customers),
    moved: moves.reduce((total, { customers }) => total + Number(customers), 0),
    moves: moves.map((row) => ({
      from: String(row.tier_before),
      to: String(row.tier_after),
      customers: Number(row.customers),
    })),
    examples: examples.map((row) => ({
      customer: String(row.customer_id),
      from: String(row.tier_before),
      to: String(row.tier_after),
    })),
  };
}
