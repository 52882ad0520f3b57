import type { SpendFit } from './fit-spend.ts';

/**
 * (constant + perSum × sum) / (perPurchase × purchases + base): every expectation of a purchase's value has this form,
 * so that SQL can give it to each of a million customers.
 */
export interface SpendFormula {
  constant: number;
  perSum: number;
  perPurchase: number;
  base: number;
}

/** The expected value of the next purchase, those of value 0 included (`SpendFit.score`). */
export function spendFormula({ chosen, parameters, mean, zeroShare }: SpendFit): SpendFormula {
  const paid = 1 - zeroShare;
  if (chosen === 'gamma_gamma' && parameters !== undefined) {
    const { p, q, v } = parameters;
    return { constant: paid * p * v, perSum: paid * p, perPurchase: p, base: q - 1 };
  }
  if (chosen === 'own_mean') return { constant: 0, perSum: paid, perPurchase: 1, base: 0 };
  return { constant: paid * mean, perSum: 0, perPurchase: 0, base: 1 };
}

/**
 * A customer's own mean shrunk to that of all, for who has lost money so far: with the weight of (q-1)/p purchases
 * that Gamma-Gamma gives to the mean of all, or of one where it could not be fitted.
 */
export function shrunkFormula({ parameters }: SpendFit, meanOfAll: number): SpendFormula {
  const weight = parameters === undefined ? 1 : Math.max(parameters.q - 1, 0) / parameters.p;
  return { constant: weight * meanOfAll, perSum: 1, perPurchase: 1, base: weight };
}
