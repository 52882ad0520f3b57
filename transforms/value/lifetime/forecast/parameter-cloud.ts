import type { FittedModel } from '../fit/fit-model.ts';
import { cholesky } from '../fit/hessian.ts';
import { logBounds, type ModelJudgement } from '../models/purchase-model.ts';

/** A model at several parameters that together have the mean and the covariance of its estimate. */
export interface ParameterCloud {
  judgements: ModelJudgement[];
  weights: number[];
}

/** Customers from which the uncertainty of the parameters no longer shows beside the chance of a single customer. */
const manyCustomers = 20_000;

/**
 * Sigma points of the estimate (Julier & Uhlmann 1997): 2 d + 1 parameter vectors in the logarithms of the free
 * parameters, for the predictive distribution of a count to be mixed over, in place of samples per customer. From
 * 20,000 customers on the estimate itself is enough.
 */
export function parameterCloud(fit: FittedModel): ParameterCloud {
  const { model, parameters, covariance, customers } = fit;
  const alone = { judgements: [model.judge(parameters)], weights: [1] };
  if (!fit.hasCovariance || customers >= manyCustomers) return alone;
  const free = covariance.flatMap((row, i) => ((row[i] as number) > 0 ? [i] : []));
  const factor = cholesky(free.map((i) => Float64Array.from(free, (j) => covariance[i]?.[j] as number)));
  if (factor === undefined || free.length === 0) return alone;

  // The centre keeps a third of the weight, as for a normal distribution (kappa = d / 2).
  const spread = Math.sqrt(1.5 * free.length);
  const bounds = logBounds(model);
  const judgements = [...alone.judgements];
  const weights = [1 / 3];
  for (let column = 0; column < free.length; column++) {
    for (const sign of [1, -1]) {
      const moved = parameters.map(Math.log);
      for (let row = column; row < free.length; row++) {
        const i = free[row] as number;
        // Where little is known a point may lie far out: two units of a logarithm are a factor of seven.
        const move = spread * (factor[row]?.[column] as number);
        moved[i] = (moved[i] as number) + sign * Math.min(Math.max(move, -2), 2);
        if (!model.parameters[i]?.isTime) {
          moved[i] = Math.min(
            Math.max(moved[i] as number, bounds.lower[i] as number),
            bounds.upper[i] as number,
          );
        }
      }
      judgements.push(model.judge(moved.map(Math.exp)));
      weights.push(1 / (3 * free.length));
    }
  }
  return { judgements, weights };
}
