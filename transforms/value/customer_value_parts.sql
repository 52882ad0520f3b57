/*
comment: >
  What each score is made of. points = weight x percentile / sum of the weights of the metrics that the customer has,
  so a missing metric gives its weight to the others. They are rounded as differences of the running sum, so
  that they add up to the score exactly.
grain: one metric of one customer
key: [customer_id, metric]
publish: customer_value_parts
tests:
  - expression: points between 0 and 100
columns:
  customer_id: The customer
  metric: Name, a column of customer_value that has a weight in value.weights
  raw_value: >
    Value of the metric; frequency, monetary and tickets are compared by their values in the behaviour window. Null
    where the customer has none
  percentile: >
    0 to 100, 100 is best: share of the active customers that are worse, plus half of those that are equal; null
    where the metric is missing
  weight: Share of the score in per cent after missing metrics gave theirs away; 0 where the metric is missing
  points: What the metric gives to the score; 0 where it is missing
  is_missing: True if the customer has no value of the metric
*/
with placed as (
  select
    metric.customer_id,
    metric.metric,
    metric.raw_value,
    place.percentile,
    case when place.percentile is null then 0 else metric.weight end as weight
  from value.metrics as metric
  left join value.metric_percentiles as place
    on place.metric = metric.metric and place.oriented_value = metric.oriented_value
),
summed as (
  select
    customer_id,
    metric,
    raw_value,
    percentile,
    weight,
    coalesce(weight * percentile, 0) as product,
    sum(coalesce(weight * percentile, 0)) over (
      partition by customer_id order by metric nulls last rows between unbounded preceding and current row
    ) as running_product,
    sum(weight) over (partition by customer_id) as total_weight
  from placed
)
select
  customer_id,
  metric,
  raw_value,
  percentile,
  cast(coalesce(divide_money(100 * cast(weight as decimal(12, 4)), cast(total_weight as decimal(12, 4))), 0)
    as decimal(7, 4)) as weight,
  cast(coalesce(
    divide_money(cast(running_product as decimal(20, 8)), cast(total_weight as decimal(12, 4)))
      - divide_money(cast(running_product - product as decimal(20, 8)), cast(total_weight as decimal(12, 4))),
    0
  ) as decimal(7, 4)) as points,
  percentile is null as is_missing
from summed
