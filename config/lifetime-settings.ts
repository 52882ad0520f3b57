import { z } from 'zod';
import { segmentDimensions } from './segment-dimensions.ts';

const share = z.number().min(0).max(1);

const horizon = z
  .string()
  .regex(
    /^(?:[1-9]\d{0,3} (?:day|week|month|year)s?|end)$/,
    'a number of days, weeks, months or years, such as "12 months", or end',
  );

/** How purchases to come, and what they are worth, are estimated. */
export const lifetimeSettings = z.strictObject({
  models: z
    .array(z.enum(['nbd', 'bg_nbd', 'mbg_nbd', 'pareto_nbd']))
    .default(['bg_nbd', 'mbg_nbd'])
    .describe(
      'Models of purchases that compete in the back-test. nbd, without drop-out, always does; where purchases are regular, the regular forms of bg_nbd and mbg_nbd join. pareto_nbd costs 7 to 18 times more and was never measurably better: a cross-check',
    ),
  time_unit: z
    .enum(['day', 'week', 'month', 'year'])
    .default('week')
    .describe(
      'Unit of time in which model_fits shows parameters; nothing else depends on it. week: as in most publications',
    ),
  horizons: z
    .array(horizon)
    .min(1)
    .refine((names) => new Set(names.map(suffixOf)).size === names.length, 'each horizon once')
    .default(['12 months', '36 months', 'end'])
    .describe(
      'How far ahead purchases and their value are estimated. "12 months" makes the columns lifetime_value_12m and its kin, "364 days" lifetime_value_364d, end those without a suffix',
    ),
  end_years: z
    .number()
    .gt(0)
    .max(100)
    .default(10)
    .describe(
      'Years after which the horizon `end` ends: models without drop-out go on for ever. At 10 % a year what comes later is worth less than 39 % of its amount. Assumption: 10',
    ),
  discount_rate_year: share
    .default(0.1)
    .describe('How much less money in a year is worth than money today, as a share. Assumption: 0.10'),
  same_day: z
    .enum(['merge', 'keep'])
    .default('merge')
    .describe(
      'merge: purchases of a customer on one day are one occasion, as in the published figures; keep: each order is one',
    ),
  segment: z
    .enum(['none', ...segmentDimensions])
    .default('none')
    .describe('Column of `customers` whose values are fitted apart; none: all customers together'),
  minimum_customers: z
    .int()
    .min(1)
    .default(300)
    .describe(
      'Buyers below which a segment takes the fit of the whole base. 300: at 100 customers totals were off by -45 % to +43 %',
    ),
  maximum_cells: z
    .int()
    .min(1_000)
    .default(200_000)
    .describe(
      'Distinct histories of a fit; beyond, times are coarsened for the fit, which model_fits reports. Bounds its time and memory',
    ),
  regular_from: z
    .number()
    .min(1)
    .default(1.5)
    .describe(
      'Regularity of purchases (k of Wheat and Morrison 1990) from which regular models compete. Purchases at random have 1, groceries 2.5',
    ),
  backtest_share: z
    .number()
    .min(0.1)
    .max(0.8)
    .default(0.4)
    .describe('Share of the history that the back-test leaves out and predicts'),
  interval_share: z
    .literal([0.5, 0.8, 0.9, 0.95])
    .default(0.8)
    .describe('Probability that the interval from _low to _high covers at least'),
  correction_ridge: z
    .number()
    .gt(0)
    .default(50)
    .describe(
      'How slowly the correction by the back-test moves away from the model, in expected purchases. 10 and 100 differ by 0.1 % in error (bench/results-value.md)',
    ),
  level_spread: z
    .number()
    .gt(0)
    .default(0.12)
    .describe(
      'How far totals wander from one period to the next, as a standard deviation of their logarithm (bench/results-value.md)',
    ),
  last_night_band: z
    .number()
    .gt(0)
    .default(0.25)
    .describe(
      'Relative change of all expected purchases against the last run from which its fit is kept, and told',
    ),
});

export type LifetimeConfig = z.output<typeof lifetimeSettings>;

/** What the columns of a horizon end in: `_12m`, `_364d`, nothing for `end`. */
export function suffixOf(name: string): string {
  const [count, unit] = name.split(' ');
  return unit === undefined ? '' : `_${count}${unit[0]}`;
}

const daysOfUnit = { day: 1, week: 7, month: 365.25 / 12, year: 365.25 } as const;

/** Days in a unit of time; a year has 365.25. */
export function daysIn(unit: LifetimeConfig['time_unit']): number {
  return daysOfUnit[unit];
}

/** Whole days of a horizon. */
export function horizonDays(name: string, endYears: number): number {
  const [count = '0', unit] = name.split(' ');
  if (unit === undefined) return Math.round(endYears * daysOfUnit.year);
  return Math.round(Number(count) * daysOfUnit[unit.replace(/s$/, '') as LifetimeConfig['time_unit']]);
}
