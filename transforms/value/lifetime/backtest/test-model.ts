import type { FittedModel } from '../fit/fit-model.ts';
import { predictCells } from '../forecast/predict-cells.ts';
import type { BacktestWindows } from '../lifetime-data.ts';
import type { LifetimeSettings } from '../settings.ts';
import { devianceOfShape } from './measures.ts';
import { correctionFactors, learnCorrection, type RecencyCorrection } from './recency-correction.ts';

/** One model in the windows of a back-test. */
export interface TestedModel {
  name: string;
  title: string;
  /** Expected purchases in the whole window, as the model says. */
  whole: Float64Array;
  /** … and in the test window. */
  test: Float64Array;
  /** In the test window, after the correction that the learn window taught. */
  corrected: Float64Array;
  /** Whether that correction told better who purchases in the test window. */
  correctionHelps: boolean;
  /** Deviances of the shape in the test window, without and with the correction. */
  plainDeviance: number;
  correctedDeviance: number;
  /** What the whole window teaches, for use from the as-of date on; learned when it is asked for. */
  correction(): RecencyCorrection;
}

/**
 * Fits of before the first cut predict the whole window and the learn window; the correction of the learn window is
 * judged in the test window, whose purchases it has not seen, on the fit of before the second cut.
 */
export function testModel(
  model: { name: string; title: string },
  atFirstCut: FittedModel,
  atSecondCut: FittedModel,
  { whole, learn, test }: BacktestWindows,
  settings: LifetimeSettings,
): TestedModel {
  const ridge = { ridge: settings.correctionRidge, levelSpread: settings.levelSpread };
  const before = atFirstCut.model.judge(atFirstCut.parameters);
  const [wholeExpected] = predictCells(before, whole.cells, [whole.horizonDays]).expected as [Float64Array];
  const [learnExpected] = predictCells(before, learn.cells, [learn.horizonDays]).expected as [Float64Array];
  const after = atSecondCut.model.judge(atSecondCut.parameters);
  const [testExpected, testInLearnTime] = predictCells(after, test.cells, [
    test.horizonDays,
    learn.horizonDays,
  ]).expected as [Float64Array, Float64Array];

  const learned = learnCorrection(learn.cells, learnExpected, learn.horizonDays, ridge);
  const factors = correctionFactors(learned, test.cells, testInLearnTime);
  const corrected = testExpected.map((value, row) => value * (factors[row] as number));
  const { later, customers } = test.cells;
  const plainDeviance = devianceOfShape(later, testExpected, customers);
  const correctedDeviance = devianceOfShape(later, corrected, customers);
  const correctionHelps = correctedDeviance < plainDeviance;

  return {
    ...model,
    whole: wholeExpected,
    test: testExpected,
    corrected: correctionHelps ? corrected : testExpected,
    correctionHelps,
    plainDeviance,
    correctedDeviance,
    correction: () => learnCorrection(whole.cells, wholeExpected, whole.horizonDays, ridge, correctionHelps),
  };
}
