import { z } from 'zod';
import {
  avoidableCosts,
  groupSettings,
  historySettings,
  investmentSettings,
  leverSettings,
  segmentList,
  serviceCatalogue,
  supportAbuse,
} from './action-settings.ts';
import { contractSettings } from './contract-settings.ts';
import { costRates } from './cost-rates.ts';
import { lifetimeSettings } from './lifetime-settings.ts';
import { metricWeights } from './metric-weights.ts';
import { prospectSettings } from './prospect-settings.ts';
import { tierSettings } from './tier-settings.ts';

const share = z.number().min(0).max(1);

/**
 * What a customer costs, and how the score is weighed. A default without a published source is an
 * assumption: it says so, and `plan` prints it until the config replaces it.
 */
export const valueSettings = z.strictObject({
  window_months: z
    .int()
    .min(1)
    .default(12)
    .describe('Months before the as-of date in which behaviour is measured. 12: one full cycle of seasons'),
  cancelled_statuses: z
    .array(z.string())
    .default(['cancelled', 'canceled', 'void', 'voided'])
    .describe(
      'Status of a purchase, in any case, that makes it none: it brings nothing, costs nothing and is no visit. It stays in the table `purchases`',
    ),
  margin_rate: share
    .default(0.3)
    .describe(
      'Gross margin as a share of the net amount, for purchases without cost_amount and without a rate of their category. Assumption: 0.30, about what general retailers report',
    ),
  margin_rates: z
    .record(z.string(), share)
    .default({})
    .describe('Gross margin by product category, as it is written in the purchases'),
  returned_stock_recovery: share
    .default(0)
    .describe(
      'Share of the cost of returned goods that is recovered by selling them again. Assumption: 0, the careful one',
    ),
  cost_rates: costRates.prefault({}),
  capital_rate_year: share
    .default(0.1)
    .describe('What money that customers owe costs a year, as a share. Assumption: 0.10'),
  bad_debt_after_days: z
    .int()
    .min(1)
    .default(180)
    .describe(
      'Days after the due date at which an open amount counts as lost. 180: when US banks must charge off open-end retail credit (FFIEC Uniform Retail Credit Classification, 2000)',
    ),
  weights: metricWeights.prefault({}),
  tiers: tierSettings.prefault({}),
  lifetime: lifetimeSettings.prefault({}),
  contracts: contractSettings.prefault({}),
  prospects: prospectSettings.prefault({}),
  neutral_amount: z
    .number()
    .min(0)
    .default(1)
    .describe(
      'Net contribution within ± this amount of the reporting currency counts as neutral. Assumption',
    ),
  neutral_share: share
    .default(0.01)
    .describe(
      '… or within ± this share of the net revenue, whichever is larger. 0.01: the design of the bands',
    ),
  groups: groupSettings.prefault({}),
  support_abuse: supportAbuse.prefault({}),
  avoidable: avoidableCosts.prefault({}),
  services: serviceCatalogue,
  levers: leverSettings.prefault({}),
  investment: investmentSettings.prefault({}),
  segments: segmentList,
  history: historySettings.prefault({}),
  let_go_percents: z
    .array(z.int().min(1).max(100))
    .default([1, 5, 10, 20])
    .describe('Percent of the customers, the least profitable, whose leaving `whale_what_if` works out'),
  actions_per_customer: z
    .int()
    .min(1)
    .default(5)
    .describe('Rows of `customer_actions` for each customer, those that add most'),
});

export type ValueSettings = z.output<typeof valueSettings>;
