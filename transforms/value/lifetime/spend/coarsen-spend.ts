import type { SpendCells } from './gamma-gamma.ts';

/** Cells above which means are rounded: 4,000 cells took a second to fit, and gave the same parameters to three digits. */
const maximumCells = 2_000;
/** Steps of a rounded mean on a logarithmic scale, from half a per cent to four: a mean of orders is no surer than that. */
const stepsPerUnit = [200, 100, 50, 25];

/** Cells that are few enough to fit: beyond 2,000, means are rounded. The order is fixed. */
export function coarsenSpend(cells: SpendCells): SpendCells {
  let coarse = cells;
  for (const steps of stepsPerUnit) {
    if (coarse.customers.length <= maximumCells) break;
    coarse = rounded(cells, steps);
  }
  return coarse;
}

function rounded(cells: SpendCells, steps: number): SpendCells {
  const customersByKey = new Map<number, number>();
  for (let row = 0; row < cells.customers.length; row++) {
    const step = Math.round(Math.log(cells.meanValue[row] as number) * steps);
    // Logarithms of amounts lie between -10 and 40: the steps leave the number of orders room behind them.
    const key = (cells.orders[row] as number) * 65_536 + step + 16_384;
    customersByKey.set(key, (customersByKey.get(key) ?? 0) + (cells.customers[row] as number));
  }
  const keys = [...customersByKey.keys()].sort((left, right) => left - right);
  return {
    orders: Float64Array.from(keys, (key) => Math.floor(key / 65_536)),
    meanValue: Float64Array.from(keys, (key) => Math.exp(((key % 65_536) - 16_384) / steps)),
    customers: Float64Array.from(keys, (key) => customersByKey.get(key) as number),
  };
}
