import { daysIn, type LifetimeConfig, lifetimeSettings } from '../../../config/lifetime-settings.ts';

/** Names of the purchase models, as in the settings and in `warehouse.model_fits`. */
export type PurchaseModelName = 'nbd' | 'bg_nbd' | 'mbg_nbd' | 'bg_cnbd' | 'mbg_cnbd' | 'pareto_nbd';

/** What steers the estimate of future value. Every number has its reason beside it in config/lifetime-settings.ts. */
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

/** What the config says of future value, as the models take it. */
export function lifetimeSettingsOf(config: LifetimeConfig): LifetimeSettings {
  return {
    models: config.models,
    unitDays: daysIn(config.time_unit),
    maximumCells: config.maximum_cells,
    minimumCustomers: config.minimum_customers,
    regularFrom: config.regular_from,
    backtestShare: config.backtest_share,
    discountRateYear: config.discount_rate_year,
    intervalShare: config.interval_share,
    correctionRidge: config.correction_ridge,
    levelSpread: config.level_spread,
    lastNightBand: config.last_night_band,
  };
}

export const defaultLifetimeSettings = lifetimeSettingsOf(lifetimeSettings.parse({}));

/** Windows in which recent repeats are counted, in days: 13 and 5 weeks. */
export const recentWindowsDays = { long: 91, short: 35 } as const;
