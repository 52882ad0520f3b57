/*
comment: >
  The metrics that the score weighs, one row each. To add one: give it a weight in the config, a row in
  settings.value_metrics and a line here.
grain: one metric of one customer
key: [customer_id, metric]
columns:
  customer_id: The customer
  metric: Name, as in settings.value_metrics
  weight: Weight of the metric as set
  raw_value: The value; null where the customer has none
  oriented_value: The value with its sign turned where less is better
  is_active: True if the customer is one of those who are compared
*/
with measured as (
  select
    behaviour.customer_id,
    metric.metric,
    metric.weight,
    metric.direction,
    cast(case metric.metric
      when 'net_contribution' then contribution.net_contribution
      when 'recency_days' then behaviour.recency_days
      when 'frequency' then behaviour.frequency_in_window
      when 'monetary' then behaviour.monetary_in_window
      when 'days_to_pay' then behaviour.days_to_pay
      when 'return_rate' then behaviour.return_rate
      when 'tickets' then behaviour.tickets_in_window
      when 'response_rate' then behaviour.response_rate
    end as decimal(18, 4)) as raw_value,
    behaviour.is_active
  from value.behaviour as behaviour
  inner join value.contribution as contribution on contribution.customer_id = behaviour.customer_id
  cross join settings.value_metrics as metric
  where metric.weight > 0
)
select
  customer_id,
  metric,
  weight,
  raw_value,
  case when direction = 'lower' then -raw_value else raw_value end as oriented_value,
  is_active
from measured
