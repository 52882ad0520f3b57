import { cholesky, solveCholesky } from '../fit/hessian.ts';

/** Grouped observations: y of `customers` customers in each row, at expectations `offset` before any correction. */
export interface PoissonData {
  later: Float64Array;
  offset: Float64Array;
  customers: Float64Array;
  /** One column per coefficient. */
  features: readonly Float64Array[];
}

const maximumSteps = 50;

/**
 * Coefficients of ln E(y) = ln offset + Σ β f with a ridge towards 0, by Newton's method (the likelihood is concave).
 *
 * @param ridge one per coefficient, in units of expected counts
 */
export function poissonRegression(data: PoissonData, ridge: readonly number[]): Float64Array {
  const { later, offset, customers, features } = data;
  const size = features.length;
  const coefficients = new Float64Array(size);
  for (let step = 0; step < maximumSteps; step++) {
    const gradient = coefficients.map((value, i) => -(ridge[i] as number) * value);
    const curvature = Array.from({ length: size }, (_, i) => {
      const row = new Float64Array(size);
      row[i] = ridge[i] as number;
      return row;
    });
    for (let row = 0; row < later.length; row++) {
      const n = customers[row] as number;
      const mean = n * (offset[row] as number) * Math.exp(linear(features, coefficients, row));
      const residual = n * (later[row] as number) - mean;
      for (let i = 0; i < size; i++) {
        const feature = (features[i] as Float64Array)[row] as number;
        gradient[i] = (gradient[i] as number) + residual * feature;
        const curve = curvature[i] as Float64Array;
        for (let j = 0; j <= i; j++) {
          curve[j] = (curve[j] as number) + mean * feature * ((features[j] as Float64Array)[row] as number);
        }
      }
    }
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < i; j++) (curvature[j] as Float64Array)[i] = curvature[i]?.[j] as number;
    }
    const factor = cholesky(curvature);
    if (factor === undefined) break;
    const move = solveCholesky(factor, gradient);
    let longest = 0;
    for (let i = 0; i < size; i++) {
      // A step of more than 1 in a logarithm leaves the part where the likelihood is nearly a parabola.
      coefficients[i] = (coefficients[i] as number) + Math.min(Math.max(move[i] as number, -1), 1);
      longest = Math.max(longest, Math.abs(move[i] as number));
    }
    if (longest < 1e-10) break;
  }
  return coefficients;
}

/** Σ β f of one row. */
export function linear(features: readonly Float64Array[], coefficients: Float64Array, row: number): number {
  let sum = 0;
  for (let i = 0; i < features.length; i++) {
    sum += (coefficients[i] as number) * ((features[i] as Float64Array)[row] as number);
  }
  return sum;
}
