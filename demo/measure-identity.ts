import { DuckDBInstance } from '@duckdb/node-api';
import { quoteText } from '../connectors/engines/quote.ts';
import { measurePartition, type Quality } from '../transforms/identity/measure/partition-measures.ts';
import { readColumns } from '../transforms/identity/pairwise/duckdb-rows.ts';

/** Pairs of accounts that are one customer, as found and in truth. */
export interface IdentityQuality extends Quality {
  /** Accounts in both the warehouse and the truth. */
  accounts: number;
  foundCustomers: number;
  trueCustomers: number;
}

/**
 * Measures `warehouse.customer_accounts` of a DuckDB warehouse against a truth file with the columns `source`,
 * `account_ref` and `true_customer`.
 */
export async function measureIdentity(warehousePath: string, truthPath: string): Promise<IdentityQuality> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(`attach ${quoteText(warehousePath)} as measured (read_only)`);
    const [found = [], truth = []] = await readColumns(
      connection,
      `select dense_rank() over (order by customer_id), dense_rank() over (order by true_customer)
       from read_csv(${quoteText(truthPath)}, all_varchar = true)
       inner join measured.warehouse.customer_accounts using (source, account_ref)`,
      2,
    );
    const { accounts, foundCustomers, trueCustomers, pairwise } = measurePartition(found, truth);
    return { accounts, foundCustomers, trueCustomers, ...pairwise };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
