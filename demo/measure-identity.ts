import { DuckDBInstance } from '@duckdb/node-api';
import { quoteText } from '../connectors/engines/quote.ts';

/** Pairs of accounts that are one customer, as found and in truth; shares are null where nothing was to be found. */
export interface IdentityQuality {
  /** Accounts in both the warehouse and the truth. */
  accounts: number;
  foundCustomers: number;
  trueCustomers: number;
  /** Of the pairs that were put together, the share that belongs together. */
  precision: number | null;
  /** Of the pairs that belong together, the share that was put together. */
  recall: number | null;
  f1: number | null;
}

/**
 * Measures `warehouse.customer_accounts` of a DuckDB warehouse against a truth file with the columns `source`,
 * `account_ref` and `true_customer`. Pairs are counted, n (n - 1) / 2 of each group, and never written out: it
 * takes one pass at any scale.
 */
export async function measureIdentity(warehousePath: string, truthPath: string): Promise<IdentityQuality> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(`attach ${quoteText(warehousePath)} as measured (read_only)`);
    const reader = await connection.runAndReadAll(pairCounts(truthPath));
    const [row] = reader.getRowObjectsJson();
    const count = (name: string): number => Number(row?.[name] ?? 0);
    const precision = share(count('right_pairs'), count('found_pairs'));
    const recall = share(count('right_pairs'), count('true_pairs'));
    return {
      accounts: count('accounts'),
      foundCustomers: count('found_customers'),
      trueCustomers: count('true_customers'),
      precision,
      recall,
      f1: precision && recall ? (2 * precision * recall) / (precision + recall) : null,
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function pairCounts(truthPath: string): string {
  return `
    with truth as (
      select source, account_ref, true_customer from read_csv(${quoteText(truthPath)}, all_varchar = true)
    ),
    judged as (
      select customer_id, true_customer
      from truth join measured.warehouse.customer_accounts using (source, account_ref)
    ),
    found as (select count(*) as accounts from judged group by customer_id),
    real as (select count(*) as accounts from judged group by true_customer),
    agreed as (select count(*) as accounts from judged group by customer_id, true_customer)
    select
      (select count(*) from judged) as accounts,
      (select count(*) from found) as found_customers,
      (select count(*) from real) as true_customers,
      (select sum(accounts * (accounts - 1) // 2) from found) as found_pairs,
      (select sum(accounts * (accounts - 1) // 2) from real) as true_pairs,
      (select sum(accounts * (accounts - 1) // 2) from agreed) as right_pairs`;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
