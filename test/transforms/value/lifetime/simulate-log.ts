import type { Triples } from '../../../../transforms/value/lifetime/triples.ts';
import type { PurchaseLog } from './purchase-log.ts';
import { uniformFloat64 } from './uniform.ts';

/** How simulated customers behave; times in days. */
export interface SimulatedProcess {
  r: number;
  alpha: number;
  a: number;
  b: number;
  /** Whether a customer may drop out at the first purchase already (MBG). */
  dropsAtFirst: boolean;
  /** First purchases are spread evenly over the days 0 … firstDays - 1. */
  firstDays: number;
  /** Purchases of the days up to this one are in the log. */
  lastDay: number;
}

/** CDNOW: the published BG/NBD of the sample, in days. */
export const cdnowProcess: SimulatedProcess = {
  r: 0.2426,
  alpha: 4.4136 * 7,
  a: 0.7929,
  b: 2.4259,
  dropsAtFirst: false,
  firstDays: 84,
  lastDay: 545,
};

/** Purchases of customers with gamma rates and beta drop-out, seeded; several on one day are one. */
export function simulateLog(process: SimulatedProcess, customers: number, seed: number): PurchaseLog {
  const random = uniformFloat64(seed);
  let capacity = customers * 4;
  let customer = new Int32Array(capacity);
  let day = new Int32Array(capacity);
  let rows = 0;
  for (let id = 1; id <= customers; id++) {
    const rate = gammaVariate(process.r, random) / process.alpha;
    const left = gammaVariate(process.a, random);
    const dropout = left / (left + gammaVariate(process.b, random));
    let time = Math.floor(random() * process.firstDays);
    let lastDay = -1;
    for (let purchase = 0; time <= process.lastDay; purchase++) {
      const today = Math.floor(time);
      if (today !== lastDay) {
        if (rows === capacity) {
          capacity *= 2;
          const [moreCustomers, moreDays] = [new Int32Array(capacity), new Int32Array(capacity)];
          moreCustomers.set(customer);
          moreDays.set(day);
          [customer, day] = [moreCustomers, moreDays];
        }
        customer[rows] = id;
        day[rows++] = today;
        lastDay = today;
      }
      if ((purchase > 0 || process.dropsAtFirst) && random() < dropout) break;
      // A purchase at any moment of its day, so that whole days round to no side.
      if (purchase === 0) time += random();
      time -= Math.log(1 - random()) / rate;
    }
  }
  return {
    customer: customer.slice(0, rows),
    day: day.slice(0, rows),
    amount: new Float64Array(rows).fill(1),
    customers,
  };
}

/** Customers in continuous time, where no day rounds a purchase: triples at `asOf`, and the count up to `end`. */
export function simulateCustomers(
  process: SimulatedProcess,
  customers: number,
  asOf: number,
  end: number,
  seed: number,
): Triples & { later: Float64Array } {
  const random = uniformFloat64(seed);
  const columns = Array.from({ length: 4 }, () => new Float64Array(customers));
  const [repeats, lastDays, ageDays, later] = columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let row = 0; row < customers; row++) {
    const rate = gammaVariate(process.r, random) / process.alpha;
    const left = gammaVariate(process.a, random);
    const dropout = left / (left + gammaVariate(process.b, random));
    const first = Math.floor(random() * process.firstDays);
    ageDays[row] = asOf - first;
    let isAlive = !(process.dropsAtFirst && random() < dropout);
    for (let time = first; isAlive; isAlive = random() >= dropout) {
      time -= Math.log(1 - random()) / rate;
      if (time > end) break;
      if (time > asOf) later[row] = (later[row] as number) + 1;
      else {
        repeats[row] = (repeats[row] as number) + 1;
        lastDays[row] = time - first;
      }
    }
  }
  return { repeats, lastDays, ageDays, later, customers: new Float64Array(customers).fill(1) };
}

/** Marsaglia & Tsang 2000; below shape 1 by their power of a uniform variate. */
export function gammaVariate(shape: number, random: () => number): number {
  if (shape < 1) return gammaVariate(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
