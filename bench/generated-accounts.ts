import { join } from 'node:path';
import { csvHeader, csvLines, plainStyle } from '../demo/csv-line.ts';
import { generateCompany } from '../demo/generate.ts';
import { type Row, type SiloTableName, siloTable } from '../demo/tables.ts';
import { TextFile } from '../demo/text-file.ts';

const accountTables = ['billingCustomers', 'shopCustomers', 'contacts', 'subscribers', 'truth'] as const;

/** Writes what the four systems of a made-up company hold on its customers, and the truth, one CSV file per table. */
export function writeGeneratedAccounts(company: { seed: number; customers: number }, folder: string): void {
  const writers = new Map<SiloTableName, (row: Row) => void>();
  const files = accountTables.map((name) => {
    const { columns } = siloTable(name);
    const file = new TextFile(join(folder, `${name}.csv`));
    file.write(csvHeader(columns, plainStyle));
    const line = csvLines(columns, plainStyle);
    writers.set(name, (row) => file.write(line(row)));
    return file;
  });
  generateCompany(company, (table, row) => writers.get(table)?.(row));
  for (const file of files) file.close();
}

/** One table of the four: account_number, the columns that identity reads, country and the truth. */
export function generatedAccountsSql(folder: string): string {
  const file = (name: string): string =>
    `read_csv('${join(folder, name)}.csv', all_varchar = true, header = true)`;
  return `with written as (
      select 'finance' as source, customer_no as account_ref,
        case when type = 'P' then display_name end as full_name, null as given_name, null as family_name,
        case when type = 'C' then display_name end as company_name,
        billing_email as email, phone, null as date_of_birth, street, city, postcode, country, vat_id as tax_id
      from ${file('billingCustomers')}
      union all by name
      select 'sales' as source, customer_id as account_ref, first_name as given_name, last_name as family_name,
        company as company_name, email, phone, birthday as date_of_birth, street, city, "zipCode" as postcode, country
      from ${file('shopCustomers')}
      union all by name
      select 'service' as source, contact_no as account_ref, name as full_name, company as company_name, email, phone,
        birth_date as date_of_birth, street, town as city, postcode, country
      from ${file('contacts')}
      union all by name
      select 'marketing' as source, subscriber as account_ref, email, first_name as given_name, last_name as family_name,
        mobile as phone, postcode, country
      from ${file('subscribers')}
    )
    select row_number() over (order by written.source, written.account_ref) as account_number, written.*, truth.true_customer as truth
    from written
    inner join ${file('truth')} as truth on truth.source = written.source and truth.account_ref = written.account_ref`;
}
