/*
comment: The whale curve in a few numbers. Ratios are null where the total is not positive, amounts never.
grain: the run
key: as_of
citus:
  pull: One order of all customers
publish: whale_summary
columns:
  as_of: Last day of the run
  customers: Customers
  profitable_customers: Customers with a positive net contribution, who carry the curve to its peak
  unprofitable_customers: Customers with a negative net contribution
  net_revenue: Total net revenue
  net_contribution: Total net contribution, where the curve ends
  peak_contribution: Net contribution of the profitable customers, the peak of the curve
  erosion: peak_contribution - net_contribution, what the unprofitable customers take away
  peak_share: peak_contribution / net_contribution
  peak_customer_share: Share of the customers at the peak; null without customers
  top_20_percent_share: Share of the net contribution that the best fifth of the customers brings
  gini: >
    Gini coefficient of net contribution over the customers, 2 x sum(place x amount) / (n x total) - (n + 1) / n with
    the smallest first; above 1 is possible where contributions are negative
*/
with placed as (
  select
    net_revenue,
    net_contribution,
    row_number() over (order by net_contribution nulls first, customer_id nulls last) as place_from_below
  from value.contribution
),
totals as (
  select
    count(*) as customers,
    count(case when net_contribution > 0 then 1 end) as profitable_customers,
    count(case when net_contribution < 0 then 1 end) as unprofitable_customers,
    cast(coalesce(sum(net_revenue), 0) as decimal(18, 4)) as net_revenue,
    cast(coalesce(sum(net_contribution), 0) as decimal(18, 4)) as net_contribution,
    cast(coalesce(sum(case when net_contribution > 0 then net_contribution end), 0) as decimal(18, 4))
      as peak_contribution,
    cast(sum(cast(net_contribution as decimal(20, 4)) * place_from_below) as decimal(38, 4)) as weighted_contribution
  from placed
)
select
  run.as_of,
  totals.customers,
  totals.profitable_customers,
  totals.unprofitable_customers,
  totals.net_revenue,
  totals.net_contribution,
  totals.peak_contribution,
  money(totals.peak_contribution - totals.net_contribution) as erosion,
  case when totals.net_contribution > 0
    then divide_money(totals.peak_contribution, totals.net_contribution) end as peak_share,
  divide_money(totals.profitable_customers, totals.customers) as peak_customer_share,
  curve.cumulative_profit_share as top_20_percent_share,
  case when totals.net_contribution > 0
    then 2 * cast(totals.weighted_contribution as double precision)
      / (totals.customers * cast(totals.net_contribution as double precision))
      - (totals.customers + 1) / cast(totals.customers as double precision) end as gini
from totals
cross join settings.run as run
inner join value.whale_curve as curve on curve.percentile = 20
