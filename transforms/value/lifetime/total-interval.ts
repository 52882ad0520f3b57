/** 90 % quantiles of Student's t by degrees of freedom, for two-sided intervals of 80 % (any table of it). */
const studentQuantiles = [3.078, 1.886, 1.638, 1.533, 1.476];
const normalQuantile = 1.282;

/**
 * 80 % interval of a total from how far past totals were off: a model's own interval leaves out that the model is
 * wrong. Undefined where no total was ever compared.
 *
 * @param error spread of ln(predicted / actual) over that many windows
 */
export function totalInterval(
  expected: number,
  error: { spread: number; windows: number } | undefined,
): { low: number; high: number } | undefined {
  if (error === undefined || error.windows === 0) return undefined;
  const quantile = studentQuantiles[error.windows - 1] ?? normalQuantile;
  const factor = Math.exp(quantile * error.spread);
  return { low: expected / factor, high: expected * factor };
}

/** Root mean square of ln(predicted / actual); windows without a purchase on either side are left out. */
export function totalErrorOf(
  windows: readonly { actual: number; predicted: number }[],
): { spread: number; windows: number } | undefined {
  const errors = windows.flatMap(({ actual, predicted }) =>
    actual > 0 && predicted > 0 ? [Math.log(predicted / actual)] : [],
  );
  if (errors.length === 0) return undefined;
  const squares = errors.reduce((sum, error) => sum + error * error, 0);
  return { spread: Math.sqrt(squares / errors.length), windows: errors.length };
}
