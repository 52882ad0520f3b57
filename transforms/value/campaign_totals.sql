/*
comment: What was sent to each customer and what came of it, over the whole life and in the behaviour window
grain: one customer with a campaign event
key: customer_id
columns:
  customer_id: The customer
  campaign_contacts: Messages sent
  campaign_cost: >
    Sum of the events' own cost; where a message sent has none, the rate of its channel; other events cost nothing
    of their own
  campaign_responses: Responses and conversions
  response_rate: Responses and conversions per message sent in the behaviour window; null where none was sent
  last_responded_on: Day of the last event that came from the customer
*/
with events as (
  select
    response.customer_id,
    coalesce(response.event, 'sent') as event,
    response.local_date,
    coalesce(
      response.cost_amount_reporting,
      case when coalesce(response.event, 'sent') = 'sent' then coalesce(channel.rate, rates.campaign_other_rate) end,
      0
    ) as cost
  from customers.campaign_responses as response
  left join settings.value_campaign_rates as channel on channel.channel = lower(response.channel)
  cross join settings.value_cost_rates as rates
)
select
  events.customer_id,
  count(case when events.event = 'sent' then 1 end) as campaign_contacts,
  cast(sum(events.cost) as decimal(18, 4)) as campaign_cost,
  count(case when events.event in ('responded', 'converted') then 1 end) as campaign_responses,
  divide_money(
    count(case
      when events.event in ('responded', 'converted') and events.local_date > behaviour.starts_after then 1
    end),
    count(case when events.event = 'sent' and events.local_date > behaviour.starts_after then 1 end)
  ) as response_rate,
  max(case when events.event <> 'sent' then events.local_date end) as last_responded_on
from events
cross join value.behaviour_window as behaviour
group by events.customer_id
