import type { BaselineErrors } from './backtest/describe-backtest.ts';
import type { TestedModel } from './backtest/test-model.ts';
import type { JudgedFit } from './fit/fit-ladder.ts';

/** Which model forecasts, in which form, and why in words. */
export interface Choice {
  index: number;
  forecast: 'model' | 'rate';
  /** False where no forecast at all beat the arithmetic baselines: the numbers are there, but not to be relied on. */
  trusted: boolean;
  reason: string;
}

/**
 * Chooses by the test window of the back-test, which neither a fit nor a correction has seen: the lowest Poisson
 * deviance of predictions scaled to the true total (who purchases; how much all do together is the correction's level).
 * What loses to a baseline by RMSE is not used.
 *
 * @param errors RMSE of each model in the test window, in the order of the models
 */
export function chooseByBacktest(
  tested: readonly TestedModel[],
  errors: readonly number[],
  baselines: BaselineErrors,
): Choice {
  const order = tested
    .map((model, index) => ({ index, deviance: Math.min(model.plainDeviance, model.correctedDeviance) }))
    .sort((left, right) => left.deviance - right.deviance || left.index - right.index);
  const best = Math.min(baselines.rate, baselines.last_period, baselines.zero);
  const winner = order.find(({ index }) => (errors[index] as number) <= best);
  if (winner !== undefined) {
    const model = tested[winner.index] as TestedModel;
    const second = order.find(({ index }) => index !== winner.index);
    const against =
      second === undefined
        ? ''
        : `, ${(tested[second.index] as TestedModel).title} ${second.deviance.toFixed(4)}`;
    const correction = model.correctionHelps
      ? `; the recency correction lowers it from ${model.plainDeviance.toFixed(4)}`
      : `; a recency correction would not lower it (${model.correctedDeviance.toFixed(4)}) and is left out`;
    return {
      index: winner.index,
      forecast: 'model',
      trusted: true,
      reason: `${model.title}: lowest deviance in the test window (${winner.deviance.toFixed(4)}${against})${correction}`,
    };
  }
  const first = order[0]?.index ?? 0;
  const title = tested[first]?.title ?? 'the model';
  const lost = `every model lost to a baseline in the test window (best RMSE ${Math.min(...errors).toFixed(4)}`;
  if (baselines.rate === best) {
    return {
      index: first,
      forecast: 'rate',
      trusted: true,
      reason: `${lost}, repeats per day ${best.toFixed(4)}): each customer's own rate is used`,
    };
  }
  const name = baselines.zero === best ? 'no purchase at all' : 'the last period once more';
  return {
    index: first,
    forecast: 'model',
    trusted: false,
    reason: `${lost}, ${name} ${best.toFixed(4)}): ${title} is shown, and not to be relied on`,
  };
}

/** Without a back-test: the lowest Akaike criterion among the fits that may be used. */
export function chooseByLikelihood(fits: readonly JudgedFit[], why: string): Choice {
  let index = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (const [position, { fit, usable }] of fits.entries()) {
    const criterion = 2 * fit.parameters.length - 2 * fit.logLikelihood;
    if (usable && criterion < lowest) {
      lowest = criterion;
      index = position;
    }
  }
  const title = fits[index]?.fit.model.title ?? 'NBD';
  return {
    index,
    forecast: 'model',
    trusted: false,
    reason: `${title}: best likelihood for its parameters; ${why}`,
  };
}
