/*
comment: >
  What would raise each active customer's value most: a metric that moves to the median of its peers, the active
  customers, or, where it stands above that, to where the next tier begins; and the levers of rebalancing. The sheet that
  a sales person talks through. Reporting currency.
grain: one action of one customer, the value.actions_per_customer that add most money, then most points
key: [customer_id, action]
publish: customer_actions
tests:
  - unique: [customer_id, place]
  - accepted_values: { column: kind, values: [metric, lever] }
  - accepted_values: { column: target, values: [peer_median, next_tier, lever] }
  - expression: points >= 0
columns:
  customer_id: The customer
  action: The metric that moves, or the lever
  kind: metric or lever
  place: 1 for the action that adds most money; those without money follow by their points
  target: peer_median, next_tier or lever
  current_value: Value of the metric now; for a lever the activities of the window that it touches
  target_value: Value that it moves to; for a lever the activities that stay
  points: What the score gains, weight x (percentile of the target - percentile now) / 100; null for levers
  amount_a_year: >
    What it brings in a year, difference x money per unit of the window x 12 / value.window_months; null where a unit is
    not known in money
  next_tier: The tier above that of the customer; null in the best one
  points_to_next_tier: Points that the score lacks for it; null in the best one
  reaches_next_tier: True if this action alone brings the customer there; null for levers
*/
with best_at as (
  -- The least value of a metric at each whole percentile that has one.
  select
    metric,
    cast(floor(percentile) as integer) as percentile,
    min(oriented_value) as oriented_value,
    min(percentile) as exact_percentile
  from value.metric_percentiles
  where percentile is not null
  group by metric, cast(floor(percentile) as integer)
),
metrics as (
  select distinct metric
  from best_at
),
steps as (
  select metrics.metric, step.percentile
  from metrics
  cross join generate_series(1, 100) as step (percentile)
),
-- … and of the next one that has one, for those that have none.
grid as (
  select
    steps.metric,
    steps.percentile,
    min(best_at.oriented_value) over above as oriented_value,
    min(best_at.exact_percentile) over above as exact_percentile
  from steps
  left join best_at on best_at.metric = steps.metric and best_at.percentile = steps.percentile
  window above as (
    partition by steps.metric order by steps.percentile nulls last
    rows between current row and unbounded following
  )
),
best_scores as (
  select tier, min(score) as score
  from value.standings
  group by tier
),
cuts as (
  select
    worse.tier,
    better.tier as next_tier,
    case when better.basis = 'score' then better.above else best_scores.score end as score
  from settings.value_tiers as worse
  inner join settings.value_tiers as better on better.position = worse.position - 1
  left join best_scores on best_scores.tier = better.tier
),
placed as (
  select
    part.customer_id,
    part.metric,
    metric.better,
    metric.oriented_value,
    metric.unit_amount,
    part.raw_value,
    part.percentile,
    part.weight,
    cuts.next_tier,
    greatest(cuts.score - standing.score, 0) as points_to_next_tier,
    case
      when part.percentile < 50 then 50
      when cuts.score > standing.score and 100 * (cuts.score - standing.score) < (100 - part.percentile) * part.weight
        then cast(ceil(
          part.percentile + divide_money(cast(100 * (cuts.score - standing.score) as decimal(18, 4)), part.weight)
        ) as integer)
    end as target_percentile
  from value.customer_value_parts as part
  inner join value.metrics as metric on metric.customer_id = part.customer_id and metric.metric = part.metric
  inner join value.standings as standing on standing.customer_id = part.customer_id
  left join cuts on cuts.tier = standing.tier
  where metric.is_active and not metric.is_result and part.percentile is not null
),
moved as (
  select
    placed.customer_id,
    placed.metric as action,
    'metric' as kind,
    case when placed.percentile < 50 then 'peer_median' else 'next_tier' end as target,
    placed.raw_value as current_value,
    case when placed.better = 'lower' then -grid.oriented_value else grid.oriented_value end as target_value,
    cast(divide_money(placed.weight * (grid.exact_percentile - placed.percentile), 100) as decimal(18, 4)) as points,
    divide_money(
      cast(grid.oriented_value - placed.oriented_value as decimal(20, 4)) * placed.unit_amount * 12, behaviour.months
    ) as amount_a_year,
    placed.next_tier,
    placed.points_to_next_tier
  from placed
  inner join grid on grid.metric = placed.metric and grid.percentile = placed.target_percentile
  cross join value.behaviour_window as behaviour
  where grid.oriented_value > placed.oriented_value
),
levered as (
  select
    saved.customer_id,
    saved.lever as action,
    'lever' as kind,
    'lever' as target,
    cast(saved.uses as decimal(18, 4)) as current_value,
    cast(saved.uses - saved.saved_uses as decimal(18, 4)) as target_value,
    cast(null as decimal(18, 4)) as points,
    divide_money(saved.saved_amount * 12, behaviour.months) as amount_a_year,
    cuts.next_tier,
    greatest(cuts.score - standing.score, 0) as points_to_next_tier
  from value.lever_savings as saved
  inner join value.standings as standing on standing.customer_id = saved.customer_id
  left join cuts on cuts.tier = standing.tier
  cross join value.behaviour_window as behaviour
),
actions as (
  select customer_id, action, kind, target, current_value, target_value, points, amount_a_year, next_tier, points_to_next_tier
  from moved
  union all
  select customer_id, action, kind, target, current_value, target_value, points, amount_a_year, next_tier, points_to_next_tier
  from levered
),
ordered as (
  select
    customer_id,
    action,
    kind,
    target,
    current_value,
    target_value,
    points,
    amount_a_year,
    next_tier,
    points_to_next_tier,
    row_number() over (
      partition by customer_id
      order by coalesce(amount_a_year, 0) desc nulls last, points desc nulls last, action nulls last
    ) as place
  from actions
)
select
  ordered.customer_id,
  ordered.action,
  ordered.kind,
  ordered.place,
  ordered.target,
  ordered.current_value,
  ordered.target_value,
  ordered.points,
  ordered.amount_a_year,
  ordered.next_tier,
  cast(case when ordered.next_tier is not null then ordered.points_to_next_tier end as decimal(18, 4))
    as points_to_next_tier,
  ordered.points >= ordered.points_to_next_tier and ordered.next_tier is not null as reaches_next_tier
from ordered
cross join settings.value as settings
where ordered.place <= settings.actions_per_customer
