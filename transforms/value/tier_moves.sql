/*
comment: >
  Since when each customer has been in which tier, from customer_value_history. Who moved since a day: `where since >
  date '2024-06-30' and direction <> 'first'`. How customers went from tier to tier between two days: join it with
  itself by customer_id, one side `where since <= the first day and (until is null or until > the first day)`, the other
  so for the second day, and count by both tiers.
grain: one time of one customer in one tier
key: [customer_id, since]
publish: tier_moves
tests:
  - expression: until > since
  - accepted_values: { column: direction, values: [first, up, down] }
columns:
  customer_id: The customer, by the id it had then; customer_ids leads to the present one
  since: First as-of date in the tier
  until: First as-of date in another one; null while it lasts
  tier: The tier
  previous_tier: The tier before; null for the first
  direction: first, up or down
*/
with days as (
  select
    customer_id,
    changed_on,
    tier,
    lag(tier) over (partition by customer_id order by changed_on nulls last) as previous_tier
  from value.customer_value_history
),
moves as (
  select
    customer_id,
    changed_on as since,
    lead(changed_on) over (partition by customer_id order by changed_on nulls last) as until,
    tier,
    previous_tier
  from days
  where previous_tier is null or previous_tier <> tier
)
select
  moves.customer_id,
  moves.since,
  moves.until,
  moves.tier,
  moves.previous_tier,
  case
    when moves.previous_tier is null then 'first'
    when present.position < previous.position then 'up'
    else 'down'
  end as direction
from moves
left join settings.value_tiers as present on present.tier = moves.tier
left join settings.value_tiers as previous on previous.tier = moves.previous_tier
