import { backtestRow, baselineErrors, rootMeanSquare } from './backtest/describe-backtest.ts';
import { slopeNames } from './backtest/recency-correction.ts';
import { type TestedModel, testModel } from './backtest/test-model.ts';
import { type Choice, chooseByBacktest, chooseByLikelihood } from './choose-model.ts';
import { fitLadder, type JudgedFit, type LadderFits } from './fit/fit-ladder.ts';
import type { FittedModel } from './fit/fit-model.ts';
import { predictCells } from './forecast/predict-cells.ts';
import type { BacktestWindows, CustomerCells, LifetimeData } from './lifetime-data.ts';
import type { LifetimeState } from './lifetime-state.ts';
import { candidateModels } from './models/registry.ts';
import { wheatMorrison } from './regularity.ts';
import type { ModelBacktestRow, ModelFitRow } from './result-rows.ts';
import { type CellScores, scoreCells } from './score-cells.ts';
import { defaultLifetimeSettings, type LifetimeSettings } from './settings.ts';
import { totalErrorOf } from './total-interval.ts';
import { weightedSum } from './triples.ts';

/** A year and what it takes to see that something comes again: 60 weeks. */
const seasonDays = 420;

export interface LifetimeFit {
  /** Rows of `warehouse.model_fits`. */
  fits: ModelFitRow[];
  /** Rows of `warehouse.model_backtests`. */
  backtests: ModelBacktestRow[];
  /** Name of the model that forecasts. */
  chosen: string;
  /** Whether the numbers may be relied on; `reason` says why not. */
  trusted: boolean;
  /** Which model forecasts and why, in words, with every warning. */
  reason: string;
  state: LifetimeState;
  score(cells: CustomerCells, horizonsDays: readonly number[]): CellScores;
}

/** States from elsewhere that a fit may fall back on. */
export interface OtherStates {
  /** Of the whole base, for a segment that is too small. */
  wholeBase?: LifetimeState;
  /** Of the night before, for a total that jumps. */
  lastNight?: LifetimeState;
}

/**
 * Fits every candidate, puts each to the back-test, and chooses. A pure function of its arguments: no clock, no
 * randomness, and no exception for any customers, be they one, all alike, or without a repeat.
 */
export function fitLifetime(
  data: LifetimeData,
  settings: LifetimeSettings = defaultLifetimeSettings,
  others: OtherStates = {},
): LifetimeFit {
  const { segment, cells, backtest } = data;
  const customers = weightedSum(cells.customers);
  const k = wheatMorrison(data.gapRatios);
  const regularity = k !== undefined && k > settings.regularFrom ? Math.max(2, Math.round(k)) : 1;
  const models = candidateModels(settings.models, regularity);
  const ladder = (fitted: CustomerCells, logGapSum: number, withCovariance = false) =>
    fitLadder(fitted, logGapSum, models, { maximumCells: settings.maximumCells, withCovariance });

  const now = ladder(cells, data.logGapSum, true);
  const candidates = [now.plain, ...now.others];
  const notes: string[] = [];
  if (now.coarsened !== undefined) notes.push(now.coarsened);
  if (regularity > 1) notes.push(`purchases are regular (Wheat-Morrison k ${k?.toFixed(1)})`);

  const usable = candidates.flatMap(({ usable: isUsable }, index) => (isUsable ? [index] : []));
  let choice: Choice;
  let tested: TestedModel[] = [];
  let backtests: ModelBacktestRow[] = [];
  if (backtest === undefined || now.plain.fit.totalRepeats === 0) {
    const why = backtest === undefined ? 'the history is too short for a back-test' : now.plain.reason;
    choice = chooseByLikelihood(candidates, why);
  } else {
    tested = testCandidates(usable, candidates, backtest, ladder, settings);
    const baselines = { whole: baselineErrors(backtest.whole), test: baselineErrors(backtest.test) };
    const { later, customers: weights } = backtest.test.cells;
    const errors = tested.map(({ corrected }) => rootMeanSquare(later, corrected, weights));
    const within = chooseByBacktest(tested, errors, baselines.test);
    choice = { ...within, index: usable[within.index] ?? 0 };
    backtests = tested.flatMap((model, position) => {
      const verdict = { chosen: usable[position] === choice.index, reason: choice.reason };
      const name = { model: model.name, segment };
      const correctedName = { model: `${model.name}_corrected`, segment };
      const row = (
        rowName: { model: string; segment: string },
        window: 'whole' | 'test',
        predicted: Float64Array,
        isUsed: boolean,
      ) =>
        backtestRow(rowName, backtest[window], predicted, baselines[window], {
          ...verdict,
          chosen: verdict.chosen && isUsed && choice.forecast === 'model',
        });
      return [
        row(name, 'whole', model.whole, true),
        row(name, 'test', model.test, !model.correctionHelps),
        ...(model.correctionHelps ? [row(correctedName, 'test', model.corrected, true)] : []),
      ];
    });
  }

  const winner = tested[usable.indexOf(choice.index)];
  const chosenFit = candidates[choice.index] ?? now.plain;
  let state: LifetimeState = {
    fit: chosenFit.fit,
    correction: choice.forecast === 'model' ? winner?.correction() : undefined,
    forecast: choice.forecast,
    totalError: totalErrorOf(backtests.filter(({ model }) => model === chosenFit.fit.model.name)),
  };
  if (cells.ageDays.reduce((oldest, age) => Math.max(oldest, age), 0) < seasonDays) {
    notes.push('under 60 weeks of history: no model can see a season');
  }
  if (chosenFit.reason !== 'fitted') notes.push(chosenFit.reason);
  notes.push(...unusable(candidates));
  let trusted = choice.trusted;

  if (customers < settings.minimumCustomers) {
    const few = `only ${customers} customers, fewer than ${settings.minimumCustomers}`;
    if (others.wholeBase !== undefined) {
      state = others.wholeBase;
      notes.push(`${few}: the parameters of the whole base are used`);
    } else {
      trusted = false;
      notes.push(`${few}: too few to score with any certainty`);
    }
  } else if (others.lastNight !== undefined) {
    const change = changeSince(others.lastNight, state, cells);
    if (Math.abs(change) > settings.lastNightBand) {
      state = others.lastNight;
      notes.push(
        `expected purchases would move by ${(100 * change).toFixed(0)} % against last night's fit, which is kept`,
      );
    }
  }
  const reason = [choice.reason, ...notes].join('; ');
  return {
    fits: fitRows(segment, candidates, choice, state, reason, settings),
    backtests,
    chosen: state.forecast === 'rate' ? 'rate' : state.fit.model.name,
    trusted,
    reason,
    state,
    score: (scored, horizonsDays) => scoreCells(state, scored, horizonsDays, settings),
  };
}

