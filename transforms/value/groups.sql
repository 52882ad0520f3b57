/*
comment: What to do with each customer, and how much may be spent on it
grain: one customer
key: customer_id
columns:
  customer_id: The customer
  value_group: keep, grow, fix or let_go
  lifetime_value_with_levers: Lifetime value and what the levers would save per purchase x expected purchases
  lifetime_value_with_referrals: Lifetime value and that of the customers whom this one brought
  retention_budget: What may be spent to keep the customer
*/
with saved as (
  -- The levers overlap where they touch one contact: the largest of them is the careful sum.
  select customer_id, max(saved_amount) as saved_amount
  from value.lever_savings
  group by customer_id
),
-- What is saved per purchase of the window, as often as purchases are expected.
saved_each as (
  select
    buying.customer_id,
    coalesce(divide_money(saved.saved_amount, buying.frequency_in_window), 0) as saved_amount,
    -- Beyond a million, an overflow is nearer than a purchase.
    cast(least(coalesce(expected.expected_purchases, 0), 1000000) as decimal(18, 4)) as expected_purchases
  from value.buying as buying
  inner join value.future as expected on expected.customer_id = buying.customer_id
  left join saved on saved.customer_id = buying.customer_id
),
bounded_savings as (
  select
    customer_id,
    cast(least(cast(saved_amount as decimal(20, 4)) * expected_purchases, 1000000000000) as decimal(18, 4)) as saved_amount
  from saved_each
),
valued as (
  select
    standing.customer_id,
    standing.is_top_tier,
    standing.value_band,
    contribution.net_contribution,
    expected.lifetime_value,
    expected.lifetime_value + bounded_savings.saved_amount as lifetime_value_with_levers,
    expected.lifetime_value + coalesce(advocacy.referred_lifetime_value, 0) as lifetime_value_with_referrals,
    settings.grow_ratio,
    settings.retention_uplift
  from value.standings as standing
  inner join value.contribution as contribution on contribution.customer_id = standing.customer_id
  inner join bounded_savings on bounded_savings.customer_id = standing.customer_id
  inner join value.advocacy as advocacy on advocacy.customer_id = standing.customer_id
  inner join value.future as expected on expected.customer_id = standing.customer_id
  cross join settings.value as settings
)
select
  customer_id,
  case
    when value_band = 'destroyer' then case when lifetime_value_with_levers <= 0 then 'let_go' else 'fix' end
    when value_band = 'creator' and is_top_tier then 'keep'
    when lifetime_value > grow_ratio * cast(greatest(net_contribution, 0) as decimal(20, 4)) then 'grow'
    when value_band = 'creator' then 'keep'
    else 'grow'
  end as value_group,
  cast(lifetime_value_with_levers as decimal(18, 4)) as lifetime_value_with_levers,
  cast(lifetime_value_with_referrals as decimal(18, 4)) as lifetime_value_with_referrals,
  case
    when lifetime_value is null then null
    when value_band = 'destroyer' then cast(0 as decimal(18, 4))
    else cast(retention_uplift * cast(greatest(lifetime_value, 0) as decimal(20, 4)) as decimal(18, 4))
  end as retention_budget
from valued
