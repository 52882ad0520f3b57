import { geometricJudgement } from '../forecast/geometric-judgement.ts';
import {
  type GeometricParameters,
  type GeometricShape,
  geometricLikelihood,
} from './geometric-likelihood.ts';
import type { ModelParameter, PurchaseModel } from './purchase-model.ts';

/** Makes one model of the family with gamma rates and a geometric drop-out. */
export function geometricModel(name: string, title: string, shape: GeometricShape): PurchaseModel {
  const hasDropout = shape.dropout !== 'none';
  const named = (parameters: ArrayLike<number>): GeometricParameters => ({
    r: parameters[0] as number,
    alpha: parameters[1] as number,
    a: parameters[2] ?? 0,
    b: parameters[3] ?? 1,
  });
  return {
    name,
    title,
    hasDropout,
    regularity: shape.regularity,
    parameters: hasDropout ? [...rateParameters, ...dropoutParameters] : rateParameters,
    starts: (plain) =>
      // A regular customer ticks k times as often as it purchases.
      dropoutStarts(hasDropout).map((dropout) => [plain.r, plain.alpha / shape.regularity, ...dropout]),
    logLikelihood: (data, parameters, logGapSum, gradient) =>
      geometricLikelihood(data, shape, named(parameters), logGapSum, gradient),
    judge: (parameters) => geometricJudgement(shape, named(parameters)),
  };
}

/** Beyond these, customers are all alike (upper) or share nothing (lower): a wider box changes no prediction. */
const rateParameters: ModelParameter[] = [
  { name: 'r', isTime: false, lower: 1e-3, upper: 1e3 },
  { name: 'alpha', isTime: true, lower: 1e-5, upper: 1e5 },
];
const dropoutParameters: ModelParameter[] = [
  { name: 'a', isTime: false, lower: 1e-4, upper: 1e3 },
  { name: 'b', isTime: false, lower: 1e-3, upper: 1e4 },
];

/** Some drop-out of very unlike customers, hardly any, and much of customers who are alike. */
function dropoutStarts(hasDropout: boolean): number[][] {
  return hasDropout
    ? [
        [0.8, 2.5],
        [0.1, 5],
        [5, 15],
      ]
    : [[]];
}
