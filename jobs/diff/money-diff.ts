import type { Cell, Engine } from '../../connectors/engines/engine.ts';

/** One measure of money over all customers; amounts are exact decimal text, in the reporting currency. */
export interface MoneyDiff {
  measure: 'net_contribution' | 'lifetime_value';
  before: string;
  after: string;
  /** Sum of what each customer gains or loses, without sign. */
  moved: string;
  /** Customers whose amount would be another, those that come and go with them. */
  customers: number;
  /** Those with the largest difference; null where the customer is not there. */
  examples: readonly { customer: string; before: string | null; after: string | null }[];
}

export async function diffMoney(engine: Engine, measure: MoneyDiff['measure']): Promise<MoneyDiff> {
  const joined = `select coalesce(past.customer_id, now.customer_id) as customer_id,
      cast(past.${measure} as decimal(18, 4)) as amount_before, cast(now.${measure} as decimal(18, 4)) as amount_after
    from before.customers as past
    full join before.customers_now as now on now.customer_id = past.customer_id`;
  const difference = 'abs(coalesce(amount_after, 0) - coalesce(amount_before, 0))';
  const [total] = await engine.query(
    `select cast(coalesce(sum(amount_before), 0) as decimal(38, 4)) as total_before,
       cast(coalesce(sum(amount_after), 0) as decimal(38, 4)) as total_after,
       cast(coalesce(sum(${difference}), 0) as decimal(38, 4)) as total_moved,
       count(case when amount_before is distinct from amount_after then 1 end) as customers
     from (${joined}) as joined`,
  );
  const examples = await engine.query(
    `select customer_id, amount_before, amount_after from (${joined}) as joined
     where amount_before is distinct from amount_after
     order by ${difference} desc nulls last, customer_id nulls last limit 5`,
  );
  return {
    measure,
    before: String(total?.total_before),
    after: String(total?.total_after),
    moved: String(total?.total_moved),
    customers: Number(total?.customers),
    examples: examples.map((row) => ({
      customer: String(row.customer_id),
      before: textOf(row.amount_before),
      after: textOf(row.amount_after),
    })),
  };
}

function textOf(cell: Cell | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}
