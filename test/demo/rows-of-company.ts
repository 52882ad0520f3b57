import { type CompanySize, generateCustomers } from '../../demo/generate.ts';
import { type SiloTableName, siloTable, siloTableNames, type Value } from '../../demo/tables.ts';

export type NamedRow = Readonly<Record<string, Value>>;
export type CompanyRows = Record<SiloTableName, NamedRow[]>;

/** Every row of a small company, or of its customers from `first`, by table, with names to its values. */
export function rowsOfCompany({ seed, customers }: CompanySize, first = 0): CompanyRows {
  const rows = Object.fromEntries(
    siloTableNames.map((name): [string, NamedRow[]] => [name, []]),
  ) as CompanyRows;
  generateCustomers(seed, first, first + customers, (table, row) => {
    const names = Object.keys(siloTable(table).columns);
    rows[table].push(Object.fromEntries(names.map((name, position) => [name, row[position] ?? null])));
  });
  return rows;
}
