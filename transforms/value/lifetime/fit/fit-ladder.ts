import { coarsenTriples } from '../coarsen-triples.ts';
import { aliveAtFirst } from '../forecast/unconditional.ts';
import { mergeTriples } from '../merge-triples.ts';
import { nbd } from '../models/nbd.ts';
import type { PurchaseModel } from '../models/purchase-model.ts';
import { type Triples, weightedSum } from '../triples.ts';
import { type FittedModel, fitModel, logLikelihoodAt, prepareFit } from './fit-model.ts';

/** A fit with what can be said against it. */
export interface JudgedFit {
  fit: FittedModel;
  /** Whether its predictions may be used. */
  usable: boolean;
  reason: string;
}

export interface LadderFits {
  plain: JudgedFit;
  /** In the order of the candidates. */
  others: JudgedFit[];
  /** What was coarsened, and what it changed; undefined where every cell was fitted. */
  coarsened: string | undefined;
}

/** Gain in log-likelihood below which a drop-out is not told from none. */
const smallestGain = 0.1;

/**
 * Fits NBD, then each model that holds it as its limit without drop-out. Never throws for the data: a base without
 * repeats, or of one customer, has a fit too, and the reason says what it is.
 *
 * @param cells may be grouped by more than the triple
 * @param maximumCells cells at most; beyond, t_x and T are coarsened
 */
export function fitLadder(
  cells: Triples,
  logGapSum: number,
  models: readonly PurchaseModel[],
  { maximumCells, withCovariance }: { maximumCells: number; withCovariance: boolean },
): LadderFits {
  const triples = cells.customers.length > maximumCells ? mergeTriples(cells) : cells;
  const coarse = coarsenTriples(triples, maximumCells);
  const data = prepareFit(coarse.triples, logGapSum);
  if (data.whole.totalRepeats === 0) {
    return { plain: nobodyRepeated(triples), others: [], coarsened: undefined };
  }
  const meanAge = weightedSum(triples.customers, triples.ageDays) / data.whole.customers;
  const meanRepeats = data.whole.totalRepeats / data.whole.customers;
  const start = { r: 0.5, alpha: (0.5 * Math.max(meanAge, 1)) / meanRepeats };
  const plainFit = fitModel(nbd, data, start, withCovariance);
  const plain = { r: plainFit.parameters[0] as number, alpha: plainFit.parameters[1] as number };
  const others = models.map((model) =>
    judgeFit(fitModel(model, data, plain, withCovariance), plainFit, triples, withCovariance),
  );
  const judgedPlain = judgePlain(plainFit, others);

  let coarsened: string | undefined;
  if (coarse.windowDays > 1) {
    const exact = logLikelihoodAt(nbd, prepareFit(triples, logGapSum), plainFit.parameters);
    const change = (exact - plainFit.logLikelihood) / plainFit.customers;
    coarsened =
      `fitted on windows of ${coarse.windowDays} days (${coarse.triples.customers.length} cells of ` +
      `${triples.customers.length}), which moves the log-likelihood by ${change.toExponential(1)} per customer`;
  }
  return { plain: judgedPlain, others, coarsened };
}

/** NBD is out where a model with drop-out gains more than its two parameters cost by Schwarz's criterion. */
function judgePlain(fit: FittedModel, others: readonly JudgedFit[]): JudgedFit {
  const gains = others
    .filter(({ usable, fit: other }) => usable && other.model.regularity === 1)
    .map(({ fit: other }) => other.logLikelihood - fit.logLikelihood);
  const gain = Math.max(0, ...gains);
  if (gain > Math.log(fit.customers)) {
    const reason = `customers drop out (log-likelihood +${gain.toFixed(1)}), which NBD does not know`;
    return { fit, usable: false, reason };
  }
  const reason = fit.atBound.includes('r')
    ? 'all customers purchase at the same rate'
    : 'the ground that the other models must beat';
  return { fit, usable: true, reason };
}

function judgeFit(
  fit: FittedModel,
  plain: FittedModel,
  triples: Triples,
  withCovariance: boolean,
): JudgedFit {
  const { model } = fit;
  if (!Number.isFinite(fit.logLikelihood) || !fit.parameters.every(Number.isFinite)) {
    return { fit, usable: false, reason: `${model.title} has no finite likelihood on these data` };
  }
  const gain = fit.logLikelihood - plain.logLikelihood;
  if (model.regularity === 1 && gain < -1e-3) {
    return {
      fit,
      usable: false,
      reason: `the fit of ${model.title} is worse than plain NBD, which it holds`,
    };
  }
  if (model.regularity === 1 && gain < smallestGain) {
    return { fit, usable: false, reason: 'no drop-out detectable yet, NBD used' };
  }
  const warnings: string[] = [];
  if (fit.atBound.length > 0) {
    warnings.push(`${fit.atBound.join(' and ')} at the edge: customers differ in it no further than that`);
  }
  if (!fit.converged) warnings.push('the fit stopped before its gradient vanished');
  if (withCovariance && !fit.hasCovariance)
    warnings.push('the likelihood is flat in a direction, so no standard errors');
  const inSample = expectedRepeats(fit, triples) / fit.totalRepeats - 1;
  if (Math.abs(inSample) > 0.1) {
    warnings.push(`its repeats so far are ${percent(inSample)} off those that happened`);
  }
  const reason = warnings.length === 0 ? 'fitted' : warnings.join('; ');
  return { fit, usable: true, reason };
}

/** Repeats that the model expects of customers of these ages, whatever they did. */
function expectedRepeats({ model, parameters }: FittedModel, { ageDays, customers }: Triples): number {
  const judgement = model.judge(parameters);
  const alive = aliveAtFirst(judgement);
  const byAge = new Map<number, number>();
  let total = 0;
  for (let row = 0; row < customers.length; row++) {
    const age = ageDays[row] as number;
    let expected = byAge.get(age);
    if (expected === undefined) {
      expected = alive * judgement.expectedWhileAlive({ repeats: 0, ageDays: 0, hidden: 0, pace: 1 }, age);
      byAge.set(age, expected);
    }
    total += expected * (customers[row] as number);
  }
  return total;
}

/** Half a repeat in all the time that was seen: small, and not the zero that no data can prove. */
function nobodyRepeated(triples: Triples): JudgedFit {
  const customers = weightedSum(triples.customers);
  const seenDays = Math.max(weightedSum(triples.customers, triples.ageDays), customers, 1);
  const fit: FittedModel = {
    model: nbd,
    parameters: [1, 2 * seenDays],
    covariance: [new Float64Array(2), new Float64Array(2)],
    hasCovariance: false,
    logLikelihood: 0,
    atBound: [],
    converged: true,
    evaluations: 0,
    customers,
    totalRepeats: 0,
  };
  return {
    fit,
    usable: true,
    reason: 'nobody has purchased again yet: half a repeat in all the time seen is assumed',
  };
}

function percent(share: number): string {
  return `${share > 0 ? '+' : ''}${(100 * share).toFixed(0)} %`;
}
