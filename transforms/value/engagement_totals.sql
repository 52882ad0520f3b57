/*
comment: How each customer engages apart from buying, and the last day of each kind of touch
grain: one customer with a visit, a social touch, a survey or a referral
key: customer_id
columns:
  customer_id: The customer
  visits: Web sessions
  social_touches: Likes, comments and shares
  surveys: Answers given
  customers_referred: Different customers that this one brought
  last_engaged_on: Day of the last of them
*/
with touches as (
  select customer_id, count(*) as visits, 0 as social_touches, 0 as surveys, 0 as customers_referred,
    max(local_date) as last_engaged_on
  from customers.visits
  group by customer_id
  union all
  select customer_id, 0, count(*), 0, 0, max(local_date)
  from customers.social
  group by customer_id
  union all
  select customer_id, 0, 0, count(*), 0, max(local_date)
  from customers.surveys
  group by customer_id
  union all
  select referrer_customer_id, 0, 0, 0, count(distinct referred_customer_id), max(local_date)
  from customers.referrals
  where referrer_customer_id <> referred_customer_id
  group by referrer_customer_id
)
select
  customer_id,
  cast(sum(visits) as bigint) as visits,
  cast(sum(social_touches) as bigint) as social_touches,
  cast(sum(surveys) as bigint) as surveys,
  cast(sum(customers_referred) as bigint) as customers_referred,
  max(last_engaged_on) as last_engaged_on
from touches
group by customer_id
