import { type Bounds, isHeld, type Objective } from './minimise.ts';

/** Symmetric matrix of second derivatives, by central differences of the analytic gradient (8 digits or so). */
export function hessian(objective: Objective, point: Float64Array): Float64Array[] {
  const step = 1e-4;
  const size = point.length;
  const rows = Array.from(point, (_, i) => {
    const above = new Float64Array(size);
    const below = new Float64Array(size);
    const moved = Float64Array.from(point);
    moved[i] = (point[i] as number) + step;
    objective(moved, above);
    moved[i] = (point[i] as number) - step;
    objective(moved, below);
    return above.map((value, j) => (value - (below[j] as number)) / (2 * step));
  });
  return rows.map((row, i) => row.map((value, j) => (value + (rows[j]?.[i] as number)) / 2));
}

/**
 * Inverse of a symmetric positive definite matrix over the free coordinates, 0 elsewhere; undefined where it is
 * not positive definite.
 */
export function inverseOfFree(matrix: Float64Array[], free: readonly boolean[]): Float64Array[] | undefined {
  const kept = free.flatMap((isFree, i) => (isFree ? [i] : []));
  const factor = cholesky(kept.map((i) => Float64Array.from(kept, (j) => matrix[i]?.[j] as number)));
  if (factor === undefined) return undefined;
  const inverse = free.map(() => new Float64Array(free.length));
  for (const [column, i] of kept.entries()) {
    const unit = new Float64Array(kept.length);
    unit[column] = 1;
    const solved = solveCholesky(factor, unit);
    for (const [row, j] of kept.entries()) (inverse[j] as Float64Array)[i] = solved[row] as number;
  }
  return inverse;
}

/** The coordinates that no bound holds. */
export function freeCoordinates(point: Float64Array, gradient: Float64Array, bounds: Bounds): boolean[] {
  return Array.from(point, (_, i) => !isHeld(point, gradient, bounds, i));
}

/** Lower triangular L with L Lᵀ = matrix; undefined where the matrix is not positive definite. */
export function cholesky(matrix: readonly Float64Array[]): Float64Array[] | undefined {
  const size = matrix.length;
  const lower = matrix.map(() => new Float64Array(size));
  for (let i = 0; i < size; i++) {
    const row = lower[i] as Float64Array;
    for (let j = 0; j <= i; j++) {
      const other = lower[j] as Float64Array;
      let sum = matrix[i]?.[j] as number;
      for (let m = 0; m < j; m++) sum -= (row[m] as number) * (other[m] as number);
      if (i === j) {
        if (!(sum > 1e-12 * Math.abs(matrix[i]?.[i] as number))) return undefined;
        row[i] = Math.sqrt(sum);
      } else row[j] = sum / (other[j] as number);
    }
  }
  return lower;
}

/** The x with L Lᵀ x = right. */
export function solveCholesky(lower: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  const solution = Float64Array.from(right);
  for (let i = 0; i < size; i++) {
    let sum = solution[i] as number;
    for (let j = 0; j < i; j++) sum -= (lower[i]?.[j] as number) * (solution[j] as number);
    solution[i] = sum / (lower[i]?.[i] as number);
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = solution[i] as number;
    for (let j = i + 1; j < size; j++) sum -= (lower[j]?.[i] as number) * (solution[j] as number);
    solution[i] = sum / (lower[i]?.[i] as number);
  }
  return solution;
}
