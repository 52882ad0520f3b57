import {
  type GeometricParameters,
  type GeometricShape,
  ticksSinceLast,
} from '../models/geometric-likelihood.ts';
import type { ModelJudgement } from '../models/purchase-model.ts';
import type { AliveState, CustomerState } from './customer-state.ts';
import { geometricExpectation } from './geometric-expectation.ts';
import { TickDistribution } from './tick-distribution.ts';

/**
 * From this a on, the terms of the closed form rise towards the largest number there is before they fall; the sum over
 * counts then has few terms, since hardly anybody stays.
 */
const largestA = 50;

/**
 * What the models with gamma rates and a geometric drop-out say of a customer.
 *
 * Given that a customer is alive and j ticks have passed since the last purchase, the rate of ticks is
 * gamma(r + k x + j, alpha + T), the chance to drop out beta(a, b + chances), and the n-th next purchase is the tick
 * k n - j. So the probability of n purchases is exact for every k; Platzer & Reutterer 2016 give an approximation
 * by the case k = 1.
 */
export function geometricJudgement(
  shape: GeometricShape,
  { r, alpha, a, b }: GeometricParameters,
): ModelJudgement {
  const k = shape.regularity;
  const chancesOf = (repeats: number) => (shape.dropout === 'after_any' ? repeats + 1 : repeats);
  const polynomial = new Float64Array(3);

  /** Share of those alive now who are still alive after the next purchase, having made `more` since. */
  const keptAfter = (repeats: number, more: number) =>
    shape.dropout === 'none' ? 1 : (b + chancesOf(repeats) + more) / (a + b + chancesOf(repeats) + more);

  const ticksIn = (state: AliveState, days: number) => {
    const time = days * state.pace;
    const z = time / (alpha + state.ageDays + time);
    return { shape: r + k * state.repeats + state.hidden, z };
  };

  function aliveProbability({ repeats, lastDays, ageDays }: CustomerState): number {
    const chances = chancesOf(repeats);
    if (shape.dropout === 'none' || chances === 0) return 1;
    const c = r + k * repeats;
    let logPoly = 0;
    if (k > 1) {
      ticksSinceLast(c, (ageDays - lastDays) / (alpha + ageDays), k, polynomial);
      logPoly = Math.log(polynomial[0] as number);
    }
    const odds =
      Math.log(a / (b + chances - 1)) + c * Math.log((alpha + ageDays) / (alpha + lastDays)) - logPoly;
    return 1 / (1 + Math.exp(odds));
  }

  function hiddenProbabilities({ repeats, lastDays, ageDays }: CustomerState, out: Float64Array): void {
    const c = r + k * repeats;
    const u = (ageDays - lastDays) / (alpha + ageDays);
    let term = 1;
    let sum = 1;
    out[0] = 1;
    for (let j = 1; j < k; j++) {
      term *= ((c + j - 1) * u) / j;
      out[j] = term;
      sum += term;
    }
    for (let j = 0; j < k; j++) out[j] = (out[j] as number) / sum;
  }

  function expectedWhileAlive(state: AliveState, days: number): number {
    if (days <= 0) return 0;
    const ticks = ticksIn(state, days);
    if (k === 1 && shape.dropout === 'none') return (ticks.shape * ticks.z) / (1 - ticks.z);
    if (k === 1 && a < largestA) {
      return geometricExpectation(ticks.shape, ticks.z, a, b, chancesOf(state.repeats));
    }
    const distribution = new TickDistribution(ticks.shape, ticks.z);
    let left = 1;
    for (let tick = 0; tick < k - state.hidden; tick++) left -= distribution.take();
    let kept = 1;
    let expected = 0;
    // Beyond the mean what is still to come is at most the last mass / (1 - z). What is left of 1 after so many
    // subtractions is no guide: it is rounding before it is 0.
    const mean = (ticks.shape * ticks.z) / (1 - ticks.z);
    const smallest = 1e-13 * (1 - ticks.z);
    for (let more = 0; ; more++) {
      expected += kept * Math.max(left, 0);
      kept *= keptAfter(state.repeats, more);
      let mass = 0;
      for (let tick = 0; tick < k; tick++) mass += distribution.take();
      left -= mass;
      if (mass <= smallest && k * more > mean) break;
    }
    return expected;
  }

  function countProbabilities(state: AliveState, days: number, out: Float64Array, size: number): void {
    const ticks = ticksIn(state, days);
    const distribution = new TickDistribution(ticks.shape, ticks.z);
    let reaches = 1;
    let kept = 1;
    for (let count = 0; count < size; count++) {
      let exactly = 0;
      for (let tick = 0; tick < (count === 0 ? k - state.hidden : k); tick++) exactly += distribution.take();
      if (count === 0) out[0] = exactly;
      else {
        const keptNow = kept * keptAfter(state.repeats, count - 1);
        out[count] = keptNow * exactly + (kept - keptNow) * Math.max(0, reaches);
        kept = keptNow;
      }
      reaches -= exactly;
    }
  }

  return {
    aliveProbability,
    hiddenStates: k,
    hiddenProbabilities,
    expectedWhileAlive,
    countProbabilities,
  };
}
