import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitModel, prepareFit } from '../../../../transforms/value/lifetime/fit/fit-model.ts';
import { hessian } from '../../../../transforms/value/lifetime/fit/hessian.ts';
import { minimise } from '../../../../transforms/value/lifetime/fit/minimise.ts';
import { prepareTriples } from '../../../../transforms/value/lifetime/fit/prepared-triples.ts';
import { geometricExpectation } from '../../../../transforms/value/lifetime/forecast/geometric-expectation.ts';
import { geometricJudgement } from '../../../../transforms/value/lifetime/forecast/geometric-judgement.ts';
import { bgCnbd } from '../../../../transforms/value/lifetime/models/bg-cnbd.ts';
import { bgNbd } from '../../../../transforms/value/lifetime/models/bg-nbd.ts';
import { mbgCnbd } from '../../../../transforms/value/lifetime/models/mbg-cnbd.ts';
import { mbgNbd } from '../../../../transforms/value/lifetime/models/mbg-nbd.ts';
import { nbd } from '../../../../transforms/value/lifetime/models/nbd.ts';
import { paretoNbd } from '../../../../transforms/value/lifetime/models/pareto-nbd.ts';
import type { Triples } from '../../../../transforms/value/lifetime/triples.ts';

const models = [nbd, bgNbd, mbgNbd, bgCnbd(2), mbgCnbd(3), paretoNbd];

/** Triples as they occur: one-time buyers, some repeats, and a last purchase on the very last day. */
const triples: Triples = {
  repeats: Float64Array.of(0, 0, 1, 1, 2, 3, 7, 12, 40),
  lastDays: Float64Array.of(0, 0, 20, 150, 88, 164, 200, 270, 366),
  ageDays: Float64Array.of(200, 366, 190, 150, 195, 226, 366, 300, 366),
  customers: Float64Array.of(50, 31, 12, 3, 9, 5, 4, 2, 1),
};
const data = prepareTriples(triples);

