import type { ProspectSettings } from '../../../config/prospect-settings.ts';
import type { ModelBacktestRow, ModelFitRow } from '../lifetime/result-rows.ts';
import { errorsOf, prospectBacktest } from './backtest.ts';
import { fitLogistic, type LogisticFit, logLikelihoodOf, probabilitiesOf } from './logistic-regression.ts';
import { featureColumns, type PastProspects, type ProspectData } from './prospect-data.ts';

/** What is known of how prospects buy. */
export interface ProspectFit {
  /** Intercept and one coefficient for each of featureColumns; null where nothing can be foretold. */
  coefficients: readonly number[] | null;
  reason: string;
  fits: ModelFitRow[];
  backtests: ModelBacktestRow[];
}

/** Names in model_fits and model_backtests: the regression, and one share for all. */
const names = { regression: 'prospect_logit', share: 'prospect_share' };

/**
 * Learns from those who had not bought one horizon ago. Before that, what was learned one horizon earlier foretells the
 * same span; the regression is used only where it did better than one share for all, by log loss.
 */
export function fitProspects(data: ProspectData, settings: ProspectSettings): ProspectFit {
  const { last, before, horizonDays } = data;
  if (data.present === 0) return nothing('every customer has bought');
  const lack = lackIn(last, horizonDays, settings);
  if (lack !== undefined) return nothing(`too little to learn from: ${lack}`);

  const fit = fitLogistic(last, settings.ridge);
  const untested = lackIn(before, horizonDays, settings);
  const tested = untested === undefined ? backtest(last, before, horizonDays, settings.ridge) : undefined;
  const isModel = tested?.isModelBetter ?? false;
  const reason =
    tested?.reason ?? `one share for all, since there is too little to test a model on: ${untested}`;
  const share = shareOf(last);
  return {
    coefficients: isModel
      ? Array.from(fit.coefficients)
      : [Math.log(share / (1 - share)), ...featureColumns.map(() => 0)],
    reason,
    fits: [
      ...regressionRows(last, fit, { chosen: isModel, reason }),
      shareRow(last, { chosen: !isModel, reason }),
    ],
    backtests: tested?.rows ?? [],
  };
}

function nothing(reason: string): ProspectFit {
  return { coefficients: null, reason, fits: [], backtests: [] };
}

/** What is missing, in words; undefined: nothing. */
function lackIn(
  { prospects, buyers, seenOn }: PastProspects,
  horizonDays: number,
  { minimum_prospects: fewest, minimum_buyers: fewestBuyers }: ProspectSettings,
): string | undefined {
  const [known, bought] = [sum(prospects), sum(buyers)];
  const found = `of ${known} who had not bought by ${seenOn}, ${bought} did within ${horizonDays} days`;
  if (known < fewest) return `${found}; value.prospects.minimum_prospects asks for ${fewest}`;
  if (Math.min(bought, known - bought) < fewestBuyers) {
    return `${found}; value.prospects.minimum_buyers asks for ${fewestBuyers} of either kind`;
  }
  return undefined;
}

function backtest(last: PastProspects, before: PastProspects, horizonDays: number, ridge: number) {
  const share = shareOf(before);
  const regression = probabilitiesOf(fitLogistic(before, ridge).coefficients, last);
  const constant = last.prospects.map(() => share);
  const [found, plain] = [errorsOf(last, regression), errorsOf(last, constant)];
  const isModelBetter = found.logLoss < plain.logLoss;
  const figures =
    `log loss ${found.logLoss.toFixed(4)} against ${plain.logLoss.toFixed(4)} of one share for all, a buyer ranked ` +
    `above another in ${(100 * found.concordance).toFixed(0)} % of pairs, back-tested from ${last.seenOn}`;
  const reason = isModelBetter
    ? `logistic regression: ${figures}`
    : `one share for all, which the model did not beat: ${figures}`;
  const row = (model: string, probabilities: Float64Array, chosen: boolean) =>
    prospectBacktest(model, last, probabilities, { share, horizonDays, chosen, reason });
  return {
    isModelBetter,
    reason,
    rows: [row(names.regression, regression, isModelBetter), row(names.share, constant, !isModelBetter)],
  };
}

type Verdict = Pick<ModelFitRow, 'chosen' | 'reason'>;

function regressionRows(data: PastProspects, fit: LogisticFit, verdict: Verdict): ModelFitRow[] {
  return ['intercept', ...featureColumns].flatMap((parameter, index) => {
    const standardError = fit.standardErrors[index] ?? null;
    // A feature that is the same for all has no coefficient.
    if (standardError === null) return [];
    return {
      model: names.regression,
      segment: 'prospects',
      parameter,
      value: fit.coefficients[index] as number,
      standardError,
      logLikelihood: fit.logLikelihood,
      customers: sum(data.prospects),
      ...verdict,
    };
  });
}

function shareRow(data: PastProspects, verdict: Verdict): ModelFitRow {
  const [share, customers] = [shareOf(data), sum(data.prospects)];
  return {
    model: names.share,
    segment: 'prospects',
    parameter: 'share',
    value: share,
    standardError: Math.sqrt((share * (1 - share)) / customers),
    logLikelihood: logLikelihoodOf(
      data,
      data.prospects.map(() => share),
    ),
    customers,
    ...verdict,
  };
}

function shareOf({ buyers, prospects }: PastProspects): number {
  return sum(buyers) / sum(prospects);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