function testCandidates(
  usable: readonly number[],
  candidates: readonly JudgedFit[],
  backtest: BacktestWindows,
  ladder: (cells: CustomerCells, logGapSum: number) => LadderFits,
  settings: LifetimeSettings,
): TestedModel[] {
  const first = ladder(backtest.whole.cells, backtest.whole.logGapSum);
  const second = ladder(backtest.test.cells, backtest.test.logGapSum);
  return usable.map((index) => {
    const { name, title } = (candidates[index] as JudgedFit).fit.model;
    return testModel({ name, title }, fitAt(first, index), fitAt(second, index), backtest, settings);
  });
}

/** The fit of a candidate at a cut; NBD, its limit, where it could not be told from it there. */
function fitAt({ plain, others }: LadderFits, index: number): FittedModel {
  const judged = index === 0 ? plain : others[index - 1];
  return judged?.usable ? judged.fit : plain.fit;
}

function unusable(candidates: readonly JudgedFit[]): string[] {
  return [...new Set(candidates.filter(({ usable }) => !usable).map(({ reason }) => reason))];
}

/** Relative change of the expected purchases of a year between two states, on the same customers. */
function changeSince(before: LifetimeState, after: LifetimeState, cells: CustomerCells): number {
  const [earlier, later] = [before, after].map(({ fit }) => {
    const { expected } = predictCells(fit.model.judge(fit.parameters), cells, [365]);
    return weightedSum(cells.customers, expected[0]);
  }) as [number, number];
  return earlier > 0 ? later / earlier - 1 : 0;
}

function fitRows(
  segment: string,
  candidates: readonly JudgedFit[],
  choice: Choice,
  state: LifetimeState,
  reason: string,
  { unitDays }: LifetimeSettings,
): ModelFitRow[] {
  const rows = candidates.flatMap(({ fit, reason: ownReason }, index) => {
    const { model, customers } = fit;
    // Where another fit is used in its place, its row says so.
    const isChoice = index === choice.index;
    const chosen = isChoice && state.fit === fit && state.forecast === 'model';
    const shared = {
      model: model.name,
      segment,
      logLikelihood: fit.logLikelihood + fit.totalRepeats * Math.log(unitDays),
      customers,
      chosen,
      reason: isChoice ? reason : ownReason,
    };
    const parameters = model.parameters.map(({ name, isTime }, i) => {
      const value = (fit.parameters[i] as number) / (isTime ? unitDays : 1);
      const deviation = value * Math.sqrt(fit.covariance[i]?.[i] as number);
      return { ...shared, parameter: name, value, standardError: deviation > 0 ? deviation : null };
    });
    const k = { ...shared, parameter: 'k', value: model.regularity, standardError: null };
    return model.regularity > 1 ? [...parameters, k] : parameters;
  });
  const { correction, fit } = state;
  if (correction !== undefined) {
    const slopes = Array.from(correction.slopes, (slope, i): [string, number] => [
      slopeNames[i] ?? '',
      slope,
    ]);
    const named: [string, number][] = [['level', correction.level], ...slopes];
    for (const [parameter, value] of named) {
      rows.push({
        model: 'recency_correction',
        segment,
        parameter,
        value,
        standardError: null,
        logLikelihood: fit.logLikelihood + fit.totalRepeats * Math.log(unitDays),
        customers: fit.customers,
        chosen: true,
        reason: `on top of ${fit.model.title}, learned from the ${correction.windowDays} days that the back-test left out`,
      });
    }
  }
  return rows;
}
