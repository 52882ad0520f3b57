/*
comment: What each lever of rebalancing would bring with each customer, by the cost to serve of the behaviour window
grain: one lever of one customer with whom it brings something
key: [customer_id, lever]
citus:
  pull: The costliest category and the cheapest channel are those of all customers
columns:
  customer_id: The customer
  lever: service_fee, self_service, top_cause or cheaper_channel
  uses: Activities that it touches, in the window
  saved_uses: Of them what it takes away or has paid for
  saved_amount: Money over the window
*/
with recent as (
  select customer_id, driver, channel, category, events, cost
  from value.cost_to_serve
  where period = 'last'
),
categories as (
  select category, sum(cost) as cost
  from recent
  where driver in ('ticket', 'ticket_minute') and category <> 'unknown'
  group by category
),
top_cause as (
  select category
  from categories
  order by cost desc nulls last, category nulls last
  limit 1
),
-- An order by a channel costs what taking and delivering it does.
channels as (
  select
    channel,
    divide_money(sum(cost), sum(case when driver = 'order' then events end)) as order_amount
  from recent
  where driver in ('order', 'delivery') and channel <> 'unknown'
  group by channel
),
cheapest as (
  select min(order_amount) as order_amount
  from channels
),
levers as (
  select customer_id, 'service_fee' as lever, sum(used) as uses, sum(used_beyond * settings.service_fee_share) as saved_uses,
    sum(cast(cost_beyond as decimal(20, 4)) * settings.service_fee_share) as saved_amount
  from value.service_use
  cross join settings.value_levers as settings
  group by customer_id
  union all
  select recent.customer_id, 'self_service', sum(recent.events), sum(recent.events * settings.self_service_share),
    sum(
      greatest(recent.cost - cast(settings.self_service_rate as decimal(20, 4)) * recent.events, 0)
        * settings.self_service_share
    )
  from recent
  cross join settings.value_levers as settings
  where recent.driver in ('ticket', 'ticket_minute') and recent.channel in ('phone', 'email', 'chat')
  group by recent.customer_id
  union all
  select recent.customer_id, 'top_cause', sum(recent.events), sum(recent.events * settings.top_cause_share),
    sum(cast(recent.cost as decimal(20, 4)) * settings.top_cause_share)
  from recent
  inner join top_cause on top_cause.category = recent.category
  cross join settings.value_levers as settings
  where recent.driver in ('ticket', 'ticket_minute')
  group by recent.customer_id
  union all
  select recent.customer_id, 'cheaper_channel', sum(recent.events), sum(recent.events * settings.cheaper_channel_share),
    sum(cast(channels.order_amount - cheapest.order_amount as decimal(20, 4)) * recent.events * settings.cheaper_channel_share)
  from recent
  inner join channels on channels.channel = recent.channel
  cross join cheapest
  cross join settings.value_levers as settings
  where recent.driver = 'order'
  group by recent.customer_id
)
select
  customer_id,
  lever,
  cast(uses as bigint) as uses,
  cast(saved_uses as decimal(18, 4)) as saved_uses,
  cast(saved_amount as decimal(18, 4)) as saved_amount
from levers
where saved_amount > 0
