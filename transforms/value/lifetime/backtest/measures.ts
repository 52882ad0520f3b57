/** How predicted counts compare with what happened, over grouped customers. */
export interface Measures {
  actual: number;
  predicted: number;
  /** predicted / actual - 1; null where nothing happened. */
  bias: number | null;
  /** Per customer. */
  rmse: number;
  mae: number;
  /** Mean per customer: 2 Σ (y ln(y/p) - (y - p)) / n. */
  poissonDeviance: number;
  /** Share of what happened that the 20 % with the highest predictions did; null where nothing happened. */
  top20Share: number | null;
  /** Spearman's, with ties at their mean rank; null where one side is constant. */
  rankCorrelation: number | null;
}

/** A prediction of 0 makes the deviance infinite where something happened: it counts as this much. */
const smallestPrediction = 1e-9;

export function measurePredictions(
  later: Float64Array,
  predicted: Float64Array,
  customers: Float64Array,
): Measures {
  let total = 0;
  let actual = 0;
  let sum = 0;
  let squares = 0;
  let absolute = 0;
  for (let row = 0; row < later.length; row++) {
    const n = customers[row] as number;
    const y = later[row] as number;
    const p = predicted[row] as number;
    total += n;
    actual += n * y;
    sum += n * p;
    squares += n * (y - p) ** 2;
    absolute += n * Math.abs(y - p);
  }
  const ranks = rankPredictions(predicted);
  return {
    actual,
    predicted: sum,
    bias: actual > 0 ? sum / actual - 1 : null,
    rmse: Math.sqrt(squares / total),
    mae: absolute / total,
    poissonDeviance: poissonDeviance(later, predicted, customers),
    top20Share: actual > 0 ? topShare(later, ranks, customers, total, actual) : null,
    rankCorrelation: spearman(later, ranks, customers, total),
  };
}

/**
 * Mean Poisson deviance per customer.
 *
 * @param scale multiplies the predictions
 */
export function poissonDeviance(
  later: Float64Array,
  predicted: Float64Array,
  customers: Float64Array,
  scale = 1,
): number {
  let deviance = 0;
  let total = 0;
  for (let row = 0; row < later.length; row++) {
    const n = customers[row] as number;
    const y = later[row] as number;
    const p = Math.max(scale * (predicted[row] as number), smallestPrediction);
    deviance += 2 * n * ((y > 0 ? y * Math.log(y / p) : 0) - (y - p));
    total += n;
  }
  return deviance / total;
}

/** Deviance of predictions scaled to the total that happened: judges who purchases how much, not the level. */
export function devianceOfShape(
  later: Float64Array,
  predicted: Float64Array,
  customers: Float64Array,
): number {
  let actual = 0;
  let sum = 0;
  for (let row = 0; row < later.length; row++) {
    actual += (customers[row] as number) * (later[row] as number);
    sum += (customers[row] as number) * (predicted[row] as number);
  }
  if (!(actual > 0 && sum > 0)) return poissonDeviance(later, predicted, customers);
  return poissonDeviance(later, predicted, customers, actual / sum);
}

/** Steps of a rank on a logarithmic scale; two predictions in one step count as equal. */
const rankSteps = 65_536;

/** Predictions as whole numbers of the same order: sorting a million rows would cost more than all else here. */
function rankPredictions(predicted: Float64Array): Int32Array {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const p of predicted) {
    least = Math.min(least, Math.max(p, smallestPrediction));
    most = Math.max(most, p);
  }
  const range = Math.log(Math.max(most, smallestPrediction) / least);
  const ranks = new Int32Array(predicted.length);
  if (!(range > 0)) return ranks;
  const step = (rankSteps - 1) / range;
  const base = Math.log(least);
  for (let row = 0; row < predicted.length; row++) {
    const log = Math.log(Math.max(predicted[row] as number, smallestPrediction));
    ranks[row] = Math.round((log - base) * step);
  }
  return ranks;
}

function topShare(
  later: Float64Array,
  ranks: Int32Array,
  customers: Float64Array,
  total: number,
  actual: number,
): number {
  const customersByRank = new Float64Array(rankSteps);
  const laterByRank = new Float64Array(rankSteps);
  for (let row = 0; row < ranks.length; row++) {
    const rank = ranks[row] as number;
    const n = customers[row] as number;
    customersByRank[rank] = (customersByRank[rank] as number) + n;
    laterByRank[rank] = (laterByRank[rank] as number) + n * (later[row] as number);
  }
  let left = 0.2 * total;
  let caught = 0;
  for (let rank = rankSteps - 1; rank >= 0 && left > 0; rank--) {
    const n = customersByRank[rank] as number;
    if (n === 0) continue;
    // Of customers with equal predictions, as many as still fit in, at their mean.
    caught += (laterByRank[rank] as number) * Math.min(1, left / n);
    left -= n;
  }
  return caught / actual;
}

function spearman(
  later: Float64Array,
  ranks: Int32Array,
  customers: Float64Array,
  total: number,
): number | null {
  let most = 0;
  for (const y of later) most = Math.max(most, y);
  const laterRanks = new Int32Array(later);
  const left = meanRanks(laterRanks, customers, most + 1);
  const right = meanRanks(ranks, customers, rankSteps);
  const middle = total / 2;
  let covariance = 0;
  let leftVariance = 0;
  let rightVariance = 0;
  for (let row = 0; row < later.length; row++) {
    const n = customers[row] as number;
    const a = (left[laterRanks[row] as number] as number) - middle;
    const b = (right[ranks[row] as number] as number) - middle;
    covariance += n * a * b;
    leftVariance += n * a * a;
    rightVariance += n * b * b;
  }
  if (!(leftVariance > 0 && rightVariance > 0)) return null;
  return covariance / Math.sqrt(leftVariance * rightVariance);
}

/** Mean rank of each step, counted in customers. */
function meanRanks(steps: Int32Array, customers: Float64Array, size: number): Float64Array {
  const counts = new Float64Array(size);
  for (let row = 0; row < steps.length; row++) {
    const step = steps[row] as number;
    counts[step] = (counts[step] as number) + (customers[row] as number);
  }
  let before = 0;
  return counts.map((count) => {
    const mean = before + count / 2;
    before += count;
    return mean;
  });
}
