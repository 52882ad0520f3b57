import type { Bounds } from '../fit/minimise.ts';
import type { PreparedTriples } from '../fit/prepared-triples.ts';
import type { AliveState, CustomerState } from '../forecast/customer-state.ts';

/** A model of when customers purchase: what the fit, the forecast and the tables need of it. */
export interface PurchaseModel {
  /** As in `value.lifetime.models` and `warehouse.model_fits`. */
  name: string;
  /** As people write it. */
  title: string;
  /** Whether a customer can stop being one. */
  hasDropout: boolean;
  /** k of the model: ticks of the clock in one purchase, 1 for all but the CNBD models. */
  regularity: number;
  parameters: readonly ModelParameter[];
  /** Starts that lie apart from each other, given the parameters of plain NBD; times in units of the largest age. */
  starts(plain: { r: number; alpha: number }): number[][];
  /**
   * Log-likelihood of grouped triples at parameters in the time unit of the triples. The gradient, where asked for,
   * is with respect to the logarithms of the parameters.
   */
  logLikelihood(
    data: PreparedTriples,
    parameters: ArrayLike<number>,
    logGapSum: number,
    gradient?: Float64Array,
  ): number;
  /** What the model says of a customer, at parameters in days. */
  judge(parameters: ArrayLike<number>): ModelJudgement;
}

export interface ModelParameter {
  name: string;
  /** Whether it is a time: it is shown in the unit of the settings. */
  isTime: boolean;
  /** Bounds of the fit; times in units of the largest age. */
  lower: number;
  upper: number;
}

/** Times in days. */
export interface ModelJudgement {
  /** Probability that the customer is still one. */
  aliveProbability(customer: CustomerState): number;
  /**
   * Number of hidden states that a customer who is alive can be in: 1, or the k ticks of a regular customer since
   * the last purchase.
   */
  hiddenStates: number;
  /** Probabilities of the hidden states, given that the customer is alive. Written to `out`. */
  hiddenProbabilities(customer: CustomerState, out: Float64Array): void;
  /** Expected purchases in the next `days`, of a customer who is alive. */
  expectedWhileAlive(state: AliveState, days: number): number;
  /** Writes P(count = 0, 1, …, size - 1) for the next `days` of a customer who is alive. */
  countProbabilities(state: AliveState, days: number, out: Float64Array, size: number): void;
}

/** The bounds of a model's parameters as logarithms. */
export function logBounds(model: PurchaseModel): Bounds {
  return {
    lower: model.parameters.map(({ lower }) => Math.log(lower)),
    upper: model.parameters.map(({ upper }) => Math.log(upper)),
  };
}
