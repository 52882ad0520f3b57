import { gaussLegendre } from '../fit/gauss-legendre.ts';
import type { AliveState } from '../forecast/customer-state.ts';
import { TickDistribution } from '../forecast/tick-distribution.ts';
import { deathIntegral, type ParetoParameters, paretoLikelihood } from './pareto-likelihood.ts';
import type { ModelJudgement, PurchaseModel } from './purchase-model.ts';

/**
 * Pareto/NBD: gamma rates, and a customer may drop out at any time, at a gamma rate too (Schmittlein, Morrison &
 * Colombo 1987). A cross-check: it costs several times more than the others.
 */
export const paretoNbd: PurchaseModel = {
  name: 'pareto_nbd',
  title: 'Pareto/NBD',
  hasDropout: true,
  regularity: 1,
  parameters: [
    { name: 'r', isTime: false, lower: 1e-3, upper: 1e3 },
    { name: 'alpha', isTime: true, lower: 1e-5, upper: 1e5 },
    { name: 's', isTime: false, lower: 1e-4, upper: 1e3 },
    { name: 'beta', isTime: true, lower: 1e-4, upper: 1e4 },
  ],
  starts: ({ r, alpha }) => [
    [r, alpha, 0.6, 0.3],
    [r, alpha, 0.1, 1],
  ],
  logLikelihood: (data, parameters, _logGapSum, gradient) =>
    paretoLikelihood(data, named(parameters), gradient),
  judge: (parameters) => paretoJudgement(named(parameters)),
};

const rule = gaussLegendre(16);

function paretoJudgement(parameters: ParetoParameters): ModelJudgement {
  const { r, alpha, s, beta } = parameters;
  const integral = { logOdds: 0, logAlpha: 0, inverseAlpha: 0, logBeta: 0, inverseBeta: 0 };

  /** Fader & Hardie 2005, "A note on deriving the Pareto/NBD model", equation 41; a logarithm where s = 1. */
  function expectedWhileAlive({ repeats, ageDays, pace }: AliveState, days: number): number {
    const e = s - 1;
    const logRest = Math.log1p(-days / (beta + ageDays + days));
    const growth = Math.abs(e) < 1e-12 ? -logRest : -Math.expm1(e * logRest) / e;
    return (pace * (r + repeats) * (beta + ageDays) * growth) / (alpha + ageDays);
  }

  /** Mixes the counts of a customer who leaves at a time over the Pareto distribution of that time. */
  function countProbabilities(
    { repeats, ageDays, pace }: AliveState,
    days: number,
    out: Float64Array,
    size: number,
  ): void {
    const add = (time: number, share: number) => {
      const paced = pace * time;
      const ticks = new TickDistribution(r + repeats, paced / (alpha + ageDays + paced));
      for (let count = 0; count < size; count++) out[count] = (out[count] as number) + share * ticks.take();
    };
    out.fill(0, 0, size);
    const staying = Math.exp(s * Math.log1p(-days / (beta + ageDays + days)));
    add(days, staying);
    for (let node = 0; node < rule.nodes.length; node++) {
      // The survival at the time of leaving is spread evenly between 1 and that at the end.
      const survival = 1 - (1 - staying) * (rule.nodes[node] as number);
      const time = (beta + ageDays) * Math.expm1(-Math.log(survival) / s);
      add(Math.min(time, days), (1 - staying) * (rule.weights[node] as number));
    }
  }

  return {
    aliveProbability: ({ repeats, lastDays, ageDays }) =>
      1 / (1 + Math.exp(deathIntegral(r + repeats, lastDays, ageDays, parameters, integral).logOdds)),
    hiddenStates: 1,
    hiddenProbabilities: (_, out) => {
      out[0] = 1;
    },
    expectedWhileAlive,
    countProbabilities,
  };
}

function named(parameters: ArrayLike<number>): ParetoParameters {
  return {
    r: parameters[0] as number,
    alpha: parameters[1] as number,
    s: parameters[2] as number,
    beta: parameters[3] as number,
  };
}
