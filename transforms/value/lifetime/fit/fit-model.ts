import { coarsenTriples } from '../coarsen-triples.ts';
import { logBounds, type PurchaseModel } from '../models/purchase-model.ts';
import type { Triples } from '../triples.ts';
import { freeCoordinates, hessian, inverseOfFree } from './hessian.ts';
import { type Bounds, type Minimum, minimise, type Objective, roundingOf } from './minimise.ts';
import { type PreparedTriples, prepareTriples } from './prepared-triples.ts';

/** A model with its parameters; times in days. */
export interface FittedModel {
  model: PurchaseModel;
  parameters: number[];
  /** Covariance of the logarithms of the parameters; 0 for a parameter at its bound. */
  covariance: Float64Array[];
  /** Whether the covariance could be found: the likelihood bends down in every direction. */
  hasCovariance: boolean;
  /** Log-likelihood with times in days. */
  logLikelihood: number;
  /** Parameters that ended at a bound of the box. */
  atBound: string[];
  converged: boolean;
  /** Evaluations of the likelihood over all cells. */
  evaluations: number;
  customers: number;
  totalRepeats: number;
}

/** Cells on which the starts are tried; the fit itself takes all of them. */
const scoutCells = 4_000;

/** Triples ready for several fits: the whole, and a coarse copy to scout with. */
export interface FitData {
  whole: PreparedTriples;
  scout: PreparedTriples;
  /** Σ ln(gap in days) over all repeat gaps. */
  logGapSum: number;
}

export function prepareFit(triples: Triples, logGapSum: number): FitData {
  const whole = prepareTriples(triples);
  const coarse = coarsenTriples(triples, scoutCells).triples;
  return { whole, scout: coarse === triples ? whole : prepareTriples(coarse), logGapSum };
}

/**
 * Maximum likelihood of a model: every start on the coarse copy, the best of them on all cells. Deterministic.
 *
 * @param plain r and alpha (in days) of plain NBD, from which the starts go out
 * @param withCovariance whether to look at the curvature around the optimum: a third of the work
 */
export function fitModel(
  model: PurchaseModel,
  data: FitData,
  plain: { r: number; alpha: number },
  withCovariance = true,
): FittedModel {
  const bounds = logBounds(model);
  const { whole, scout } = data;
  const scouting = objectiveOf(model, scout, data.logGapSum);
  const best = model
    .starts({ r: plain.r, alpha: plain.alpha / scout.scale })
    .map((start) => minimise(scouting, start.map(Math.log), bounds))
    .reduce((least, found) => (found.value < least.value ? found : least));

  const objective = objectiveOf(model, whole, data.logGapSum);
  let minimum = best;
  let evaluations = best.evaluations;
  if (scout !== whole) {
    const inverse = inverseOfFree(
      hessian(scouting, best.point),
      freeCoordinates(best.point, best.gradient, bounds),
    );
    const start = scaleTimes(model, best.point, Math.log(scout.scale / whole.scale));
    const polished = inverse && polish(objective, start, bounds, inverse);
    minimum = polished ?? minimise(objective, Array.from(start), bounds);
    evaluations = minimum.evaluations;
  }
  const free = freeCoordinates(minimum.point, minimum.gradient, bounds);
  const inverse = withCovariance ? inverseOfFree(hessian(objective, minimum.point), free) : undefined;
  const parameters = Array.from(scaleTimes(model, minimum.point, Math.log(whole.scale)), Math.exp);
  return {
    model,
    parameters,
    covariance: (inverse ?? model.parameters.map(() => new Float64Array(model.parameters.length))).map(
      (row) => row.map((value) => value / whole.customers),
    ),
    hasCovariance: inverse !== undefined,
    logLikelihood: -minimum.value * whole.customers - whole.totalRepeats * Math.log(whole.scale),
    atBound: model.parameters.flatMap(({ name }, i) => (free[i] ? [] : [name])),
    converged: minimum.converged,
    evaluations,
    customers: whole.customers,
    totalRepeats: whole.totalRepeats,
  };
}

/** Log-likelihood at given parameters (times in days), with times in days. */
export function logLikelihoodAt(
  model: PurchaseModel,
  { whole, logGapSum }: FitData,
  parameters: readonly number[],
): number {
  const scaled = parameters.map((value, i) => (model.parameters[i]?.isTime ? value / whole.scale : value));
  const gaps = logGapSum - whole.totalRepeats * Math.log(whole.scale);
  return model.logLikelihood(whole, scaled, gaps) - whole.totalRepeats * Math.log(whole.scale);
}

/** Minus the mean log-likelihood over customers, in the logarithms of the parameters. */
function objectiveOf(model: PurchaseModel, data: PreparedTriples, logGapSum: number): Objective {
  const scaledGaps = logGapSum - data.totalRepeats * Math.log(data.scale);
  return (point, gradient) => {
    const value = model.logLikelihood(data, point.map(Math.exp), scaledGaps, gradient);
    for (let i = 0; i < gradient.length; i++) gradient[i] = -(gradient[i] as number) / data.customers;
    return Number.isFinite(value) ? -value / data.customers : Number.MAX_VALUE;
  };
}

function scaleTimes(model: PurchaseModel, point: Float64Array, logFactor: number): Float64Array {
  return point.map((value, i) => (model.parameters[i]?.isTime ? value + logFactor : value));
}

/**
 * Newton's method from a point that is nearly the optimum, with the curvature of the coarse copy: a handful of
 * evaluations in place of some thirty. Undefined where that is not enough.
 */
function polish(
  objective: Objective,
  start: Float64Array,
  { lower, upper }: Bounds,
  inverse: Float64Array[],
): Minimum | undefined {
  const inBox = (value: number, i: number) =>
    Math.min(Math.max(value, lower[i] as number), upper[i] as number);
  const point = start.map(inBox);
  const gradient = new Float64Array(point.length);
  let value = objective(point, gradient);
  for (let evaluations = 1; evaluations < 16; evaluations++) {
    const slope = Math.max(...Array.from(gradient, (g, i) => (inverse[i]?.[i] === 0 ? 0 : Math.abs(g))));
    if (slope < 1e-8) return { point, value, gradient, evaluations, converged: true };
    const move = inverse.map((row) =>
      row.reduce((sum, entry, j) => sum - entry * (gradient[j] as number), 0),
    );
    const gain = -move.reduce((sum, step, i) => sum + step * (gradient[i] as number), 0);
    if (slope < 1e-6 && gain >= 0 && gain < 1e-3 * roundingOf(value)) {
      return { point, value, gradient, evaluations, converged: true };
    }
    for (let i = 0; i < point.length; i++) point[i] = inBox((point[i] as number) + (move[i] as number), i);
    const next = objective(point, gradient);
    if (!(next <= value + 1e-9)) return undefined;
    value = next;
  }
  return undefined;
}
