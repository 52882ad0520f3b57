import type { Engine } from '../../connectors/engines/engine.ts';
import { quoteText } from '../../connectors/engines/quote.ts';

/** Name of the temporary table that makeDailyRates makes. */
export const dailyRatesTable = 'conform_daily_rates';

/**
 * One rate for each currency and day up to `asOf`, so that rows find theirs by equality: the rate of the day,
 * else of the last earlier day that has one. A day named twice counts with its higher rate.
 */
export async function makeDailyRates(
  engine: Engine,
  { asOf, currency }: { asOf: string; currency: string },
): Promise<void> {
  const [first] = await engine.query<{ day: string | null }>(
    'select min(rate_date) as day from settings.exchange_rates where to_currency = $1',
    [currency],
  );
  const start = first?.day ?? asOf;
  await engine.buildTemporary(
    dailyRatesTable,
    `with rates as (
      select from_currency, rate_date, max(rate) as rate
      from settings.exchange_rates
      where to_currency = ${quoteText(currency)} and rate_date <= cast('${asOf}' as date)
      group by from_currency, rate_date
    ),
    spans as (
      select from_currency, rate_date, rate,
        lead(rate_date, 1, date '9999-12-31') over (partition by from_currency order by rate_date nulls last) as next_date
      from rates
    ),
    days as (
      select cast(moment as date) as day
      from generate_series(timestamp '${start}', timestamp '${asOf}', interval '1 day') as calendar(moment)
    )
    select spans.from_currency as currency, days.day, spans.rate
    from spans
    join days on days.day >= spans.rate_date and days.day < spans.next_date`,
  );
}
