import type { Triples } from './triples.ts';

/** The distinct triples of cells that are grouped by more than that: what a fit needs. */
export function mergeTriples(cells: Triples): Triples {
  const cellOf = new Map<number, number>();
  const first: number[] = [];
  const customers: number[] = [];
  for (let row = 0; row < cells.customers.length; row++) {
    const last = cells.lastDays[row] as number;
    const age = cells.ageDays[row] as number;
    // Exact below 2^53: ages of up to 65,535 days (179 years) leave room for two million repeats.
    const key = ((cells.repeats[row] as number) * 65_536 + last) * 65_536 + age;
    const cell = cellOf.get(key);
    if (cell === undefined) {
      cellOf.set(key, first.length);
      first.push(row);
      customers.push(cells.customers[row] as number);
    } else customers[cell] = (customers[cell] as number) + (cells.customers[row] as number);
  }
  return {
    repeats: Float64Array.from(first, (row) => cells.repeats[row] as number),
    lastDays: Float64Array.from(first, (row) => cells.lastDays[row] as number),
    ageDays: Float64Array.from(first, (row) => cells.ageDays[row] as number),
    customers: Float64Array.from(customers),
  };
}
