/*
comment: >
  What each tier is entitled to of each service of the catalogue, what it used of it, and what it would cost if use kept
  to the entitlement. A year, reporting currency.
grain: one service of one tier
key: [tier, service]
publish: service_levels
tests:
  - expression: saving >= 0
columns:
  tier: A+, A, B, C or D
  service: The service, a key of value.services
  customers: Customers of the tier
  users: Of them who used the service in the behaviour window
  entitled: Uses a year that each customer of the tier is entitled to; null without a limit
  used: Uses of all of them a year, those of the behaviour window x 12 / value.window_months
  used_beyond: Of them beyond the entitlement
  unit_amount: Mean cost of one use; null where there is none
  cost_before: Cost of all uses a year
  cost_after: Cost of those within the entitlement
  saving: cost_before - cost_after
*/
with by_tier as (
  select tier, count(*) as customers
  from value.standings
  group by tier
),
by_service as (
  select
    tier,
    service,
    count(*) as users,
    cast(sum(used) as decimal(18, 4)) as used,
    cast(sum(used_beyond) as decimal(18, 4)) as used_beyond,
    cast(sum(cost) as decimal(18, 4)) as cost,
    cast(sum(cost_beyond) as decimal(18, 4)) as cost_beyond
  from value.service_use
  group by tier, service
),
a_year as (
  select
    entitlement.tier,
    entitlement.service,
    coalesce(by_tier.customers, 0) as customers,
    coalesce(by_service.users, 0) as users,
    entitlement.entitled,
    divide_money(by_service.used * 12, behaviour.months) as used,
    divide_money(by_service.used_beyond * 12, behaviour.months) as used_beyond,
    divide_money(by_service.cost, by_service.used) as unit_amount,
    divide_money(by_service.cost * 12, behaviour.months) as cost,
    divide_money(by_service.cost_beyond * 12, behaviour.months) as cost_beyond
  from settings.value_entitlements as entitlement
  left join by_tier on by_tier.tier = entitlement.tier
  left join by_service on by_service.tier = entitlement.tier and by_service.service = entitlement.service
  cross join value.behaviour_window as behaviour
)
select
  tier,
  service,
  customers,
  users,
  entitled,
  coalesce(used, money(0)) as used,
  coalesce(used_beyond, money(0)) as used_beyond,
  unit_amount,
  coalesce(cost, money(0)) as cost_before,
  coalesce(cost - cost_beyond, money(0)) as cost_after,
  coalesce(cost_beyond, money(0)) as saving
from a_year
