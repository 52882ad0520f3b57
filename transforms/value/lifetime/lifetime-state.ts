import type { RecencyCorrection } from './backtest/recency-correction.ts';
import type { FittedModel } from './fit/fit-model.ts';

/**
 * All that a score needs: the fit that was chosen and what the back-test taught about it. Plain data but for the
 * model inside the fit; a segment that is too small borrows the state of the whole base, and a night that goes astray keeps
 * that of the night before.
 */
export interface LifetimeState {
  fit: FittedModel;
  /** Undefined where there was no back-test. */
  correction: RecencyCorrection | undefined;
  /** `rate`: a customer's own repeats per day replace the model, which lost to them in the back-test. */
  forecast: 'model' | 'rate';
  /**
   * Standard deviation of the logarithm of a total's error, from the back-test, and in how many windows it was seen;
   * undefined where there was no back-test.
   */
  totalError: { spread: number; windows: number } | undefined;
}
