import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/** Prospects grouped by what is known of them: one row for each distinct combination. */
export interface GroupedOutcomes {
  /** One column for each feature. */
  features: readonly Float64Array[];
  prospects: Float64Array;
  /** How many of them bought. */
  buyers: Float64Array;
}

export interface LogisticFit {
  /** Log-odds: the intercept, then one for each feature; 0 for a feature that is the same for all. */
  coefficients: Float64Array;
  /** In the same order; null for a feature that is the same for all. */
  standardErrors: (number | null)[];
  /** Without the ridge. */
  logLikelihood: number;
}

const maximumSteps = 100;

/**
 * Maximum likelihood of ln(p / (1 - p)) = intercept + Σ coefficient × feature on grouped counts, by Newton's method
 * (iteratively reweighted least squares), with a ridge on all but the intercept. It needs a buyer and one who is none:
 * then the likelihood with its ridge is strictly concave, and halved steps find its one summit.
 *
 * @param ridge precision of the normal prior of each coefficient
 */
export function fitLogistic(data: GroupedOutcomes, ridge: number): LogisticFit {
  const varying = data.features.flatMap((column, index) => (isConstant(column) ? [] : [index]));
  const columns = varying.map((index) => data.features[index] as Float64Array);
  const rowCount = data.prospects.length;
  const cell = (column: number, row: number) =>
    column === 0 ? 1 : ((columns[column - 1] as Float64Array)[row] as number);
  const size = columns.length + 1;
  const penalty = (column: number) => (column === 0 ? 0 : ridge);

  let point = new Float64Array(size);
  point[0] = logOdds(sum(data.buyers), sum(data.prospects));
  let height = summit(point);
  for (let step = 0; step < maximumSteps; step++) {
    const { gradient, information } = slopes(point);
    const move = new CholeskyDecomposition(information).solve(Matrix.columnVector(gradient)).getColumn(0);
    let length = 1;
    let next = point.map((value, i) => value + (move[i] as number));
    let nextHeight = summit(next);
    while (!(nextHeight >= height) && length > 1e-6) {
      length /= 2;
      next = point.map((value, i) => value + length * (move[i] as number));
      nextHeight = summit(next);
    }
    if (!(nextHeight >= height)) break;
    const gain = nextHeight - height;
    [point, height] = [next, nextHeight];
    if (gain <= 1e-13 * Math.abs(height) && move.every((part) => Math.abs(part) < 1e-9)) break;
  }

  const covariance = new CholeskyDecomposition(slopes(point).information).solve(Matrix.eye(size));
  const coefficients = new Float64Array(data.features.length + 1);
  const standardErrors: (number | null)[] = Array.from(coefficients, () => null);
  for (const [place, index] of [-1, ...varying].entries()) {
    coefficients[index + 1] = point[place] as number;
    standardErrors[index + 1] = Math.sqrt(covariance.get(place, place));
  }
  return {
    coefficients,
    standardErrors,
    logLikelihood: logLikelihoodOf(data, probabilitiesOf(coefficients, data)),
  };

  function oddsAt(at: Float64Array, row: number): number {
    let value = 0;
    for (let i = 0; i < size; i++) value += (at[i] as number) * cell(i, row);
    return value;
  }

  function summit(at: Float64Array): number {
    let value = 0;
    for (let row = 0; row < rowCount; row++) {
      const odds = oddsAt(at, row);
      value += (data.buyers[row] as number) * odds - (data.prospects[row] as number) * logOnePlusExp(odds);
    }
    for (let i = 0; i < size; i++) value -= 0.5 * penalty(i) * (at[i] as number) ** 2;
    return value;
  }

  function slopes(at: Float64Array): { gradient: Float64Array; information: Matrix } {
    const gradient = at.map((value, i) => -penalty(i) * value);
    const information = Matrix.zeros(size, size);
    for (let i = 0; i < size; i++) information.set(i, i, penalty(i));
    for (let row = 0; row < rowCount; row++) {
      const p = probabilityOf(oddsAt(at, row));
      const n = data.prospects[row] as number;
      const residual = (data.buyers[row] as number) - n * p;
      const weight = n * p * (1 - p);
      for (let i = 0; i < size; i++) {
        gradient[i] = (gradient[i] as number) + residual * cell(i, row);
        for (let j = 0; j <= i; j++) {
          const more = information.get(i, j) + weight * cell(i, row) * cell(j, row);
          information.set(i, j, more);
          information.set(j, i, more);
        }
      }
    }
    return { gradient, information };
  }
}

/** What the coefficients say of each row: intercept, then one coefficient for each feature. */
export function probabilitiesOf(
  coefficients: Float64Array,
  { features, prospects }: Pick<GroupedOutcomes, 'features' | 'prospects'>,
): Float64Array {
  return prospects.map((_, row) => {
    let odds = coefficients[0] as number;
    for (const [index, column] of features.entries()) {
      odds += (coefficients[index + 1] as number) * (column[row] as number);
    }
    return probabilityOf(odds);
  });
}

/** Σ over prospects of ln p where they bought and ln(1 - p) where they did not. */
export function logLikelihoodOf(
  { buyers, prospects }: Pick<GroupedOutcomes, 'buyers' | 'prospects'>,
  probabilities: Float64Array,
): number {
  let value = 0;
  for (let row = 0; row < prospects.length; row++) {
    const [n, bought, p] = [prospects[row], buyers[row], probabilities[row]] as [number, number, number];
    if (bought > 0) value += bought * Math.log(p);
    if (n > bought) value += (n - bought) * Math.log1p(-p);
  }
  return value;
}

function probabilityOf(odds: number): number {
  return odds >= 0 ? 1 / (1 + Math.exp(-odds)) : Math.exp(odds) / (1 + Math.exp(odds));
}

function logOnePlusExp(value: number): number {
  return Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
}

function logOdds(part: number, whole: number): number {
  return Math.log(part / (whole - part));
}

function isConstant(column: Float64Array): boolean {
  return column.every((value) => value === column[0]);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
