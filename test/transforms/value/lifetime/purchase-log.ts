import type {
  BacktestCells,
  BacktestWindow,
  CustomerCells,
  GapRatios,
  LifetimeData,
} from '../../../../transforms/value/lifetime/lifetime-data.ts';
import { planWindows } from '../../../../transforms/value/lifetime/plan-windows.ts';
import { recentWindowsDays } from '../../../../transforms/value/lifetime/settings.ts';
import type { SpendBacktestCells } from '../../../../transforms/value/lifetime/spend/fit-spend.ts';

/** One row per customer and purchase day, ordered by customer and day. */
export interface PurchaseLog {
  customer: Int32Array;
  /** Days since 1970-01-01. */
  day: Int32Array;
  /** Amount of the day. */
  amount: Float64Array;
  customers: number;
}

/** Days since 1970-01-01 of an ISO date. */
export function dayOf(date: string): number {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
}

/** Calls `visit` with the rows [from, to) of each customer. */
export function eachCustomer(log: PurchaseLog, visit: (from: number, to: number) => void): void {
  for (let from = 0; from < log.day.length; ) {
    const customer = log.customer[from];
    let to = from;
    while (to < log.day.length && log.customer[to] === customer) to++;
    visit(from, to);
    from = to;
  }
}

/** One row per customer who purchased up to the cut, with what came after it up to the end. Not grouped. */
export function customersAt(log: PurchaseLog, cut: number, end = cut): BacktestCells {
  const columns = Array.from({ length: 7 }, () => new Float64Array(log.customers));
  let rows = 0;
  eachCustomer(log, (from, to) => {
    const day = (row: number) => log.day[row] as number;
    const first = day(from);
    if (first > cut) return;
    let last = from;
    const within = (row: number, days: number) => day(row) > cut - days && day(row) <= cut;
    let [long, short, previous, later] = [0, 0, 0, 0];
    for (let row = from; row < to && day(row) <= end; row++) {
      if (day(row) <= cut) last = row;
      else later++;
      if (within(row, end - cut)) previous++;
      if (row > from && within(row, recentWindowsDays.long)) long++;
      if (row > from && within(row, recentWindowsDays.short)) short++;
    }
    const values = [last - from, day(last) - first, cut - first, long, short, previous, later];
    for (const [index, value] of values.entries()) (columns[index] as Float64Array)[rows] = value;
    rows++;
  });
  const column = (index: number) => (columns[index] as Float64Array).slice(0, rows);
  return {
    repeats: column(0),
    lastDays: column(1),
    ageDays: column(2),
    recentLong: column(3),
    recentShort: column(4),
    previous: column(5),
    later: column(6),
    customers: new Float64Array(rows).fill(1),
  };
}

/** The distinct rows of cells, with their customers added up, in the order of first appearance. */
export function grouped<Cells extends CustomerCells>(cells: Cells): Cells {
  const { customers, ...columns } = cells as unknown as Record<string, Float64Array> & Cells;
  const names = Object.keys(columns);
  const cellOf = new Map<string, number>();
  const first: number[] = [];
  const counts: number[] = [];
  for (let row = 0; row < customers.length; row++) {
    const key = names.map((name) => columns[name]?.[row]).join(' ');
    const cell = cellOf.get(key);
    if (cell === undefined) {
      cellOf.set(key, first.length);
      first.push(row);
      counts.push(customers[row] as number);
    } else counts[cell] = (counts[cell] as number) + (customers[row] as number);
  }
  const kept = names.map((name) => [name, Float64Array.from(first, (row) => columns[name]?.[row] as number)]);
  return { ...Object.fromEntries(kept), customers: Float64Array.from(counts) } as Cells;
}

/** Σ ln(gap in days) over the repeat gaps up to the cut. */
export function logGapSumAt(log: PurchaseLog, cut: number): number {
  let sum = 0;
  eachCustomer(log, (from, to) => {
    for (let row = from + 1; row < to && (log.day[row] as number) <= cut; row++) {
      sum += Math.log((log.day[row] as number) - (log.day[row - 1] as number));
    }
  });
  return sum;
}

