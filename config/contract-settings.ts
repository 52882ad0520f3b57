import { z } from 'zod';

/** Months from one invoice of a contract to the next. */
export const contractPeriods = { month: 1, quarter: 3, year: 12 } as const;

/** Which purchases are invoices of a contract that goes on until it is ended. */
export const contractSettings = z
  .strictObject({
    categories: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Product categories, in any case, whose purchases are invoices of a contract; an order is one if all of its lines are. Empty: there are no contracts',
      ),
    period: z
      .enum(['month', 'quarter', 'year'])
      .default('month')
      .describe('Time from one invoice to the next, at which a customer may leave'),
    grace_days: z
      .int()
      .min(0)
      .default(15)
      .describe(
        'Days after an invoice was due from which a contract without it has ended: no source says when one ends. Assumption: 15',
      ),
    minimum_customers: z
      .int()
      .min(2)
      .default(50)
      .describe(
        'Contracts that could have been renewed, below which their future is not foretold. 50: a retention of 90 % is then known to ± 8 points (binomial, 95 %)',
      ),
    backtest_months: z
      .int()
      .min(1)
      .max(120)
      .default(12)
      .describe('Months before the as-of date that the back-test leaves out and foretells'),
  })
  .describe('Contracts: retention by the shifted beta-geometric model, in place of purchases by chance');

export type ContractSettings = z.output<typeof contractSettings>;