describe('The likelihoods', () => {
  it('have the gradients that finite differences give, at any parameters', () => {
    const logs = fc.array(fc.double({ min: -2.5, max: 2.5, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...models), logs, (model, chosen) => {
        const point = Float64Array.from(chosen.slice(0, model.parameters.length));
        const value = (at: Float64Array) => model.logLikelihood(data, at.map(Math.exp), 0);
        const gradient = new Float64Array(point.length);
        model.logLikelihood(data, point.map(Math.exp), 0, gradient);
        for (let i = 0; i < point.length; i++) {
          const moved = (step: number) => value(point.map((v, j) => (i === j ? v + step : v)));
          // Five points: the error of the formula is the fourth power of the step.
          const numeric = (8 * (moved(1e-3) - moved(-1e-3)) - (moved(2e-3) - moved(-2e-3))) / 12e-3;
          expect(Math.abs(numeric - (gradient[i] as number))).toBeLessThan(1e-6 * (1 + Math.abs(numeric)));
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('of the models with drop-out end in that of NBD where nobody drops out', () => {
    const plain = nbd.logLikelihood(data, [0.7, 0.2], 0);
    for (const model of [bgNbd, mbgNbd]) {
      expect(model.logLikelihood(data, [0.7, 0.2, 1e-9, 1e4], 0)).toBeCloseTo(plain, 4);
    }
    expect(paretoNbd.logLikelihood(data, [0.7, 0.2, 1e-9, 1e4], 0)).toBeCloseTo(plain, 4);
  });

  it('of k = 1 are those of the models without regularity', () => {
    const at = [0.7, 0.2, 0.9, 1.7];
    expect(bgCnbd(1).logLikelihood(data, at, 5)).toBe(bgNbd.logLikelihood(data, at, 5));
    expect(mbgCnbd(1).logLikelihood(data, at, 5)).toBe(mbgNbd.logLikelihood(data, at, 5));
  });

  it('do not care in which order or how often cells are given', () => {
    const doubled: Triples = {
      repeats: Float64Array.from([...triples.repeats, ...triples.repeats].reverse()),
      lastDays: Float64Array.from([...triples.lastDays, ...triples.lastDays].reverse()),
      ageDays: Float64Array.from([...triples.ageDays, ...triples.ageDays].reverse()),
      customers: Float64Array.from([...triples.customers, ...triples.customers].reverse(), (n) => n / 2),
    };
    for (const model of models) {
      const at = [0.7, 0.2, 0.9, 1.7].slice(0, model.parameters.length);
      const again = model.logLikelihood(prepareTriples(doubled), at, 0);
      expect(again).toBeCloseTo(model.logLikelihood(data, at, 0), 8);
    }
  });
});

describe('The expectation while alive', () => {
  // Equation 10 of Fader, Hardie & Lee 2005 by mpmath with 60 digits.
  it.each([
    [0.5, 0.3, 0.8, 2.5, 0, 0.1996816307388121],
    [2.2426, 0.47, 0.7929, 2.4259, 2, 1.6641263349915378],
    [30.2, 0.9, 0.6, 1.5, 30, 115.4805577333859],
    [150.5, 0.97, 0.05, 40, 151, 4316.852777549456],
    [0.3, 0.999, 1, 3, 1, 11.71275828135],
    [5.3, 0.5, 25, 60, 5, 2.6383709384190359],
    [12, 0.2, 1.0000001, 2, 12, 2.71573059327741],
    [0.02, 0.6, 0.001, 900, 1, 0.02999997455680878],
  ])('shape %d, z %d, a %d, b %d, chances %d', (shape, z, a, b, chances, exact) => {
    expect(geometricExpectation(shape, z, a, b, chances) / exact).toBeCloseTo(1, 10);
  });

  it('is the mean of the count probabilities, which add up to 1, for every model and state', () => {
    const parameters = [0.6, 40, 0.9, 3];
    for (const model of models) {
      const at = model === paretoNbd ? [0.6, 40, 0.7, 90] : parameters.slice(0, model.parameters.length);
      const judgement = model.judge(at);
      for (let hidden = 0; hidden < judgement.hiddenStates; hidden++) {
        const state = { repeats: 4, ageDays: 210, hidden, pace: 1.3 };
        const probabilities = new Float64Array(2_000);
        judgement.countProbabilities(state, 300, probabilities, probabilities.length);
        const total = probabilities.reduce((sum, p) => sum + p, 0);
        const mean = probabilities.reduce((sum, p, count) => sum + p * count, 0);
        expect(total).toBeCloseTo(1, 10);
        expect(judgement.expectedWhileAlive(state, 300) / mean).toBeCloseTo(1, 9);
      }
    }
  });

  it('of many ticks does not underflow: a customer who purchased 3,000 times', () => {
    const judgement = geometricJudgement({ dropout: 'none', regularity: 2 }, { r: 1, alpha: 5, a: 0, b: 1 });
    const expected = judgement.expectedWhileAlive(
      { repeats: 3_000, ageDays: 3_500, hidden: 0, pace: 1 },
      3_650,
    );
    // (r + 2 x) / (alpha + T) ticks a day, half of them purchases.
    expect(expected).toBeCloseTo(((6_001 / 3_505) * 3_650) / 2 - 0.25, 1);
  });

  it('grows with the horizon, and the probability of being alive falls with the silence', () => {
    for (const model of models) {
      const at =
        model === paretoNbd ? [0.6, 40, 0.7, 90] : [0.6, 40, 0.9, 3].slice(0, model.parameters.length);
      const judgement = model.judge(at);
      let before = 0;
      for (const days of [1, 30, 365, 1_096, 3_652]) {
        const expected = judgement.expectedWhileAlive({ repeats: 3, ageDays: 200, hidden: 0, pace: 1 }, days);
        expect(expected).toBeGreaterThan(before);
        before = expected;
      }
      if (!model.hasDropout) continue;
      const alive = [200, 150, 100, 50].map((lastDays) =>
        judgement.aliveProbability({ repeats: 3, lastDays, ageDays: 200 }),
      );
      expect(alive).toEqual([...alive].sort((a, b) => b - a));
    }
  });
});

describe('The fit', () => {
  it('finds the bottom of a valley, free and at a bound', () => {
    const rosenbrock = (point: Float64Array, gradient: Float64Array) => {
      const [x, y] = point as unknown as [number, number];
      gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x);
      gradient[1] = 200 * (y - x * x);
      return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
    };
    const free = minimise(rosenbrock, [-1.2, 1], { lower: [-5, -5], upper: [5, 5] });
    expect(free.point[0]).toBeCloseTo(1, 6);
    expect(free.point[1]).toBeCloseTo(1, 6);
    const held = minimise(rosenbrock, [-1.2, 0.2], { lower: [-5, -5], upper: [0.5, 5] });
    expect(held.point[0]).toBe(0.5);
    expect(held.point[1]).toBeCloseTo(0.25, 6);
    expect(held.converged).toBe(true);
  });

  it('ends where what is left to gain is lost in the rounding of the value', () => {
    // Values near 10,000 tell gains of 2e-12 at best, where the tolerance asks for less.
    const flat = (point: Float64Array, gradient: Float64Array) => {
      const [x, y] = point as unknown as [number, number];
      gradient[0] = 0.02 * (x - 1) + 1e-6 * Math.sin(1e9 * x);
      gradient[1] = 2e-3 * (y + 2) + 1e-6 * Math.cos(1e9 * y);
      return 10_000 + 0.01 * (x - 1) ** 2 + 1e-3 * (y + 2) ** 2;
    };
    const { point, evaluations } = minimise(flat, [-1, 2], { lower: [-5, -5], upper: [5, 5] });
    expect(evaluations).toBeLessThan(150);
    expect(point[0]).toBeCloseTo(1, 2);
    expect(point[1]).toBeCloseTo(-2, 2);
  });

  it('has the standard errors of the curvature: those of the published fit are the inverse Hessian', () => {
    const quadratic = (point: Float64Array, gradient: Float64Array) => {
      const [x, y] = point as unknown as [number, number];
      gradient[0] = 4 * x + y;
      gradient[1] = x + 2 * y;
      return 2 * x * x + x * y + y * y;
    };
    const [first, second] = hessian(quadratic, Float64Array.of(0.3, 0.1)) as [Float64Array, Float64Array];
    expect(Array.from(first)).toEqual([expect.closeTo(4, 6), expect.closeTo(1, 6)]);
    expect(Array.from(second)).toEqual([expect.closeTo(1, 6), expect.closeTo(2, 6)]);
  });

  it('does not depend on the unit of time', () => {
    const weeks: Triples = {
      ...triples,
      lastDays: triples.lastDays.map((days) => days / 7),
      ageDays: triples.ageDays.map((days) => days / 7),
    };
    const inDays = fitModel(mbgNbd, prepareFit(triples, 0), { r: 0.5, alpha: 60 });
    const inWeeks = fitModel(mbgNbd, prepareFit(weeks, 0), { r: 0.5, alpha: 60 / 7 });
    expect((inDays.parameters[1] as number) / (inWeeks.parameters[1] as number)).toBeCloseTo(7, 4);
    expect(inDays.logLikelihood + inDays.totalRepeats * Math.log(7)).toBeCloseTo(inWeeks.logLikelihood, 6);
  });
});
