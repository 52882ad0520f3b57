/** A function to minimise, with its gradient written into `gradient`. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

export interface Bounds {
  lower: readonly number[];
  upper: readonly number[];
}

export interface Minimum {
  point: Float64Array;
  value: number;
  gradient: Float64Array;
  evaluations: number;
  /** Whether the gradient of the free coordinates vanished. */
  converged: boolean;
}

const maximumSteps = 200;

/**
 * Minimum of a smooth function of a few variables inside a box: BFGS over the coordinates that are free, with
 * coordinates held at their bound while the gradient pushes outwards (Bertsekas 1982, two-metric projection).
 *
 * Written here because the optimisers on npm have no bounds (fmin, optimization-js), and the optimum of a young
 * shop lies on one. `tolerance` is the largest projected gradient at the end.
 */
export function minimise(
  objective: Objective,
  start: readonly number[],
  bounds: Bounds,
  tolerance = 1e-8,
): Minimum {
  const size = start.length;
  const point = Float64Array.from(start, (value, i) => clamp(value, bounds, i));
  const gradient = new Float64Array(size);
  let value = objective(point, gradient);
  let evaluations = 1;
  let inverse = identity(size);
  let fresh = true;
  const trial = new Float64Array(size);
  const trialGradient = new Float64Array(size);

  for (let step = 0; step < maximumSteps; step++) {
    const free = Array.from(point, (_, i) => !isHeld(point, gradient, bounds, i));
    const slope = Math.max(...Array.from(gradient, (g, i) => (free[i] ? Math.abs(g) : 0)));
    if (!(slope > tolerance)) break;

    let direction = descent(inverse, gradient, free);
    let descentRate = dot(direction, gradient);
    if (!(descentRate < 0)) {
      inverse = identity(size);
      fresh = true;
      direction = descent(inverse, gradient, free);
      descentRate = dot(direction, gradient);
    }
    // Log parameters: one unit is a factor of e, and a first step of more than that leaves the known world.
    const longest = Math.max(...Array.from(direction, Math.abs));
    const limit = fresh ? 0.5 : 2;
    let length = longest > limit ? limit / longest : 1;
    let found = false;
    for (let cut = 0; cut < 30; cut++) {
      for (let i = 0; i < size; i++) {
        trial[i] = clamp((point[i] as number) + length * (direction[i] as number), bounds, i);
      }
      const trialValue = objective(trial, trialGradient);
      evaluations++;
      let decrease = 0;
      for (let i = 0; i < size; i++) {
        decrease += (gradient[i] as number) * ((trial[i] as number) - (point[i] as number));
      }
      if (trialValue <= value + 1e-4 * decrease) {
        inverse = updated(inverse, point, trial, gradient, trialGradient, free, fresh);
        fresh = false;
        found = trialValue < value;
        value = trialValue;
        point.set(trial);
        gradient.set(trialGradient);
        break;
      }
      length *= 0.3;
    }
    if (!found) {
      // What is left to gain cannot be seen in the value: another direction would only turn about the optimum, which
      // took up to 3,000 evaluations where 30 had found it.
      if (fresh || -descentRate < roundingOf(value)) break;
      inverse = identity(size);
      fresh = true;
    }
  }
  const slope = Math.max(
    0,
    ...Array.from(gradient, (g, i) => (isHeld(point, gradient, bounds, i) ? 0 : Math.abs(g))),
  );
  return { point, value, gradient, evaluations, converged: slope <= Math.max(tolerance * 100, 1e-4) };
}

/** Below this, two values of a function that sums thousands of terms are the same. */
export function roundingOf(value: number): number {
  return 1e-12 * Math.max(1, Math.abs(value));
}

/** Whether a coordinate is at its bound with the gradient pushing outwards. */
export function isHeld(point: Float64Array, gradient: Float64Array, bounds: Bounds, i: number): boolean {
  const position = point[i] as number;
  const slope = gradient[i] as number;
  return (
    (position <= (bounds.lower[i] as number) && slope >= 0) ||
    (position >= (bounds.upper[i] as number) && slope <= 0)
  );
}

function clamp(value: number, bounds: Bounds, i: number): number {
  return Math.min(Math.max(value, bounds.lower[i] as number), bounds.upper[i] as number);
}

function descent(inverse: Float64Array[], gradient: Float64Array, free: boolean[]): Float64Array {
  return Float64Array.from(inverse, (row, i) => {
    if (!free[i]) return 0;
    let sum = 0;
    for (let j = 0; j < row.length; j++) if (free[j]) sum -= (row[j] as number) * (gradient[j] as number);
    return sum;
  });
}

/** The BFGS update of the inverse Hessian (Nocedal & Wright 2006, equation 6.17). */
function updated(
  inverse: Float64Array[],
  from: Float64Array,
  to: Float64Array,
  before: Float64Array,
  after: Float64Array,
  free: boolean[],
  fresh: boolean,
): Float64Array[] {
  const s = to.map((value, i) => (free[i] ? value - (from[i] as number) : 0));
  const y = after.map((value, i) => (free[i] ? value - (before[i] as number) : 0));
  const curvature = dot(s, y);
  if (!(curvature > 1e-12 * Math.sqrt(dot(s, s) * dot(y, y)))) return inverse;
  // The first scale of the inverse: the same book, equation 6.20.
  const base = fresh ? inverse.map((row) => row.map((value) => (value * curvature) / dot(y, y))) : inverse;
  const along = base.map((row) => dot(row, y));
  const factor = 1 + dot(y, Float64Array.from(along)) / curvature;
  return base.map((row, i) =>
    row.map(
      (value, j) =>
        value +
        (factor * (s[i] as number) * (s[j] as number) -
          (along[i] as number) * (s[j] as number) -
          (s[i] as number) * (along[j] as number)) /
          curvature,
    ),
  );
}

function identity(size: number): Float64Array[] {
  return Array.from({ length: size }, (_, i) => {
    const row = new Float64Array(size);
    row[i] = 1;
    return row;
  });
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += (left[i] as number) * (right[i] as number);
  return sum;
}
