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
  contribution_share_before: >
    Share of all positive net contribution that more profitable customers bring; null where the customer brings none
*/
with scored as (
  select
    customer_id,
    case when bool_and(is_missing) then null else cast(sum(points) as decimal(7, 4)) end as score
  from value.customer_value_parts
  group by customer_id
),
ordered as (
  select
    contribution.customer_id,
    contribution.net_contribution,
    scored.score,
    row_number() over (
      order by
        scored.score desc nulls last, contribution.net_contribution desc nulls last,
        contribution.customer_id nulls last
    ) as rank,
    count(*) over () as ranked,
    cast(sum(greatest(contribution.net_contribution, 0)) over (
      order by contribution.net_contribution desc nulls last, contribution.customer_id nulls last
      rows between unbounded preceding and current row
    ) as decimal(18, 4)) as running_contribution,
    cast(sum(greatest(contribution.net_contribution, 0)) over () as decimal(18, 4)) as positive_contribution
  from value.contribution as contribution
  left join scored on scored.customer_id = contribution.customer_id
)
select
  customer_id,
  score,
  rank,
  ranked,
  case when net_contribution > 0
    then divide_money(running_contribution - net_contribution, positive_contribution) end as contribution_share_before
from ordered
