/*
comment: Whom each customer brought, and what they are worth. Who was brought by several counts for the first
grain: one customer
key: customer_id
citus:
  pull: A referrer and the customers that it brought stand on different nodes
metrics:
  customers_referred: higher
  referred_contribution: higher
  referred_lifetime_value: higher
columns:
  customer_id: The customer
  customers_referred: Different customers that this one brought
  referred_contribution: Net contribution of those whom it brought first, reporting currency
  referred_lifetime_value: Lifetime value of the same; null where none of them has one
*/
with brought as (
  select
    referrer_customer_id,
    referred_customer_id,
    row_number() over (
      partition by referred_customer_id
      order by occurred_at nulls last, referrer_customer_id nulls last, source nulls last, source_key nulls last
    ) as place
  from customers.referrals
  where referrer_customer_id <> referred_customer_id
),
by_referrer as (
  select
    brought.referrer_customer_id,
    count(distinct brought.referred_customer_id) as customers_referred,
    sum(case when brought.place = 1 then contribution.net_contribution end) as referred_contribution,
    sum(case when brought.place = 1 then expected.lifetime_value end) as referred_lifetime_value
  from brought
  inner join value.contribution as contribution on contribution.customer_id = brought.referred_customer_id
  inner join value.future as expected on expected.customer_id = brought.referred_customer_id
  group by brought.referrer_customer_id
)
select
  customer.customer_id,
  coalesce(referrer.customers_referred, 0) as customers_referred,
  cast(coalesce(referrer.referred_contribution, 0) as decimal(18, 4)) as referred_contribution,
  cast(referrer.referred_lifetime_value as decimal(18, 4)) as referred_lifetime_value
from customers.customers as customer
left join by_referrer as referrer on referrer.referrer_customer_id = customer.customer_id
