/*
comment: >
  The whale curve: customers from the most to the least profitable, and the profit that they have brought together.
  It rises above the total and falls back by what the last ones cost.
grain: one percentile of the customers
key: percentile
citus:
  pull: One order of all customers
publish: whale_curve
columns:
  percentile: 1 to 100; the most profitable customers first
  customers: Number of customers up to here, whole ones
  revenue: Net revenue of all customers up to here
  profit: Net contribution of the customers of this percentile alone
  cumulative_profit: Net contribution of all customers up to here
  cumulative_profit_share: cumulative_profit / total net contribution; null where the total is not positive
  lowest_contribution: Net contribution of the last customer of this percentile; null where it has none
*/
with placed as (
  select
    net_revenue,
    net_contribution,
    row_number() over (order by net_contribution desc nulls last, customer_id nulls last) as place,
    count(*) over () as customers
  from value.contribution
),
buckets as (
  -- The first percentile whose share of the customers, rounded down to whole ones, holds this place.
  select
    div(100 * place + customers - 1, customers) as percentile,
    count(*) as customers,
    cast(sum(net_revenue) as decimal(18, 4)) as revenue,
    cast(sum(net_contribution) as decimal(18, 4)) as profit,
    min(net_contribution) as lowest_contribution
  from placed
  group by div(100 * place + customers - 1, customers)
),
cumulated as (
  select
    point.percentile,
    cast(sum(coalesce(buckets.customers, 0)) over through as bigint) as customers,
    cast(sum(coalesce(buckets.revenue, 0)) over through as decimal(18, 4)) as revenue,
    cast(coalesce(buckets.profit, 0) as decimal(18, 4)) as profit,
    cast(sum(coalesce(buckets.profit, 0)) over through as decimal(18, 4)) as cumulative_profit,
    cast(sum(coalesce(buckets.profit, 0)) over () as decimal(18, 4)) as total_profit,
    buckets.lowest_contribution
  from generate_series(1, 100) as point (percentile)
  left join buckets on buckets.percentile = point.percentile
  window through as (order by point.percentile nulls last rows between unbounded preceding and current row)
)
select
  cast(percentile as integer) as percentile,
  customers,
  revenue,
  profit,
  cumulative_profit,
  case when total_profit > 0 then divide_money(cumulative_profit, total_profit) end as cumulative_profit_share,
  lowest_contribution
from cumulated
