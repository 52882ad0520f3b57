/*
comment: >
  What profit would be without the least profitable customers, when only the costs go away that really do
  (value.avoidable), and with each lever of rebalancing. Letting go is over the whole life, as the whale curve; the
  levers are a year. Reporting currency.
grain: one scenario
key: scenario
citus:
  pull: One order of all customers
publish: whale_what_if
columns:
  scenario: >
    let_go_worst_N_percent, let_go_unprofitable, or a lever: service_fee, self_service, top_cause, cheaper_channel. The
    levers may touch the same contacts, so that their effects do not add up
  basis: lifetime or year
  customers: Customers who are let go, or with whom the lever brings something
  revenue_lost: Net revenue that goes away
  cost_avoided: Costs that go away, or money that the lever brings
  profit_before: Net contribution of all customers, over the whole life or, for levers, of the behaviour window as a year
  profit_after: profit_before - revenue_lost + cost_avoided
  effect_amount: profit_after - profit_before
*/
with placed as (
  select
    contribution.net_revenue,
    contribution.net_contribution,
    -- What comes back for returned goods no longer does.
    cast(      cast(contribution.cost_of_goods - contribution.recovered_stock as decimal(20, 4)) * part.cost_of_goods
        + cast(contribution.order_cost as decimal(20, 4)) * part.order_cost
        + cast(contribution.line_cost as decimal(20, 4)) * part.line_cost
        + cast(contribution.delivery_cost as decimal(20, 4)) * part.delivery_cost
        + cast(contribution.return_handling_cost as decimal(20, 4)) * part.return_handling_cost
        + cast(contribution.support_cost as decimal(20, 4)) * part.support_cost
        + cast(contribution.campaign_cost as decimal(20, 4)) * part.campaign_cost
        + cast(contribution.statement_cost as decimal(20, 4)) * part.statement_cost
        + cast(contribution.reminder_cost as decimal(20, 4)) * part.reminder_cost
        + cast(contribution.cost_of_credit as decimal(20, 4)) * part.cost_of_credit
        + cast(contribution.bad_debt as decimal(20, 4)) * part.bad_debt
    
  as decimal(18, 4)) as avoidable_cost,
    row_number() over (
      order by contribution.net_contribution nulls first, contribution.customer_id desc nulls last
    ) as place_from_below
  from value.contribution as contribution
  cross join settings.value_avoidable as part
),
totals as (
  select
    count(*) as customers,
    count(case when net_contribution < 0 then 1 end) as unprofitable,
    cast(coalesce(sum(net_contribution), 0) as decimal(18, 4)) as net_contribution
  from placed
),
scenarios as (
  select
    'let_go_worst_' || cast(let_go.percent as text) || '_percent' as scenario,
    -- Whole customers, the part of one counts as one.
    div(let_go.percent * totals.customers + 99, 100) as let_go
  from settings.value_let_go as let_go
  cross join totals
  union all
  select 'let_go_unprofitable', unprofitable
  from totals
),
without as (
  select
    scenarios.scenario,
    count(placed.place_from_below) as customers,
    cast(coalesce(sum(placed.net_revenue), 0) as decimal(18, 4)) as revenue_lost,
    cast(coalesce(sum(placed.avoidable_cost), 0) as decimal(18, 4)) as cost_avoided
  from scenarios
  left join placed on placed.place_from_below <= scenarios.let_go
  group by scenarios.scenario
),
levers (lever) as (
  values ('service_fee'), ('self_service'), ('top_cause'), ('cheaper_channel')
),
saved as (
  select lever, count(*) as customers, cast(sum(saved_amount) as decimal(18, 4)) as saved_amount
  from value.lever_savings
  group by lever
),
levered as (
  select levers.lever, coalesce(saved.customers, 0) as customers, coalesce(saved.saved_amount, 0) as saved_amount
  from levers
  left join saved on saved.lever = levers.lever
),
recent as (
  select cast(coalesce(sum(net_contribution_in_window), 0) as decimal(18, 4)) as net_contribution
  from value.contribution
),
effects as (
  select
    without.scenario,
    'lifetime' as basis,
    without.customers,
    without.revenue_lost,
    without.cost_avoided,
    totals.net_contribution as profit_before
  from without
  cross join totals
  union all
  select
    levered.lever, 'year', levered.customers, cast(0 as decimal(18, 4)),
    divide_money(levered.saved_amount * 12, behaviour.months),
    divide_money(recent.net_contribution * 12, behaviour.months)
  from levered
  cross join recent
  cross join value.behaviour_window as behaviour
)
select
  scenario,
  basis,
  customers,
  revenue_lost,
  cost_avoided,
  profit_before,
  cast(profit_before - revenue_lost + cost_avoided as decimal(18, 4)) as profit_after,
  cast(cost_avoided - revenue_lost as decimal(18, 4)) as effect_amount
from effects
