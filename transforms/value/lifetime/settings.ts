/** Names of the purchase models, as in the settings and in `warehouse.model_fits`. */
export type PurchaseModelName = 'nbd' | 'bg_nbd' | 'mbg_nbd' | 'bg_cnbd' | 'mbg_cnbd' | 'pareto_nbd';

/** What steers the estimate of future value. Every number has its reason beside it in `defaultLifetimeSettings`. */
export interface LifetimeSettings {
  /** Candidates. NBD is always fitted: it is the ground that the others must beat. */
  models: readonly PurchaseModelName[];
  /** Days in the unit of time in which parameters are shown. */
  unitDays: number;
  /** Cells of a fit at most; beyond, t_x and T are coarsened for the fit. */
  maximumCells: number;
  /** Customers below which a base is too small for a fit of its own. */
  minimumCustomers: number;
  /** Wheat-Morrison k from which the regular models are candidates. */
  regularFrom: number;
  /** Share of the history that the back-test leaves out. */
  backtestShare: number;
  discountRateYear: number;
  /** Probability that an interval covers at least. */
  intervalShare: number;
  /** Ridge of the recency correction, in expected purchases: a slope is halved where the data weigh as much. */
  correctionRidge: number;
  /** Standard deviation of the logarithm of a total's error from one period to the next. */
  levelSpread: number;
  /** Relative change of the expected purchases per customer since last night from which last night's fit is kept. */
  lastNightBand: number;
}

export const defaultLifetimeSettings: LifetimeSettings = {
  // Pareto/NBD costs several times more and was never measurably better: a cross-check for those who ask for it.
  models: ['bg_nbd', 'mbg_nbd'],
  unitDays: 7,
  maximumCells: 200_000,
  // Below, totals were off by up to 45 % in samples of real customers.
  minimumCustomers: 300,
  // Groceries have 2.5 and Online Retail 1.8; gaps of irregular customers give 1.
  regularFrom: 1.5,
  backtestShare: 0.4,
  discountRateYear: 0.1,
  intervalShare: 0.8,
  // Between 10 and 100 it made no difference on the development splits (bench/results-value.md).
  correctionRidge: 50,
  // The mean size of this error over the development splits.
  levelSpread: 0.12,
  lastNightBand: 0.25,
};

/** Windows in which recent repeats are counted, in days: 13 and 5 weeks. */
export const recentWindowsDays = { long: 91, short: 35 } as const;
