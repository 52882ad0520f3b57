import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { PurchaseLog } from './purchase-log.ts';

/** The public data beside the repository; absent in a clone on its own. */
const folder = resolve('../shared/data');

const logs = {
  cdnowSample: {
    file: 'cdnow/cdnow_sample.csv',
    query: (file: string) => `
      select sample_id as customer, date as day, sum(dollar_value) as amount
      from read_csv('${file}', header = true, columns = {'master_id': 'VARCHAR', 'sample_id': 'VARCHAR',
        'date': 'DATE', 'number_of_cds': 'INTEGER', 'dollar_value': 'DECIMAL(12,2)'}) group by all`,
  },
  cdnowMaster: {
    file: 'cdnow/cdnow_master.csv.gz',
    query: (file: string) => `
      select customer_id as customer, date as day, sum(dollar_value) as amount
      from read_csv('${file}', header = true, columns = {'customer_id': 'VARCHAR', 'date': 'DATE',
        'number_of_cds': 'INTEGER', 'dollar_value': 'DECIMAL(12,2)'}) group by all`,
  },
  // Positive lines with a customer, as OR9 of the README of the data.
  onlineRetail: {
    file: 'online_retail/online_retail.csv.gz',
    query: (file: string) => `
      select CustomerID as customer, InvoiceDate::date as day, sum(Quantity * UnitPrice) as amount
      from read_csv('${file}', header = true, quote = '"', escape = '"', columns = {'InvoiceNo': 'VARCHAR',
        'StockCode': 'VARCHAR', 'Description': 'VARCHAR', 'Quantity': 'BIGINT', 'InvoiceDate': 'TIMESTAMP',
        'UnitPrice': 'DECIMAL(18,3)', 'CustomerID': 'VARCHAR', 'Country': 'VARCHAR'})
      where CustomerID is not null and InvoiceNo not like 'C%' and Quantity > 0 and UnitPrice > 0 group by all`,
  },
  groceries: {
    file: 'complete_journey/transactions_sample.csv.gz',
    query: (file: string) => `
      select household_id as customer, left(transaction_timestamp, 10)::date as day, sum(sales_value) as amount
      from read_csv('${file}', header = true, all_varchar = false, types = {'household_id': 'VARCHAR',
        'transaction_timestamp': 'VARCHAR', 'sales_value': 'DOUBLE'}) group by all`,
  },
};

export type PublicLog = keyof typeof logs;

/** Where a file of the public data is, or undefined (with a message) where it is absent. */
export function publicFile(name: string): string | undefined {
  const path = `${folder}/${name}`;
  if (existsSync(path)) return path;
  console.log(`skipped: ${path} is not there`);
  return undefined;
}

/** The log of a public data set, same-day purchases merged; undefined where the data are absent. */
export async function readPublicLog(name: PublicLog): Promise<PurchaseLog | undefined> {
  const { file, query } = logs[name];
  const path = publicFile(file);
  if (path === undefined) return undefined;
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const result = await connection.runAndReadAll(
      `select dense_rank() over (order by customer)::integer as customer,
         (day - date '1970-01-01')::integer as day, amount::double as amount
       from (${query(path)}) order by customer, day`,
    );
    const [customer, day, amount] = result.getColumnsJS() as [number[], number[], number[]];
    return {
      customer: Int32Array.from(customer),
      day: Int32Array.from(day),
      amount: Float64Array.from(amount),
      customers: customer.at(-1) ?? 0,
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
