/*
comment: The score of each customer, and its rank
grain: one customer
key: customer_id
citus:
  pull: One rank over all customers
columns:
  customer_id: The customer
  score: Sum of the points of the metrics, 0 to 100; null where no metric could be compared
  rank: 1 for the best; ties in score go by net contribution, then by customer_id
  ranked: Number of customers
*/
with scored as (
  select
    customer_id,
    case when bool_and(is_missing) then null else cast(sum(points) as decimal(7, 4)) end as score
  from value.customer_value_parts
  group by customer_id
)
select
  contribution.customer_id,
  scored.score,
  row_number() over (
    order by
      scored.score desc nulls last, contribution.net_contribution desc nulls last, contribution.customer_id nulls last
  ) as rank,
  count(*) over () as ranked
from value.contribution as contribution
left join scored on scored.customer_id = contribution.customer_id
