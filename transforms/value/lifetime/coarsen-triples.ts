import type { Triples } from './triples.ts';

/**
 * Fewer cells for a fit: t_x and T to the middle of windows of 2, 4, 8, … days until at most `cells` remain. The
 * repeats stay as they are, and so does a t_x of 0. Returned unchanged where it is small enough already.
 */
export function coarsenTriples(triples: Triples, cells: number): { triples: Triples; windowDays: number } {
  if (triples.customers.length <= cells) return { triples, windowDays: 1 };
  let coarse = triples;
  for (let windowDays = 2; ; windowDays *= 2) {
    // Windows lie within the next larger ones, so each step has only the cells of the step before.
    coarse = inWindows(coarse, windowDays);
    // Beyond five years a window no longer joins cells that differ in their repeats alone.
    if (coarse.customers.length <= cells || windowDays > 2048) return { triples: coarse, windowDays };
  }
}

function inWindows(triples: Triples, windowDays: number): Triples {
  let windows = 0;
  for (const age of triples.ageDays) windows = Math.max(windows, Math.ceil(age / windowDays) + 1);
  const cellOf = new Map<number, number>();
  const repeats: number[] = [];
  const lastDays: number[] = [];
  const ageDays: number[] = [];
  const customers: number[] = [];
  for (let row = 0; row < triples.customers.length; row++) {
    const x = triples.repeats[row] as number;
    const last = Math.ceil((triples.lastDays[row] as number) / windowDays);
    const age = Math.ceil((triples.ageDays[row] as number) / windowDays);
    const key = (x * windows + last) * windows + age;
    let cell = cellOf.get(key);
    if (cell === undefined) {
      cell = cellOf.size;
      cellOf.set(key, cell);
      repeats.push(x);
      lastDays.push(middle(last, windowDays));
      ageDays.push(middle(age, windowDays));
      customers.push(0);
    }
    customers[cell] = (customers[cell] as number) + (triples.customers[row] as number);
  }
  return {
    repeats: Float64Array.from(repeats),
    lastDays: Float64Array.from(lastDays),
    ageDays: Float64Array.from(ageDays),
    customers: Float64Array.from(customers),
  };
}

/** Middle of the days (n-1) w + 1 … n w; day 0 stays. */
function middle(window: number, windowDays: number): number {
  return window === 0 ? 0 : (window - 0.5) * windowDays + 0.5;
}
