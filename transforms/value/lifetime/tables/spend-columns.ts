import type { ModelFitRow } from '../result-rows.ts';
import { fitSpend, type SpendFit } from '../spend/fit-spend.ts';
import { type SpendFormula, shrunkFormula, spendFormula } from '../spend/spend-formula.ts';
import { weightedSum } from '../triples.ts';
import type { SegmentSpend } from './read-spend.ts';

/** What a purchase of one segment brings and costs, as formulas for SQL. */
export interface StoredSpend {
  /** Of a customer whose mean margin is above 0. */
  margin: SpendFormula;
  /** Of a customer who has lost money so far. */
  loss: SpendFormula;
  cost: SpendFormula;
  /** Variance of the customers' mean margins, relative to the square of their mean: how unsure a mean alone is. */
  relativeVariance: number;
  /** 1 / p of Gamma-Gamma: relative variance of one customer's purchases; 0 where it is not used. */
  inverseShape: number;
  fits: ModelFitRow[];
}

const formulaComments = {
  margin: 'Expected margin of a purchase of a customer whose mean margin is above 0',
  loss: 'Expected margin of a purchase of any other customer: the own mean shrunk to that of all',
  cost: 'Expected cost to serve of a purchase',
};

/** Columns of value.lifetime_state with their comments. */
export const spendColumns: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(formulaComments).flatMap(([name, comment]) => [
      [`${name}_constant`, `${comment}: (constant + per_sum x sum) / (per_purchase x purchases + base)`],
      [`${name}_per_sum`, 'The same'],
      [`${name}_per_purchase`, 'The same'],
      [`${name}_base`, 'The same'],
    ]),
  ),
  relative_variance: 'Variance of the mean margins of customers / their mean squared',
  inverse_shape:
    '1 / p of Gamma-Gamma: relative variance of the purchases of one customer; 0 where it is not used',
};

/** In the order of spendColumns. */
export function spendCells({ margin, loss, cost, relativeVariance, inverseShape }: StoredSpend): number[] {
  const formulas = [margin, loss, cost].flatMap(({ constant, perSum, perPurchase, base }) => [
    constant,
    perSum,
    perPurchase,
    base,
  ]);
  return [...formulas, relativeVariance, inverseShape];
}

/** Fits margin and cost of a purchase; a segment of few customers takes the formulas of the whole base. */
export function fitSegmentSpend(
  { segment, margin, cost, marginPerPurchase, costPerPurchase }: SegmentSpend,
  minimumCustomers: number,
  wholeBase?: StoredSpend,
): StoredSpend {
  if (wholeBase !== undefined && weightedSum(margin.cells.customers) < minimumCustomers) {
    return { ...wholeBase, fits: [] };
  }
  const margins = fitSpend(margin);
  const costs = fitSpend(cost);
  return {
    margin: orMean(margins, marginPerPurchase),
    loss: shrunkFormula(margins, marginPerPurchase),
    cost: orMean(costs, costPerPurchase),
    relativeVariance: margins.relativeVariance,
    inverseShape: margins.chosen === 'gamma_gamma' ? 1 / (margins.parameters?.p ?? 1) : 0,
    fits: [...margins.fits, ...costs.fits.map((row) => ({ ...row, segment, model: `${row.model}_of_cost` }))],
  };
}

/** Without one customer above 0 there is the mean of all, whatever it is. */
function orMean(fit: SpendFit, mean: number): SpendFormula {
  const isEmpty = fit.chosen === 'population_mean' && fit.mean === 0;
  return isEmpty ? { constant: mean, perSum: 0, perPurchase: 0, base: 1 } : spendFormula(fit);
}
