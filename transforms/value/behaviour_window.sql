/*
comment: The days in which behaviour is measured, value.window_months up to the as-of date
grain: the run
key: as_of
columns:
  as_of: Last day of the run, inside the window
  starts_after: Day before the first day of the window
*/
select
  run.as_of,
  cast(run.as_of - settings.window_months * interval '1 month' as date) as starts_after
from settings.run as run
cross join settings.value as settings
