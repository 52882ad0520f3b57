/*
comment: What each customer sent back, over the whole life and in the behaviour window
grain: one customer with a return
key: customer_id
columns:
  customer_id: The customer
  returns: Returned lines
  refund_amount: Money given back
  recovered_stock: Refund x (1 - default margin rate) x value.returned_stock_recovery, the goods that are sold again
  return_handling_cost: Sum of the returns' own handling cost; where one has none, the rate per return
  refund_amount_in_window: Money given back in the behaviour window
  last_returned_on: Day of the last return
*/
select
  entry.customer_id,
  count(*) as returns,
  cast(sum(entry.refund_amount_reporting) as decimal(18, 4)) as refund_amount,
  cast(sum(
    money(cast(entry.refund_amount_reporting as decimal(20, 4)) * cast((1 - settings.margin_rate) * settings.returned_stock_recovery as decimal(13, 12)))
  ) as decimal(18, 4)) as recovered_stock,
  cast(sum(coalesce(entry.handling_cost_reporting, rates.return_rate)) as decimal(18, 4)) as return_handling_cost,
  cast(sum(
    case when entry.local_date > behaviour.starts_after then entry.refund_amount_reporting else 0 end
  ) as decimal(18, 4)) as refund_amount_in_window,
  max(entry.local_date) as last_returned_on
from customers.returns as entry
cross join settings.value as settings
cross join settings.value_cost_rates as rates
cross join value.behaviour_window as behaviour
group by entry.customer_id
