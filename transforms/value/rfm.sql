/*
comment: >
  Recency, frequency and monetary value of each buyer as quintiles among all buyers, 5 is best (Hughes 1994); equals get
  the same quintile
grain: one customer
key: customer_id
citus:
  pull: One order of all buyers
metrics:
  recency_quintile: higher
  frequency_quintile: higher
  monetary_quintile: higher
  rfm: none
columns:
  customer_id: The customer
  recency_quintile: 5 - whole part of 5 x buyers who bought later / buyers; null without a purchase
  frequency_quintile: 5 - whole part of 5 x buyers with more purchase days / buyers; null without a purchase
  monetary_quintile: 5 - whole part of 5 x buyers with more net amount per purchase day / buyers; null without a purchase
  rfm: The three as digits, 555 is best
*/
with ranked as (
  select
    customer_id,
    rank() over (order by recency_days nulls last) as recency_rank,
    rank() over (order by frequency desc nulls last) as frequency_rank,
    rank() over (order by monetary desc nulls last) as monetary_rank,
    count(*) over () as buyers
  from value.buying
  where recency_days is not null
),
quintiles as (
  select
    customer_id,
    5 - div(5 * (recency_rank - 1), buyers) as recency_quintile,
    5 - div(5 * (frequency_rank - 1), buyers) as frequency_quintile,
    5 - div(5 * (monetary_rank - 1), buyers) as monetary_quintile
  from ranked
)
select
  buying.customer_id,
  quintiles.recency_quintile,
  quintiles.frequency_quintile,
  quintiles.monetary_quintile,
  100 * quintiles.recency_quintile + 10 * quintiles.frequency_quintile + quintiles.monetary_quintile as rfm
from value.buying as buying
left join quintiles on quintiles.customer_id = buying.customer_id
