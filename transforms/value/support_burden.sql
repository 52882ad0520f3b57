/*
comment: Who takes far more of support than others, and than the business with them bears
grain: one customer
key: customer_id
citus:
  pull: Medians over all customers
metrics:
  support_cost_share: lower
  support_robust_z: lower
  abuses_support: none
columns:
  customer_id: The customer
  support_cost_share: Cost of support / gross margin, whole life; null where the margin is not positive
  support_robust_z: >
    0.6745 x (contacts in the window - median) / median absolute deviation, among active customers who contacted support in
    it (Iglewicz & Hoaglin 1993); where that deviation is 0 the mean absolute deviation x 1.2533 in its place; null where
    all are equal or the customer made no contact
  abuses_support: >
    True where support_robust_z is above value.support_abuse.robust_z and the cost of support above
    value.support_abuse.margin_share of the gross margin
*/
with callers as (
  select support.customer_id, cast(support.tickets_in_window as double precision) as contacts
  from value.support as support
  inner join value.activity as activity on activity.customer_id = support.customer_id
  where support.tickets_in_window > 0 and activity.is_active
),
middle as (
  select percentile_cont(0.5) within group (order by contacts nulls last) as contacts
  from callers
),
deviations as (
  select
    callers.customer_id,
    callers.contacts - middle.contacts as deviation,
    abs(callers.contacts - middle.contacts) as distance
  from callers
  cross join middle
),
spread as (
  select
    percentile_cont(0.5) within group (order by distance nulls last) as middle_distance,
    sum(distance) / cast(count(*) as double precision) as mean_distance
  from deviations
),
compared as (
  select
    deviations.customer_id,
    case
      when spread.middle_distance > 0
        then 0.6745 * deviations.deviation / cast(spread.middle_distance as double precision)
      when spread.mean_distance > 0
        then deviations.deviation / (1.2533 * cast(spread.mean_distance as double precision))
    end as support_robust_z
  from deviations
  cross join spread
)
select
  contribution.customer_id,
  case when contribution.gross_margin > 0
    then divide_money(contribution.support_cost, contribution.gross_margin) end as support_cost_share,
  compared.support_robust_z,
  coalesce(
    compared.support_robust_z > settings.abuse_robust_z
      and contribution.support_cost > settings.abuse_margin_share * cast(greatest(contribution.gross_margin, 0) as decimal(20, 4)),
    false
  ) as abuses_support
from value.contribution as contribution
left join compared on compared.customer_id = contribution.customer_id
cross join settings.value as settings
