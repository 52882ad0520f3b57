import {
  expectedRenewals,
  retentionRate,
  type ShiftedBetaGeometric,
} from '../lifetime/contracts/shifted-beta-geometric.ts';

/** Renewals of one contract within a horizon. */
export interface RenewalForecast {
  expected: number;
  /** Each discounted by the time until it. */
  discounted: number;
  /** The narrowest pair of numbers that holds them with the share that was asked for, or more. */
  low: number;
  high: number;
}

export interface RenewalQuestion {
  /** Renewals so far. */
  renewals: number;
  /** Days until the next invoice is due. */
  dueInDays: number;
  horizonDays: number;
  periodDays: number;
  discountRateYear: number;
  intervalShare: number;
}

/** What a contract that has not ended will bring: an invoice when it is due, and one each period after it. */
export function forecastRenewals(fit: ShiftedBetaGeometric, question: RenewalQuestion): RenewalForecast {
  const { renewals, dueInDays, horizonDays, periodDays, discountRateYear, intervalShare } = question;
  if (dueInDays > horizonDays) return { expected: 0, discounted: 0, low: 0, high: 0 };
  const periods = Math.floor((horizonDays - dueInDays) / periodDays) + 1;
  const perPeriod = (1 + discountRateYear) ** (periodDays / 365.25) - 1;
  // The first is due earlier than a whole period from now.
  const sooner = (1 + discountRateYear) ** ((periodDays - dueInDays) / 365.25);
  return {
    expected: expectedRenewals(fit, renewals, periods),
    discounted: expectedRenewals(fit, renewals, periods, perPeriod) * sooner,
    ...intervalOf(countProbabilities(fit, renewals, periods), intervalShare),
  };
}

/** Probability of 0, 1, … and all of the next renewals. */
function countProbabilities(fit: ShiftedBetaGeometric, renewals: number, periods: number): Float64Array {
  const probabilities = new Float64Array(periods + 1);
  let staying = 1;
  for (let count = 0; count < periods; count++) {
    const next = staying * retentionRate(fit, renewals + count);
    probabilities[count] = staying - next;
    staying = next;
  }
  probabilities[periods] = staying;
  return probabilities;
}

function intervalOf(probabilities: Float64Array, share: number): { low: number; high: number } {
  let best = { low: 0, high: probabilities.length - 1 };
  let held = 0;
  for (let low = 0, high = -1; low < probabilities.length; low++) {
    // What sums of 1 lose to rounding decides nothing.
    while (held < share - 1e-12 && high + 1 < probabilities.length) {
      high++;
      held += probabilities[high] as number;
    }
    if (held < share - 1e-12) break;
    if (high - low < best.high - best.low) best = { low, high };
    held -= probabilities[low] as number;
  }
  return best;
}
