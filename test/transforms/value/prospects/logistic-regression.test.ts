import { describe, expect, it } from '@jest/globals';
import { errorsOf } from '../../../../transforms/value/prospects/backtest.ts';
import { fitLogistic, probabilitiesOf } from '../../../../transforms/value/prospects/logistic-regression.ts';

describe('Logistic regression on grouped counts', () => {
  it('gives the logarithm of the odds ratio of a table of two by two, with its error', () => {
    // 30 of 100 bought without a visit, 60 of 100 with one.
    const data = {
      features: [Float64Array.of(0, 1)],
      prospects: Float64Array.of(100, 100),
      buyers: Float64Array.of(30, 60),
    };
    const { coefficients, standardErrors, logLikelihood } = fitLogistic(data, 1e-12);
    expect(coefficients[0]).toBeCloseTo(Math.log(30 / 70), 9);
    expect(coefficients[1]).toBeCloseTo(Math.log(60 / 40) - Math.log(30 / 70), 9);
    expect(standardErrors[0]).toBeCloseTo(Math.sqrt(1 / 30 + 1 / 70), 9);
    expect(standardErrors[1]).toBeCloseTo(Math.sqrt(1 / 30 + 1 / 70 + 1 / 60 + 1 / 40), 9);
    const expected = 30 * Math.log(0.3) + 70 * Math.log(0.7) + 60 * Math.log(0.6) + 40 * Math.log(0.4);
    expect(logLikelihood).toBeCloseTo(expected, 9);
    const [without, withVisit] = probabilitiesOf(coefficients, data);
    expect(without).toBeCloseTo(0.3, 9);
    expect(withVisit).toBeCloseTo(0.6, 9);
  });

  it('finds with a ridge what numpy finds in Newton steps, to a gradient of 1e-14', () => {
    const fit = fitLogistic(
      {
        features: [
          Float64Array.of(0, 1, 2, 3, 4, 4, 0),
          Float64Array.of(0, 0, 1, 0, 1, 4, 2),
          // The same for all: it has no coefficient.
          Float64Array.of(2, 2, 2, 2, 2, 2, 2),
          Float64Array.of(0, 0, 0, 1, 1, 0, 1),
        ],
        prospects: Float64Array.of(200, 80, 60, 40, 25, 10, 30),
        buyers: Float64Array.of(10, 8, 12, 9, 11, 8, 4),
      },
      1,
    );
    const numpy = [-2.8808619451991455, 0.5384693325490353, 0.4858876032124507, 0, 0.018646772749185518];
    const errors = [0.24072541604596387, 0.12260844768935145, 0.17004169878740694, null, 0.3404651147391713];
    for (const [index, value] of numpy.entries()) expect(fit.coefficients[index]).toBeCloseTo(value, 8);
    for (const [index, value] of errors.entries()) {
      if (value === null) expect(fit.standardErrors[index]).toBeNull();
      else expect(fit.standardErrors[index]).toBeCloseTo(value, 7);
    }
    expect(fit.logLikelihood).toBeCloseTo(-151.1339789638642, 8);
  });

  it('stays finite where a feature parts buyers from others without an exception', () => {
    const { coefficients } = fitLogistic(
      {
        features: [Float64Array.of(0, 1), Float64Array.of(0, 1)],
        prospects: Float64Array.of(1_000_000, 3),
        buyers: Float64Array.of(0, 3),
      },
      1,
    );
    expect(coefficients.every(Number.isFinite)).toBe(true);
    // Two features that say the same share what they say.
    expect(coefficients[1]).toBeCloseTo(coefficients[2] as number, 9);
  });

  it('ranks buyers by pairs: of 2 x 3 pairs, four in order, one tied, one upside down', () => {
    // Probabilities .9 (one bought), .5 (one bought, one did not), .7 (one did not), .1 (one did not).
    const data = {
      features: [],
      prospects: Float64Array.of(1, 2, 1, 1),
      buyers: Float64Array.of(1, 1, 0, 0),
    };
    const { concordance, logLoss } = errorsOf(data, Float64Array.of(0.9, 0.5, 0.7, 0.1));
    expect(concordance).toBeCloseTo(4.5 / 6, 12);
    expect(logLoss).toBeCloseTo(-(Math.log(0.9) + 2 * Math.log(0.5) + Math.log(0.3) + Math.log(0.9)) / 5, 12);
  });
});
