/*
comment: What the tiers and the value bands of this night were cut by, as the settings said when it ran
grain: one tier
key: tier
publish: tier_rules
tests:
  - accepted_values: { column: basis, values: [score, rank_share, cumulative_value] }
columns:
  tier: A+, A, B, C or D
  position: 1 for the best
  basis: >
    score, rank_share (the share of the customers that rank before one) or cumulative_value (the share of all positive net
    contribution that more profitable customers bring)
  above: Where the tier begins, by its basis; null for the one without a lower end
  up_to: Where the next tier begins; null for the one without an upper end
  is_top_tier: True if the tier is one of value.groups.keep_tiers
  neutral_amount: A net contribution within plus or minus this amount is neutral, reporting currency
  neutral_share: Or within plus or minus this share of the net revenue, whichever is larger
*/
select
  tier.tier,
  tier.position,
  tier.basis,
  tier.above,
  tier.up_to,
  tier.is_kept as is_top_tier,
  settings.neutral_amount,
  settings.neutral_share
from settings.value_tiers as tier
cross join settings.value as settings
