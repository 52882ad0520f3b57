/*
comment: The days in which behaviour is measured, value.window_months up to the as-of date, and as many months before
grain: the run
key: as_of
columns:
  as_of: Last day of the run, inside the window
  starts_after: Day before the first day of the window
  before_starts_after: Day before the first day of the months before the window
  days: Days of the window
  months: value.window_months
*/
with bounds as (
  select
    run.as_of,
    cast(run.as_of - settings.window_months * interval '1 month' as date) as starts_after,
    cast(run.as_of - 2 * settings.window_months * interval '1 month' as date) as before_starts_after,
    settings.window_months as months
  from settings.run as run
  cross join settings.value as settings
)
select as_of, starts_after, before_starts_after, days_between(starts_after, as_of) as days, months
from bounds
