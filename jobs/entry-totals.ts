import type { JobResult, TableEntry } from './job.ts';

/** What a job did altogether, from what it did for each table. */
export function entryTotals(
  tables: readonly TableEntry[],
): Pick<JobResult, 'rowsIn' | 'rowsOut' | 'bytes' | 'tables'> {
  const sum = (measure: (entry: TableEntry) => number) =>
    tables.reduce((total, entry) => total + measure(entry), 0);
  return {
    rowsIn: sum((entry) => entry.rowsIn),
    rowsOut: sum((entry) => entry.rowsOut),
    bytes: sum((entry) => entry.bytes),
    tables,
  };
}
