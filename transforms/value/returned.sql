/*
comment: What each customer sends back
grain: one customer
key: customer_id
metrics:
  returns: lower
  return_rate: { better: lower, unit_amount: margin_in_window }
  return_count_rate: lower
columns:
  customer_id: The customer
  returns: Returned lines, whole life
  return_rate: Refunds / net amount in the behaviour window; null without purchases in it
  return_count_rate: Returned lines / order lines in the behaviour window; null without purchases in it
  margin_in_window: Net amount less cost of goods in the behaviour window, what returns of everything would undo
  last_returned_on: Day of the last return
*/
with returned as (
  select
    entry.customer_id,
    count(*) as returns,
    count(case when entry.local_date > behaviour.starts_after then 1 end) as returns_in_window,
    cast(sum(case when entry.local_date > behaviour.starts_after then entry.refund_amount_reporting else 0 end)
      as decimal(18, 4)) as refund_amount_in_window,
    max(entry.local_date) as last_returned_on
  from customers.returns as entry
  cross join value.behaviour_window as behaviour
  group by entry.customer_id
),
bought as (
  select
    orders.customer_id,
    cast(sum(orders.lines) as bigint) as lines,
    cast(sum(orders.net_amount) as decimal(18, 4)) as net_amount,
    cast(sum(orders.net_amount - orders.cost_of_goods) as decimal(18, 4)) as margin_in_window
  from value.orders as orders
  cross join value.behaviour_window as behaviour
  where orders.ordered_on > behaviour.starts_after
  group by orders.customer_id
)
select
  customer.customer_id,
  coalesce(returned.returns, 0) as returns,
  case when bought.net_amount > 0
    then divide_money(coalesce(returned.refund_amount_in_window, 0), bought.net_amount) end as return_rate,
  divide_money(coalesce(returned.returns_in_window, 0), bought.lines) as return_count_rate,
  bought.margin_in_window,
  returned.last_returned_on
from customers.customers as customer
left join returned on returned.customer_id = customer.customer_id
left join bought on bought.customer_id = customer.customer_id
