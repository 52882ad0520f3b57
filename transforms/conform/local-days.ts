import type { Engine } from '../../connectors/engines/engine.ts';
import { quoteText } from '../../connectors/engines/quote.ts';

/** Name of the temporary table that makeLocalDays makes. */
export const localDaysTable = 'conform_local_days';

/**
 * For each day in UTC, the days in a zone that it begins and ends in, and the moment when the second begins.
 * Looking a row's day up here takes a tenth of converting its time, which was two thirds of all conform.
 */
export async function makeLocalDays(
  engine: Engine,
  { timezone, asOf }: { timezone: string; asOf: string },
): Promise<void> {
  const zone = quoteText(timezone);
  await engine.buildTemporary(
    localDaysTable,
    `with days as (
      select cast(moment as date) as day
      from generate_series(timestamp '1970-01-01', timestamp '${asOf}' + interval '2 days', interval '1 day')
        as calendar(moment)
    ),
    ends as (
      select day, local_date(cast(day as timestamp), ${zone}) as first_date,
        local_date(cast(day as timestamp) + interval '86399 seconds', ${zone}) as last_date
      from days
    ),
    midnights as (
      select day, first_date, last_date, utc_timestamp(cast(last_date as timestamp), ${zone}) as midnight from ends
    )
    -- Where clocks go back over midnight it comes twice, and utc_timestamp gives the second.
    select day, first_date, last_date,
      case when local_date(midnight - interval '1 hour', ${zone}) = last_date then midnight - interval '1 hour'
        else midnight end as last_begins
    from midnights`,
  );
}

/** SQL for the day in the zone of a time in UTC, over rows joined with `days`; other days are converted. */
export function localDay(time: string, timezone: string): string {
  return `case
      when days.day is not null then case when ${time} >= days.last_begins then days.last_date else days.first_date end
      else local_date(${time}, ${quoteText(timezone)})
    end`;
}
