/*
comment: >
  Customers, revenue, profit and lifetime value by the dimensions of value.segments, over the whole life, in the behaviour
  window and in as many months before. Reporting currency.
grain: one segment of one dimension in one period
key: [dimension, segment, period]
publish: segments
tests:
  - accepted_values: { column: period, values: [lifetime, last, previous] }
columns:
  dimension: A column of customers, or tier, value_band or value_group
  segment: Its value; unknown where customers have none
  period: lifetime, last (the behaviour window) or previous (as many months before)
  customers: Customers of the segment today
  active_customers: Of them those from whom anything came in the behaviour window
  net_revenue: Net revenue of the period
  cost_to_serve: Cost to serve of the period
  net_contribution: Net contribution of the period
  contribution_share: net_contribution / that of all customers; null where the total is not positive
  peak_share: >
    Share of the whale, positive net contribution / that of all customers in the period; null where there is none
  lifetime_value: Lifetime value of all its customers who have one; null where none has, and for other periods than lifetime
  acquisition_ceiling: >
    What may be spent to win one more like these, value.investment.acquisition_share x mean lifetime value, 0 at least;
    null where there is none, and for other periods than lifetime
*/
with members as (
  select
    customer.customer_id,
    dimension.dimension,
    coalesce(
      case dimension.dimension
        when 'kind' then customer.kind
        when 'country' then customer.country
        when 'region' then customer.region
        when 'industry' then customer.industry
        when 'channel' then customer.channel
        when 'acquisition_source' then customer.acquisition_source
        when 'sales_rep' then customer.sales_rep
        when 'territory' then customer.territory
        when 'tier' then standing.tier
        when 'value_band' then standing.value_band
        when 'value_group' then grouped.value_group
      end,
      'unknown'
    ) as segment
  from customers.customers as customer
  inner join value.standings as standing on standing.customer_id = customer.customer_id
  inner join value.groups as grouped on grouped.customer_id = customer.customer_id
  cross join settings.value_segments as dimension
),
summed as (
  select
    members.dimension,
    members.segment,
    count(*) as customers,
    count(case when activity.is_active then 1 end) as active_customers,
    sum(contribution.net_revenue) as net_revenue,
    sum(contribution.net_revenue_in_window) as net_revenue_in_window,
    sum(contribution.net_revenue_before) as net_revenue_before,
    sum(contribution.cost_to_serve) as cost_to_serve,
    sum(contribution.cost_to_serve_in_window) as cost_to_serve_in_window,
    sum(contribution.cost_to_serve_before) as cost_to_serve_before,
    sum(contribution.net_contribution) as net_contribution,
    sum(contribution.net_contribution_in_window) as net_contribution_in_window,
    sum(contribution.net_contribution_before) as net_contribution_before,
    sum(greatest(contribution.net_contribution, 0)) as positive,
    sum(greatest(contribution.net_contribution_in_window, 0)) as positive_in_window,
    sum(greatest(contribution.net_contribution_before, 0)) as positive_before,
    sum(expected.lifetime_value) as lifetime_value,
    count(expected.lifetime_value) as valued_customers
  from members
  inner join value.contribution as contribution on contribution.customer_id = members.customer_id
  inner join value.activity as activity on activity.customer_id = members.customer_id
  inner join value.future as expected on expected.customer_id = members.customer_id
  group by members.dimension, members.segment
),
by_period as (
  select
    summed.dimension,
    summed.segment,
    period.period,
    summed.customers,
    summed.active_customers,
    cast(case period.period when 'lifetime' then summed.net_revenue when 'last' then summed.net_revenue_in_window
      else summed.net_revenue_before end as decimal(18, 4)) as net_revenue,
    cast(case period.period when 'lifetime' then summed.cost_to_serve when 'last' then summed.cost_to_serve_in_window
      else summed.cost_to_serve_before end as decimal(18, 4)) as cost_to_serve,
    cast(case period.period when 'lifetime' then summed.net_contribution when 'last' then summed.net_contribution_in_window
      else summed.net_contribution_before end as decimal(18, 4)) as net_contribution,
    cast(case period.period when 'lifetime' then summed.positive when 'last' then summed.positive_in_window
      else summed.positive_before end as decimal(18, 4)) as positive_contribution,
    cast(case period.period when 'lifetime' then summed.lifetime_value end as decimal(18, 4)) as lifetime_value,
    summed.valued_customers
  from summed
  cross join (values ('lifetime'), ('last'), ('previous')) as period (period)
),
shared as (
  select
    dimension,
    segment,
    period,
    customers,
    active_customers,
    net_revenue,
    cost_to_serve,
    net_contribution,
    positive_contribution,
    cast(sum(net_contribution) over (partition by dimension, period) as decimal(18, 4)) as total_contribution,
    cast(sum(positive_contribution) over (partition by dimension, period) as decimal(18, 4)) as total_positive,
    lifetime_value,
    divide_money(lifetime_value, valued_customers) as mean_lifetime_value
  from by_period
)
select
  shared.dimension,
  shared.segment,
  shared.period,
  shared.customers,
  shared.active_customers,
  shared.net_revenue,
  shared.cost_to_serve,
  shared.net_contribution,
  case when shared.total_contribution > 0
    then divide_money(shared.net_contribution, shared.total_contribution) end as contribution_share,
  divide_money(shared.positive_contribution, shared.total_positive) as peak_share,
  shared.lifetime_value,
  case when shared.mean_lifetime_value is not null
    then cast(settings.acquisition_share * cast(greatest(shared.mean_lifetime_value, 0) as decimal(20, 4)) as decimal(18, 4))
  end as acquisition_ceiling
from shared
cross join settings.value as settings
