/*
comment: >
  Where each value of a metric stands among the active customers: the share of them below it plus half of those equal
  to it (midrank), so that ties are equal and inactive customers change nothing
grain: one different value of one metric
key: [metric, oriented_value]
columns:
  metric: The metric
  oriented_value: The value, turned so that more is better
  percentile: 0 to 100; null where no customer is active
*/
with counted as (
  select metric, oriented_value, count(case when is_active then 1 end) as equal
  from value.metrics
  where oriented_value is not null
  group by metric, oriented_value
),
cumulated as (
  select
    metric,
    oriented_value,
    equal,
    cast(sum(equal) over (
      partition by metric order by oriented_value nulls last rows between unbounded preceding and current row
    ) as bigint) as up_to,
    cast(sum(equal) over (partition by metric) as bigint) as compared
  from counted
)
select
  metric,
  oriented_value,
  cast(divide_money(100 * (2 * up_to - equal), 2 * compared) as decimal(7, 4)) as percentile
from cumulated
