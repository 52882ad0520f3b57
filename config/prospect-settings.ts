import { z } from 'zod';

/** How likely those are to buy who have not yet. */
export const prospectSettings = z
  .strictObject({
    horizon: z
      .string()
      .regex(
        /^[1-9]\d{0,3} (?:day|week|month|year)s?$/,
        'a number of days, weeks, months or years, such as "6 months"',
      )
      .default('6 months')
      .describe(
        'How far ahead a first purchase is foretold. Two such spans of history are needed: one to learn from, one to be tested on. Assumption: 6 months',
      ),
    minimum_prospects: z
      .int()
      .min(2)
      .default(200)
      .describe(
        'Past prospects below which nothing is foretold. 200: a share of 25 % is then known to ± 6 points (binomial, 95 %)',
      ),
    minimum_buyers: z
      .int()
      .min(1)
      .default(50)
      .describe(
        'Past prospects that bought, and as many that did not, below which nothing is foretold. 50: half of the 10 for each coefficient of Peduzzi et al. 1996, since the ridge holds back those of which the data say little',
      ),
    ridge: z
      .number()
      .gt(0)
      .default(1)
      .describe(
        'Pull of each coefficient towards 0: a normal prior with this precision, in log-odds a level. 1: a level may well double the odds, and hardly multiplies them by ten. Assumption: 1',
      ),
  })
  .describe('The likelihood that a customer without a purchase buys: the table `prospects`');

export type ProspectSettings = z.output<typeof prospectSettings>;
