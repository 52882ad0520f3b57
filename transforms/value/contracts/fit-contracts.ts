import {
  type ContractCells,
  expectedRenewals,
  fitShiftedBetaGeometric,
  type ShiftedBetaGeometric,
} from '../lifetime/contracts/shifted-beta-geometric.ts';
import type { ModelBacktestRow, ModelFitRow } from '../lifetime/result-rows.ts';
import { contractBacktest, errorOf } from './backtest.ts';
import type { ContractData, ContractHistories } from './contract-data.ts';

/** What is known of how contracts are renewed. */
export interface ContractFit {
  /** Null where too few could be seen. */
  model: { title: string; fit: ShiftedBetaGeometric } | null;
  reason: string;
  fits: ModelFitRow[];
  backtests: ModelBacktestRow[];
}

/**
 * Fits the shifted beta-geometric model, in which customers differ in how likely they leave, and the geometric one, in which
 * they do not; the back-test chooses between them.
 */
export function fitContracts(data: ContractData, minimumCustomers: number): ContractFit {
  const cells = cellsOf(data.present);
  const customers = sum(cells.customers);
  if (customers < minimumCustomers) {
    const reason = `only ${customers} contracts could have been renewed so far; value.contracts.minimum_customers asks for ${minimumCustomers}`;
    return { model: null, reason, fits: [], backtests: [] };
  }
  const now = candidatesOf(cells);
  const tested = testedOf(data, minimumCustomers);
  const chosen = tested === undefined || tested.errors[0] <= tested.errors[1] ? 0 : 1;
  const { title, fit, note } = now[chosen];
  const figures =
    tested === undefined
      ? `not back-tested: too few contracts by ${data.cutDate}`
      : `RMSE ${tested.errors.map((error) => error.toFixed(3)).join(' and ')} of the two models, ${tested.forEver.toFixed(3)} if every contract went on for ever, back-tested from ${data.cutDate}`;
  const reason = [`contracts by ${title}`, figures, note].filter((part) => part !== '').join('; ');
  const verdict = (index: number) => ({
    chosen: index === chosen,
    reason:
      index === chosen ? reason : now[index]?.note || 'the other did better in the back-test, or as well',
  });
  return {
    model: { title, fit },
    reason,
    fits: now.flatMap((candidate, index) =>
      candidate.parameters.map((parameter) => ({
        ...parameter,
        model: candidate.name,
        segment: 'contracts',
        logLikelihood: candidate.logLikelihood,
        customers,
        ...verdict(index),
      })),
    ),
    backtests: (tested?.predictions ?? []).map((predicted, index) =>
      contractBacktest(now[index]?.name ?? '', data, predicted, verdict(index)),
    ),
  };
}

interface Candidate {
  name: string;
  title: string;
  fit: ShiftedBetaGeometric;
  parameters: Pick<ModelFitRow, 'parameter' | 'value' | 'standardError'>[];
  logLikelihood: number;
  /** Empty where there is nothing to warn of. */
  note: string;
}

/** The first one is preferred. */
function candidatesOf(cells: ContractCells): [Candidate, Candidate] {
  return [shiftedBetaGeometric(cells), geometric(cells)];
}

function shiftedBetaGeometric(cells: ContractCells): Candidate {
  const found = fitShiftedBetaGeometric(cells);
  const [alpha = null, beta = null] = found.standardErrors;
  return {
    name: 'shifted_beta_geometric',
    title: 'shifted beta-geometric',
    fit: found,
    parameters: [
      { parameter: 'alpha', value: found.alpha, standardError: alpha },
      { parameter: 'beta', value: found.beta, standardError: beta },
    ],
    logLikelihood: found.logLikelihood,
    note: found.reason === 'fitted' ? '' : found.reason,
  };
}

/** A beta distribution as narrow as this is one probability for all. */
const narrow = 1e9;

/** Everybody leaves with one probability: the share of the renewals due that were declined. */
function geometric({ periods, ended, customers }: ContractCells): Candidate {
  const due = sum(customers.map((n, row) => n * (periods[row] as number)));
  const left = sum(customers.map((n, row) => n * (ended[row] as number)));
  const churn = left / due;
  const part = (count: number, share: number) => (count > 0 ? count * Math.log(share) : 0);
  return {
    name: 'geometric',
    title: 'geometric',
    fit: { alpha: churn * narrow, beta: (1 - churn) * narrow },
    parameters: [
      { parameter: 'churn', value: churn, standardError: Math.sqrt((churn * (1 - churn)) / due) || null },
    ],
    logLikelihood: part(left, churn) + part(due - left, 1 - churn),
    note: '',
  };
}

function testedOf(data: ContractData, minimumCustomers: number) {
  const { before, periods } = data;
  const cells = cellsOf(before);
  if (sum(cells.customers) < minimumCustomers || sum(before.later) === 0) return undefined;
  const predictions = candidatesOf(cells).map(({ fit }) =>
    before.renewals.map((renewals, row) =>
      before.ended[row] === 1 ? 0 : expectedRenewals(fit, renewals, periods),
    ),
  );
  const [first, second] = predictions.map((predicted) => errorOf(before, predicted)) as [number, number];
  const forEver = errorOf(
    before,
    before.ended.map((ended) => (ended === 1 ? 0 : periods)),
  );
  return { predictions, errors: [first, second] as const, forEver };
}

/** Only who had a renewal due says anything of renewing. */
function cellsOf({ renewals, ended, customers }: ContractHistories): ContractCells {
  const rows = Array.from(renewals.keys()).filter(
    (row) => (renewals[row] as number) + (ended[row] as number) > 0,
  );
  return {
    periods: Float64Array.from(rows, (row) => (renewals[row] as number) + (ended[row] as number)),
    ended: Float64Array.from(rows, (row) => ended[row] as number),
    customers: Float64Array.from(rows, (row) => customers[row] as number),
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