/** The share of the first of the last two gaps in both, summed over customers with three purchase days or more. */
export function gapRatiosAt(log: PurchaseLog, cut: number): GapRatios {
  const ratios = { customers: 0, sum: 0, sumOfSquares: 0 };
  eachCustomer(log, (from, to) => {
    let last = to - 1;
    while (last >= from && (log.day[last] as number) > cut) last--;
    if (last - from < 2) return;
    const [a, b, c] = [last - 2, last - 1, last].map((row) => log.day[row] as number) as [
      number,
      number,
      number,
    ];
    const ratio = (b - a) / (c - a);
    ratios.customers++;
    ratios.sum += ratio;
    ratios.sumOfSquares += ratio * ratio;
  });
  return ratios;
}

/** What SQL will hand to the fit: everything of a log up to the as-of day, grouped. */
export function lifetimeDataAt(log: PurchaseLog, asOf: number, horizonDays: number): LifetimeData {
  const firstDay = log.day.reduce((least, day) => Math.min(least, day), Number.POSITIVE_INFINITY);
  const windows = planWindows(firstDay, asOf, horizonDays);
  const window = ({ cut, end }: { cut: number; end: number }): BacktestWindow => ({
    cutDate: dateOf(cut),
    endDate: dateOf(end),
    horizonDays: end - cut,
    cells: grouped(customersAt(log, cut, end)),
    logGapSum: logGapSumAt(log, cut),
  });
  return {
    segment: 'all',
    asOf: dateOf(asOf),
    cells: grouped(presentCells(log, asOf)),
    logGapSum: logGapSumAt(log, asOf),
    gapRatios: gapRatiosAt(log, asOf),
    backtest: windows && {
      whole: window(windows.whole),
      learn: window(windows.learn),
      test: window(windows.test),
    },
  };
}

/** One row per customer as of a day. Not grouped. */
export function presentCells(log: PurchaseLog, asOf: number): CustomerCells {
  const { previous: _, later: __, ...cells } = customersAt(log, asOf);
  return cells;
}

function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** Orders above 0 of each customer up to the cut, grouped by nothing, with those after it up to the end. */
export function spendAt(
  log: PurchaseLog,
  cut: number,
  end = cut,
): { cells: SpendBacktestCells; laterOrders: Float64Array; zeroOrders: number } {
  const rows: [number, number, number, number][] = [];
  let zeroOrders = 0;
  eachCustomer(log, (from, to) => {
    let [orders, sum, later, laterSum] = [0, 0, 0, 0];
    for (let row = from; row < to; row++) {
      const amount = log.amount[row] as number;
      const day = log.day[row] as number;
      if (amount <= 0) {
        if (day <= cut) zeroOrders++;
      } else if (day <= cut) {
        orders++;
        sum += amount;
      } else if (day <= end) {
        later++;
        laterSum += amount;
      }
    }
    if (orders > 0) rows.push([orders, sum / orders, later, later > 0 ? laterSum / later : 0]);
  });
  const column = (index: number) => Float64Array.from(rows, (row) => row[index] as number);
  return {
    cells: {
      orders: column(0),
      meanValue: column(1),
      laterMeanValue: column(3),
      customers: new Float64Array(rows.length).fill(1),
    },
    laterOrders: column(2),
    zeroOrders,
  };
}

/** The rows of some customers, who are numbered anew. */
export function selectCustomers(log: PurchaseLog, chosen: ReadonlySet<number>): PurchaseLog {
  const kept: number[] = [];
  const customer: number[] = [];
  let customers = 0;
  eachCustomer(log, (from, to) => {
    if (!chosen.has(log.customer[from] as number)) return;
    customers++;
    for (let row = from; row < to; row++) {
      kept.push(row);
      customer.push(customers);
    }
  });
  return {
    customer: Int32Array.from(customer),
    day: Int32Array.from(kept, (row) => log.day[row] as number),
    amount: Float64Array.from(kept, (row) => log.amount[row] as number),
    customers,
  };
}
