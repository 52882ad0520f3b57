/*
comment: >
  What was known of each customer who had not bought yet: today, and one and two horizons of value.prospects.horizon ago,
  where it is known who then did buy. Counts are those of the behaviour window's length before that day; levels are what
  the model sees
grain: one customer on one of the three days on which it had not bought
key: [customer_id, horizons_ago]
tests:
  - expression: is_buyer in (0, 1)
  - expression: days_known >= 0
columns:
  customer_id: The customer
  horizons_ago: 0 for the as-of date, 1 and 2 for the days as many horizons before it
  seen_on: That day; nothing after it is counted
  is_buyer: 1 if the first purchase came within the horizon after that day, else 0; null for the as-of date
  days_known: Days since the first account was opened or the first event; null where no source says
  days_since_touch: Days since the last thing that came from the customer; null if nothing ever did
  messages: Messages sent to the customer
  opened: Messages opened
  responses: Clicks, responses and conversions
  visits: Web sessions
  tickets: Contacts with support
  social_touches: Likes, comments and shares
  is_referred: 1 if another customer brought it up to that day, else 0
  has_unsubscribed: 1 if it unsubscribed up to that day, else 0
  known_level: 0 below 30 days_known, 1 below 90, 2 below 365, 3 below 730, 4 from there on; null where unknown
  touch_level: 0 never touched, 1 longer ago than 90 days, 2 than 28, 3 than 7, 4 within 7 days
  message_level: 0 for none, 1 for one message, 2 for two or three, 3 up to seven, 4 for more
  opened_level: The same of opened
  response_level: The same of responses
  visit_level: The same of visits
  ticket_level: The same of tickets
  social_level: The same of social_touches
*/
with days as (
  select number.horizons_ago,
    cast(run.as_of - number.horizons_ago * settings.prospect_horizon_days * interval '1 day' as date) as seen_on,
    cast(run.as_of - (number.horizons_ago - 1) * settings.prospect_horizon_days * interval '1 day' as date) as ends_on,
    cast(run.as_of - (number.horizons_ago * settings.prospect_horizon_days + behaviour.days) * interval '1 day' as date)
      as starts_after
  from (select 0 as horizons_ago union all select 1 union all select 2) as number
  cross join settings.run as run
  cross join settings.value as settings
  cross join value.behaviour_window as behaviour
),
known as (
  select
    customer.customer_id,
    local_date(customer.first_seen, run.timezone) as known_on,
    buying.first_purchase_on
  from customers.customers as customer
  inner join value.buying as buying on buying.customer_id = customer.customer_id
  cross join settings.run as run
),
waiting as (
  select
    known.customer_id,
    days.horizons_ago,
    days.seen_on,
    days.starts_after,
    case when days.horizons_ago > 0
      then case when known.first_purchase_on <= days.ends_on then 1 else 0 end end as is_buyer,
    case when known.known_on > days.seen_on then 0 else days_between(known.known_on, days.seen_on) end as days_known
  from known
  cross join days
  where (known.first_purchase_on is null or known.first_purchase_on > days.seen_on)
    and (days.horizons_ago = 0 or known.known_on <= days.seen_on)
),
touches as (
  select
    customer_id,
    local_date,
    case coalesce(event, 'sent')
      when 'sent' then 'message'
      when 'opened' then 'opened'
      when 'unsubscribed' then 'unsubscribed'
      else 'response'
    end as kind
  from customers.campaign_responses
  union all
  select customer_id, local_date, 'visit' from customers.visits
  union all
  select customer_id, local_date, 'ticket' from customers.tickets
  union all
  select customer_id, local_date, 'social' from customers.social
  union all
  select customer_id, local_date, 'survey' from customers.surveys
  union all
  select referrer_customer_id, local_date, 'brought' from customers.referrals
  where referrer_customer_id <> referred_customer_id
  union all
  select referred_customer_id, local_date, 'referred' from customers.referrals
  where referrer_customer_id <> referred_customer_id
),
counted as (
  select
    waiting.customer_id,
    waiting.horizons_ago,
    waiting.seen_on,
    waiting.is_buyer,
    waiting.days_known,
    count(case when touches.kind = 'message' and touches.local_date > waiting.starts_after then 1 end) as messages,
    count(case when touches.kind = 'opened' and touches.local_date > waiting.starts_after then 1 end) as opened,
    count(case when touches.kind = 'response' and touches.local_date > waiting.starts_after then 1 end) as responses,
    count(case when touches.kind = 'visit' and touches.local_date > waiting.starts_after then 1 end) as visits,
    count(case when touches.kind = 'ticket' and touches.local_date > waiting.starts_after then 1 end) as tickets,
    count(case when touches.kind = 'social' and touches.local_date > waiting.starts_after then 1 end) as social_touches,
    cast(max(case when touches.kind = 'referred' then 1 else 0 end) as integer) as is_referred,
    cast(max(case when touches.kind = 'unsubscribed' then 1 else 0 end) as integer) as has_unsubscribed,
    days_between(
      max(case when touches.kind not in ('message', 'unsubscribed', 'referred') then touches.local_date end), waiting.seen_on
    ) as days_since_touch
  from waiting
  left join touches on touches.customer_id = waiting.customer_id and touches.local_date <= waiting.seen_on
  group by waiting.customer_id, waiting.horizons_ago, waiting.seen_on, waiting.is_buyer, waiting.days_known
)
select
  customer_id,
  horizons_ago,
  seen_on,
  is_buyer,
  days_known,
  days_since_touch,
  messages,
  opened,
  responses,
  visits,
  tickets,
  social_touches,
  is_referred,
  has_unsubscribed,
  case when days_known < 30 then 0 when days_known < 90 then 1 when days_known < 365 then 2 when days_known < 730 then 3
    when days_known is not null then 4 end as known_level,
  case when days_since_touch <= 7 then 4 when days_since_touch <= 28 then 3 when days_since_touch <= 90 then 2
    when days_since_touch is not null then 1 else 0 end as touch_level,
  case when messages < 2 then messages when messages < 4 then 2 when messages < 8 then 3 else 4 end as message_level,
  case when opened < 2 then opened when opened < 4 then 2 when opened < 8 then 3 else 4 end as opened_level,
  case when responses < 2 then responses when responses < 4 then 2 when responses < 8 then 3 else 4 end as response_level,
  case when visits < 2 then visits when visits < 4 then 2 when visits < 8 then 3 else 4 end as visit_level,
  case when tickets < 2 then tickets when tickets < 4 then 2 when tickets < 8 then 3 else 4 end as ticket_level,
  case when social_touches < 2 then social_touches when social_touches < 4 then 2 when social_touches < 8 then 3 else 4
    end as social_level
from counted
