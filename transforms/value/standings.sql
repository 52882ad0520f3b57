/*
comment: The tier and the value band of each customer
grain: one customer
key: customer_id
tests:
  - not_null: [tier, value_band]
columns:
  customer_id: The customer
  score: Customer performance value score, 0 to 100, the sum of customer_value_parts.points; null if nothing could be compared
  rank: 1 for the best score; ties go by net contribution, then by customer_id
  tier: A+, A, B, C or D by the settings of value.tiers
  is_top_tier: True if the tier is one of value.groups.keep_tiers
  value_band: >
    creator, neutral or destroyer: net contribution above, within or below plus or minus the larger of
    value.neutral_amount and value.neutral_share of net revenue
*/
with bounded as (
  select
    contribution.customer_id,
    contribution.net_contribution,
    greatest(
      settings.neutral_amount, cast(settings.neutral_share * cast(abs(contribution.net_revenue) as decimal(20, 4)) as decimal(18, 4))
    ) as neutral_amount
  from value.contribution as contribution
  cross join settings.value as settings
)
select
  bounded.customer_id,
  scores.score,
  scores.rank,
  tier.tier,
  tier.is_kept as is_top_tier,
  case
    when bounded.net_contribution > bounded.neutral_amount then 'creator'
    when bounded.net_contribution < -bounded.neutral_amount then 'destroyer'
    else 'neutral'
  end as value_band
from bounded
inner join value.scores as scores on scores.customer_id = bounded.customer_id
-- The share that stands before a customer decides, so that the first is always in the best tier.
inner join settings.value_tiers as tier
  on case tier.basis
    when 'rank_share'
      then scores.rank - 1 >= coalesce(tier.above, 0) * scores.ranked
        and (tier.up_to is null or scores.rank - 1 < tier.up_to * scores.ranked)
    -- Who brings nothing stands behind every share.
    when 'cumulative_value'
      then coalesce(scores.contribution_share_before, 2) >= coalesce(tier.above, 0)
        and (tier.up_to is null or coalesce(scores.contribution_share_before, 2) < tier.up_to)
    else coalesce(scores.score, 0) >= coalesce(tier.above, 0)
      and (tier.up_to is null or coalesce(scores.score, 0) < tier.up_to)
  end
