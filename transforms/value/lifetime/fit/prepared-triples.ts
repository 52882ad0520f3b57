import { type Triples, weightedSum } from '../triples.ts';

/**
 * Triples with each distinct time and count numbered: a likelihood takes its logarithms once per distinct value
 * and its cells look them up. Times are divided by `scale`, so that the largest age is 1 and the same fixed starts
 * serve a week and a decade.
 */
export interface PreparedTriples {
  weight: Float64Array;
  repeatIndex: Int32Array;
  lastIndex: Int32Array;
  ageIndex: Int32Array;
  /** Distinct repeats. */
  repeats: Float64Array;
  /** Distinct t_x and T, in units of `scale`. */
  last: Float64Array;
  age: Float64Array;
  /** Customers by distinct repeats. */
  customersByRepeats: Float64Array;
  customers: number;
  totalRepeats: number;
  /** Days in one unit of time of the fit. */
  scale: number;
}

export function prepareTriples(triples: Triples): PreparedTriples {
  const { customers } = triples;
  let scale = 0;
  for (const age of triples.ageDays) scale = Math.max(scale, age);
  if (scale === 0) scale = 1;
  const repeats = numbered(triples.repeats, 1);
  const last = numbered(triples.lastDays, scale);
  const age = numbered(triples.ageDays, scale);
  const customersByRepeats = new Float64Array(repeats.values.length);
  for (let row = 0; row < customers.length; row++) {
    const index = repeats.index[row] as number;
    customersByRepeats[index] = (customersByRepeats[index] as number) + (customers[row] as number);
  }
  return {
    weight: customers,
    repeatIndex: repeats.index,
    lastIndex: last.index,
    ageIndex: age.index,
    repeats: repeats.values,
    last: last.values,
    age: age.values,
    customersByRepeats,
    customers: weightedSum(customers),
    totalRepeats: weightedSum(customers, triples.repeats),
    scale,
  };
}

function numbered(column: Float64Array, scale: number): { index: Int32Array; values: Float64Array } {
  const numbers = new Map<number, number>();
  const index = new Int32Array(column.length);
  for (let row = 0; row < column.length; row++) {
    const value = column[row] as number;
    let number = numbers.get(value);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(value, number);
    }
    index[row] = number;
  }
  return { index, values: Float64Array.from(numbers.keys(), (value) => value / scale) };
}
