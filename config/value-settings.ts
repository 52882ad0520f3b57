import { z } from 'zod';
import { costRates } from './cost-rates.ts';
import { tierSettings } from './tier-settings.ts';

const share = z.number().min(0).max(1);
const weight = z.number().min(0);

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
  weights: z
    .strictObject({
      net_contribution: weight.default(40),
      recency_days: weight.default(10),
      frequency: weight.default(10),
      monetary: weight.default(10),
      days_to_pay: weight.default(10),
      return_rate: weight.default(7),
      tickets: weight.default(8),
      response_rate: weight.default(5),
    })
    .refine(
      (weights) => Object.values(weights).some((value) => value > 0),
      'at least one weight must be above 0',
    )
    .prefault({})
    .describe(
      'Weight of each metric in the score; only their proportions count. Assumption: profit counts most, the buying habits (recency, frequency, monetary) as much as each other, the costs of a customer’s behaviour as much as those together',
    ),
  tiers: tierSettings.prefault({}),
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
});

export type ValueSettings = z.output<typeof valueSettings>;
