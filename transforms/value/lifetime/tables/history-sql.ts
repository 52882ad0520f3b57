import type { LifetimeConfig } from '../../../../config/lifetime-settings.ts';
import { quoteText } from '../../../../connectors/engines/quote.ts';
import { recentWindowsDays } from '../settings.ts';

/** Which purchases are one occasion, and which customers are fitted together. */
export type HistorySettings = Pick<LifetimeConfig, 'same_day' | 'segment'>;

/** Days since 1970-01-01: what is known up to `cut`, and what happened after it up to `end`. */
export interface HistoryCut {
  cut: number;
  end: number;
}

/** Columns of the SELECT, with what they hold. */
export const historyColumns = {
  customer_id: 'The customer',
  segment: 'Customers who are fitted together: all, or column=value',
  repeats: 'x of the models: purchase occasions after the first one',
  last_days: 't_x: days from the first purchase to the last one',
  age_days: 'T: days from the first purchase to the as-of date',
  recent_long: 'Repeats in the last 91 days',
  recent_short: 'Repeats in the last 35 days',
  purchases: 'Purchase occasions',
  zero_purchases: 'Of them those of no margin at all, such as free samples',
  margin: 'Gross margin after returns and credits, reporting currency',
} as const;

/** The history of each customer who purchased up to the cut. */
export function historySelect({ cut }: Pick<HistoryCut, 'cut'>, settings: HistorySettings): string {
  return select({ cut, end: cut }, settings, []);
}

/** The same, with the occasions in the window before the cut, and what came after it. */
export function backtestSelect(window: HistoryCut, settings: HistorySettings): string {
  return select(window, settings, [
    'summed.previous',
    'summed.later',
    'summed.later_zero_purchases',
    'summed.later_margin',
  ]);
}

function select({ cut, end }: HistoryCut, settings: HistorySettings, more: readonly string[]): string {
  const { long, short } = recentWindowsDays;
  const occasions = occasionsOf(settings, 'day');
  const sum = (condition: string) =>
    `cast(sum(case when ${condition} then ${occasions} else 0 end) as integer)`;
  const before = `day.day_number <= ${cut}`;
  const within = (days: number) => `${before} and day.day_number > ${cut - days}`;
  const after = `day.day_number > ${cut}`;
  const firstIn = (days: number) => `case when summed.first_day > ${cut - days} then 1 else 0 end`;
  const columns = [
    'summed.customer_id',
    `${segmentOf(settings, 'customer')} as segment`,
    'summed.purchases - 1 as repeats',
    'summed.last_day - summed.first_day as last_days',
    `${cut} - summed.first_day as age_days`,
    `summed.recent_long - ${firstIn(long)} as recent_long`,
    `summed.recent_short - ${firstIn(short)} as recent_short`,
    'summed.purchases',
    'summed.zero_purchases',
    'summed.margin',
    ...more,
  ];
  return `with summed as (
    select day.customer_id,
      min(case when day.orders > 0 then day.day_number end) as first_day,
      max(case when day.orders > 0 and ${before} then day.day_number end) as last_day,
      ${sum(before)} as purchases,
      ${sum(`${before} and day.margin = 0`)} as zero_purchases,
      ${sum(within(long))} as recent_long,
      ${sum(within(short))} as recent_short,
      ${sum(within(end - cut))} as previous,
      ${sum(after)} as later,
      ${sum(`${after} and day.margin = 0`)} as later_zero_purchases,
      cast(sum(case when ${before} then day.margin else 0 end) as decimal(18, 4)) as margin,
      cast(sum(case when ${after} then day.margin else 0 end) as decimal(18, 4)) as later_margin
    from value.lifetime_days as day
    where day.day_number <= ${end}
    group by day.customer_id
    having min(case when day.orders > 0 then day.day_number end) <= ${cut}
  )
  select ${columns.join(', ')}
  from summed
  ${segmentJoin(settings, 'summed')}`;
}

/**
 * Gaps between purchase occasions with their number up to each of the cuts; gap 0 stands for orders of one day, where
 * these are occasions of their own.
 */
export function gapCountsSelect(cuts: readonly number[], settings: HistorySettings): string {
  const counts = (weight: string) =>
    cuts.map((cut) => `cast(sum(case when day.day_number <= ${cut} then ${weight} else 0 end) as bigint)`);
  const from = `from value.lifetime_days as day ${segmentJoin(settings, 'day')}`;
  const segment = segmentOf(settings, 'customer');
  const between = `select ${segment} as segment, day.gap_days, ${named(counts('1'))} ${from}
    where day.gap_days is not null group by 1, 2`;
  const within = `select ${segment} as segment, 0 as gap_days, ${named(counts('day.orders - 1'))} ${from}
    where day.orders > 1 group by 1, 2`;
  return `select segment, gap_days, ${cuts.map((_, i) => `gaps_${i}`).join(', ')}
    from (${settings.same_day === 'keep' ? `${between} union all ${within}` : between}) as gaps
    order by segment nulls last, gap_days nulls last`;
}

/**
 * Sums over the shares of the first of a customer's last two gaps in both, in millionths, as whole numbers: both
 * engines add them up to the same.
 */
export function gapRatiosSelect(): string {
  return `with shares as (
    select history.segment,
      div(cast(day.previous_gap_days as bigint) * 1000000, day.previous_gap_days + day.gap_days) as share
    from value.lifetime_histories as history
    inner join value.lifetime_days as day
      on day.customer_id = history.customer_id and day.orders > 0
    cross join settings.run as run
    where day.previous_gap_days is not null
      and day.day_number = days_between(cast('1970-01-01' as date), run.as_of) - history.age_days + history.last_days
  )
  select segment, cast(count(*) as integer), cast(sum(share) as decimal(38, 0)), cast(sum(share * share) as decimal(38, 0))
  from shares
  group by segment
  order by segment nulls last`;
}

function named(columns: readonly string[]): string {
  return columns.map((column, index) => `${column} as gaps_${index}`).join(', ');
}

function occasionsOf({ same_day }: HistorySettings, day: string): string {
  return same_day === 'keep' ? `${day}.orders` : `(case when ${day}.orders > 0 then 1 else 0 end)`;
}

/** `country=DE`, so that no value is taken for the whole base, and `all` where nothing divides the customers. */
function segmentOf({ segment }: HistorySettings, customer: string): string {
  return segment === 'none'
    ? "'all'"
    : `${quoteText(`${segment}=`)} || coalesce(${customer}.${segment}, 'unknown')`;
}

function segmentJoin({ segment }: HistorySettings, from: string): string {
  return segment === 'none'
    ? ''
    : `inner join customers.customers as customer on customer.customer_id = ${from}.customer_id`;
}
