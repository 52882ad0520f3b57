import type { CustomerCells } from '../lifetime-data.ts';
import { recentWindowsDays } from '../settings.ts';
import { linear, poissonRegression } from './poisson-regression.ts';

/**
 * What a back-test teaches about who purchases more or less than the model says. The factor of a customer is
 * exp(level + Σ slope × (feature - its mean)).
 */
export interface RecencyCorrection {
  /** Logarithm of what all predictions are multiplied by. */
  level: number;
  /** Of the logarithm of the prediction, log1p of the repeats in 91 and in 35 days, and being a one-time buyer; none where only the level was learned. */
  slopes: Float64Array;
  /**
   * Means of the features where they were learned: when all customers have become more active since, all are expected
   * to purchase more. Undefined where the history up to the cut was shorter than the long window: counts in it then grow
   * with the history alone, and the features are centred anew each time.
   */
  centre: Float64Array | undefined;
  /** Days for which the prediction among the features is made: those of the window that was learned from. */
  windowDays: number;
}

/** Names of the slopes, as in `warehouse.model_fits`. */
export const slopeNames = ['log_prediction', 'log_recent_91', 'log_recent_35', 'one_time'] as const;

/** No customer is moved by more than this factor, up or down. */
const largestFactor = 5;

/**
 * Learns the correction from one window by a Poisson regression with a ridge towards "leave the model alone".
 *
 * The features are centred, so that the slopes say who and the level says how much, and each is trusted on its own:
 * the slopes of one window hold in the next, while its level is half chance. The level is shrunk by
 * spread² / (spread² + error²): `levelSpread` is how far totals truly wander, the error that of this window's total
 * (over-dispersed customers, quasi-Poisson).
 *
 * @param predicted expected purchases of each row in the window
 * @param ridge in expected purchases
 * @param withSlopes whether to learn who, or the level alone
 */
export function learnCorrection(
  cells: CustomerCells & { later: Float64Array },
  predicted: Float64Array,
  windowDays: number,
  { ridge, levelSpread }: { ridge: number; levelSpread: number },
  withSlopes = true,
): RecencyCorrection {
  const features = withSlopes ? rawFeatures(cells, predicted) : [];
  const means = meansOf(features, cells, predicted);
  centre(features, means);
  const intercept = new Float64Array(predicted.length).fill(1);
  const data = { later: cells.later, offset: predicted, customers: cells.customers };
  // One purchase of ridge on the level keeps it finite where nothing at all was purchased.
  const [level = 0, ...slopes] = poissonRegression({ ...data, features: [intercept, ...features] }, [
    1,
    ...features.map(() => ridge),
  ]);
  const coefficients = Float64Array.from(slopes);
  let squares = 0;
  let sum = 0;
  for (let row = 0; row < predicted.length; row++) {
    const n = cells.customers[row] as number;
    const mean = (predicted[row] as number) * Math.exp(level + linear(features, coefficients, row));
    squares += n * ((cells.later[row] as number) - mean) ** 2;
    sum += n * mean;
  }
  const error = sum > 0 ? Math.sqrt(squares) / sum : Number.POSITIVE_INFINITY;
  const trust = levelSpread ** 2 / (levelSpread ** 2 + error ** 2);
  const history = cells.ageDays.reduce((oldest, age) => Math.max(oldest, age), 0);
  return {
    level: Number.isFinite(level) ? level * trust : 0,
    slopes: coefficients,
    centre: history >= recentWindowsDays.long ? means : undefined,
    windowDays,
  };
}

/**
 * The factor of each row.
 *
 * @param predicted expected purchases of each row in the next `windowDays` of the correction
 */
export function correctionFactors(
  correction: RecencyCorrection,
  cells: CustomerCells,
  predicted: Float64Array,
): Float64Array {
  const features = correction.slopes.length > 0 ? rawFeatures(cells, predicted) : [];
  centre(features, correction.centre ?? meansOf(features, cells, predicted));
  return predicted.map((_, row) => {
    const factor = Math.exp(correction.level + linear(features, correction.slopes, row));
    return Math.min(Math.max(factor, 1 / largestFactor), largestFactor);
  });
}

function rawFeatures(cells: CustomerCells, predicted: Float64Array): Float64Array[] {
  return [
    predicted.map((value) => Math.log(value + 1e-9)),
    cells.recentLong.map(Math.log1p),
    cells.recentShort.map(Math.log1p),
    cells.repeats.map((x) => (x === 0 ? 1 : 0)),
  ];
}

/** Means over the predicted purchases: slopes around them leave the total alone, to first order. */
function meansOf(
  features: readonly Float64Array[],
  { customers }: CustomerCells,
  predicted: Float64Array,
): Float64Array {
  return Float64Array.from(features, (feature) => {
    let sum = 0;
    let weight = 0;
    for (let row = 0; row < feature.length; row++) {
      const share = (customers[row] as number) * (predicted[row] as number);
      sum += share * (feature[row] as number);
      weight += share;
    }
    return weight > 0 ? sum / weight : 0;
  });
}

function centre(features: readonly Float64Array[], means: Float64Array): void {
  for (const [index, feature] of features.entries()) {
    const mean = means[index] as number;
    for (let row = 0; row < feature.length; row++) feature[row] = (feature[row] as number) - mean;
  }
}
