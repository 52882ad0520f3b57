/*
comment: What each customer used of each service of the catalogue in the behaviour window, and what it is entitled to
grain: one service of one customer who used it
key: [customer_id, service]
columns:
  customer_id: The customer
  service: The service, a key of value.services
  tier: Tier of the customer
  used: Uses in the window
  entitled: Uses in the window that the tier is entitled to; null without a limit
  used_beyond: Uses beyond the entitlement
  unit_amount: Cost of one use, as set or what it did cost this customer
  cost: used x unit_amount
  cost_beyond: used_beyond x unit_amount
*/
with used as (
  select
    activity.customer_id,
    service.service,
    cast(sum(activity.events) as bigint) as used,
    cast(sum(activity.cost) as decimal(18, 4)) as cost,
    max(service.unit_cost) as unit_amount
  from value.cost_to_serve as activity
  inner join settings.value_services as service
    on service.driver = activity.driver and (service.channel is null or service.channel = activity.channel)
  where activity.period = 'last'
  group by activity.customer_id, service.service
),
entitled as (
  select
    used.customer_id,
    used.service,
    standing.tier,
    used.used,
    divide_money(entitlement.entitled * behaviour.months, 12) as entitled,
    used.unit_amount as set_amount,
    divide_money(used.cost, used.used) as mean_amount
  from used
  inner join value.standings as standing on standing.customer_id = used.customer_id
  inner join settings.value_entitlements as entitlement
    on entitlement.service = used.service and entitlement.tier = standing.tier
  cross join value.behaviour_window as behaviour
),
counted as (
  select
    customer_id,
    service,
    tier,
    used,
    entitled,
    case when used > entitled then used - entitled else 0 end as used_beyond,
    coalesce(set_amount, mean_amount) as unit_amount
  from entitled
)
select
  customer_id,
  service,
  tier,
  used,
  entitled,
  cast(used_beyond as decimal(18, 4)) as used_beyond,
  unit_amount,
  cast(cast(unit_amount as decimal(20, 4)) * used as decimal(18, 4)) as cost,
  cast(cast(unit_amount as decimal(20, 4)) * used_beyond as decimal(18, 4)) as cost_beyond
from counted
