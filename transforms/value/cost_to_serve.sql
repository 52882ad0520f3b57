/*
comment: >
  What the cost to serve each customer is made of: activities counted by driver, channel and category, times the rate
  that value.cost_rates has for them, plus the costs that rows bring along. Reporting currency.
grain: one driver, channel and category of one customer in one period
key: [customer_id, driver, channel, category, period]
publish: cost_to_serve
tests:
  - accepted_values: { column: period, values: [last, previous, earlier] }
columns:
  customer_id: The customer
  driver: order, line, delivery, return, ticket, ticket_minute, campaign_contact, statement or reminder
  channel: Channel of the order, line, ticket or message in lower case; unknown where none is given
  category: Category of the line or ticket in lower case; unknown where none is given
  period: last (the value.window_months up to the as-of date), previous (as many before) or earlier
  events: Activities, those with a cost of their own among them
  quantity: Of them what the rate is multiplied with, minutes for ticket_minute; without those that have a cost of their own
  rate: Rate of one of them; the rule of value.cost_rates with most conditions that hold
  own_cost: Sum of the costs that rows bring along
  cost: quantity x rate + own_cost
*/
with events as (
  select purchase.customer_id, 'line' as driver, purchase.channel, purchase.category, purchase.local_date, 1 as quantity,
    cast(null as decimal(18, 4)) as own_cost
  from customers.purchases as purchase
  left join settings.value_cancelled as cancelled on cancelled.status = lower(purchase.status)
  where cancelled.status is null
  union all
  select orders.customer_id, driver.driver, orders.channel, null, orders.ordered_on, 1, null
  from value.orders as orders
  cross join (values ('order'), ('delivery')) as driver (driver)
  where orders.is_purchase
  union all
  select customer_id, 'return', null, null, local_date,
    case when handling_cost_reporting is null then 1 else 0 end, handling_cost_reporting
  from customers.returns
  union all
  select customer_id,
    case when cost_amount_reporting is null and handling_minutes is not null then 'ticket_minute' else 'ticket' end,
    channel, category, local_date,
    case when cost_amount_reporting is null then coalesce(handling_minutes, 1) else 0 end, cost_amount_reporting
  from customers.tickets
  union all
  select customer_id, 'campaign_contact', channel, null, local_date,
    case when cost_amount_reporting is null then 1 else 0 end, cost_amount_reporting
  from customers.campaign_responses
  where coalesce(event, 'sent') = 'sent' or cost_amount_reporting is not null
  union all
  select customer_id, 'statement', null, null, local_date, 1, null
  from value.receivables
  where is_first_of_invoice
  union all
  select receivable.customer_id, 'reminder', null, null, receivable.local_date, 1, null
  from value.receivables as receivable
  cross join settings.value as settings
  where receivable.days_beyond_due > settings.reminder_after_days
),
activities as (
  select
    events.customer_id,
    events.driver,
    coalesce(lower(events.channel), 'unknown') as channel,
    coalesce(lower(events.category), 'unknown') as category,
    case
      when events.local_date > behaviour.starts_after then 'last'
      when events.local_date > behaviour.before_starts_after then 'previous'
      else 'earlier'
    end as period,
    count(*) as events,
    cast(sum(events.quantity) as decimal(18, 4)) as quantity,
    cast(coalesce(sum(events.own_cost), 0) as decimal(18, 4)) as own_cost
  from events
  cross join value.behaviour_window as behaviour
  group by
    events.customer_id,
    events.driver,
    coalesce(lower(events.channel), 'unknown'),
    coalesce(lower(events.category), 'unknown'),
    case
      when events.local_date > behaviour.starts_after then 'last'
      when events.local_date > behaviour.before_starts_after then 'previous'
      else 'earlier'
    end
),
ruled as (
  select
    activity.customer_id,
    activity.driver,
    activity.channel,
    activity.category,
    activity.period,
    max(activity.events) as events,
    max(activity.quantity) as quantity,
    max(activity.own_cost) as own_cost,
    min(rule.precedence) as precedence
  from activities as activity
  inner join customers.customers as customer on customer.customer_id = activity.customer_id
  inner join settings.value_rates as rule
    on rule.driver = activity.driver
    and (rule.channel is null or rule.channel = activity.channel)
    and (rule.category is null or rule.category = activity.category)
    and (rule.customer_kind is null or rule.customer_kind = lower(customer.kind))
    and (rule.customer_country is null or rule.customer_country = lower(customer.country))
    and (rule.customer_region is null or rule.customer_region = lower(customer.region))
    and (rule.customer_industry is null or rule.customer_industry = lower(customer.industry))
    and (rule.customer_channel is null or rule.customer_channel = lower(customer.channel))
    and (rule.customer_acquisition_source is null
      or rule.customer_acquisition_source = lower(customer.acquisition_source))
    and (rule.customer_sales_rep is null or rule.customer_sales_rep = lower(customer.sales_rep))
    and (rule.customer_territory is null or rule.customer_territory = lower(customer.territory))
  group by activity.customer_id, activity.driver, activity.channel, activity.category, activity.period
)
select
  ruled.customer_id,
  ruled.driver,
  ruled.channel,
  ruled.category,
  ruled.period,
  ruled.events,
  ruled.quantity,
  rule.rate,
  ruled.own_cost,
  cast(cast(ruled.quantity as decimal(20, 4)) * rule.rate + ruled.own_cost as decimal(18, 4)) as cost
from ruled
inner join settings.value_rates as rule on rule.precedence = ruled.precedence
