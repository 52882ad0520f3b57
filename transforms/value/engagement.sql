/*
comment: How each customer engages apart from buying
grain: one customer
key: customer_id
metrics:
  campaign_contacts: none
  open_rate: higher
  click_rate: higher
  response_rate: higher
  visits: higher
  weekly_visits: higher
  minutes_per_visit: higher
  social_touches: higher
columns:
  customer_id: The customer
  campaign_contacts: Messages sent to the customer, whole life
  open_rate: Campaigns opened / campaigns sent in the behaviour window, 1 at most; null without a message in it
  click_rate: Campaigns clicked / campaigns sent in the behaviour window, 1 at most; null without a message in it
  response_rate: Responses and conversions per message in the behaviour window; null without a message in it
  visits: Web sessions, whole life
  weekly_visits: Web sessions per week of the behaviour window
  minutes_per_visit: Mean minutes of the web sessions whose length is known; null without one
  social_touches: Likes, comments and shares, whole life
  last_responded_on: Day of the last event of a campaign that came from the customer
  last_engaged_on: Day of the last visit, touch, survey or referral
*/
with campaigns as (
  select
    response.customer_id,
    count(case when coalesce(response.event, 'sent') = 'sent' then 1 end) as messages,
    count(case when coalesce(response.event, 'sent') = 'sent' and response.local_date > behaviour.starts_after then 1 end)
      as messages_in_window,
    count(distinct case when coalesce(response.event, 'sent') = 'sent' and response.local_date > behaviour.starts_after
      then response.campaign end) as campaigns_sent,
    count(distinct case when response.event = 'opened' and response.local_date > behaviour.starts_after
      then response.campaign end) as campaigns_opened,
    count(distinct case when response.event = 'clicked' and response.local_date > behaviour.starts_after
      then response.campaign end) as campaigns_clicked,
    count(case when response.event in ('responded', 'converted') and response.local_date > behaviour.starts_after then 1 end)
      as responses_in_window,
    max(case when coalesce(response.event, 'sent') <> 'sent' then response.local_date end) as last_responded_on
  from customers.campaign_responses as response
  cross join value.behaviour_window as behaviour
  group by response.customer_id
),
touches as (
  select customer_id, 1 as visits, seconds, 0 as social_touches, local_date
  from customers.visits
  union all
  select customer_id, 0, null, 1, local_date
  from customers.social
  union all
  select customer_id, 0, null, 0, local_date
  from customers.surveys
  union all
  select referrer_customer_id, 0, null, 0, local_date
  from customers.referrals
  where referrer_customer_id <> referred_customer_id
),
touched as (
  select
    touches.customer_id,
    cast(sum(touches.visits) as bigint) as visits,
    cast(sum(case when touches.local_date > behaviour.starts_after then touches.visits else 0 end) as bigint)
      as visits_in_window,
    cast(sum(touches.seconds) as decimal(18, 4)) as seconds,
    count(touches.seconds) as timed_visits,
    cast(sum(touches.social_touches) as bigint) as social_touches,
    max(touches.local_date) as last_engaged_on
  from touches
  cross join value.behaviour_window as behaviour
  group by touches.customer_id
)
select
  customer.customer_id,
  coalesce(campaigns.messages, 0) as campaign_contacts,
  divide_money(least(campaigns.campaigns_opened, campaigns.campaigns_sent), campaigns.campaigns_sent) as open_rate,
  divide_money(least(campaigns.campaigns_clicked, campaigns.campaigns_sent), campaigns.campaigns_sent) as click_rate,
  divide_money(campaigns.responses_in_window, campaigns.messages_in_window) as response_rate,
  coalesce(touched.visits, 0) as visits,
  divide_money(7 * coalesce(touched.visits_in_window, 0), behaviour.days) as weekly_visits,
  divide_money(touched.seconds, 60 * touched.timed_visits) as minutes_per_visit,
  coalesce(touched.social_touches, 0) as social_touches,
  campaigns.last_responded_on,
  touched.last_engaged_on
from customers.customers as customer
left join campaigns on campaigns.customer_id = customer.customer_id
left join touched on touched.customer_id = customer.customer_id
cross join value.behaviour_window as behaviour
