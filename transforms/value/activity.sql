/*
comment: Whether each customer is still there. Only active customers are compared with each other
grain: one customer
key: customer_id
metrics:
  is_active: none
  last_active_on: none
columns:
  customer_id: The customer
  is_active: True if anything came from the customer in the behaviour window
  last_active_on: Last day on which anything came from the customer
*/
with latest as (
  select
    buying.customer_id,
    greatest(
      buying.last_purchase_on, returned.last_returned_on, support.last_ticket_on, engagement.last_responded_on,
      paying.last_paid_on, engagement.last_engaged_on
    ) as last_active_on
  from value.buying as buying
  inner join value.returned as returned on returned.customer_id = buying.customer_id
  inner join value.support as support on support.customer_id = buying.customer_id
  inner join value.engagement as engagement on engagement.customer_id = buying.customer_id
  inner join value.paying as paying on paying.customer_id = buying.customer_id
)
select
  latest.customer_id,
  coalesce(latest.last_active_on > behaviour.starts_after, false) as is_active,
  latest.last_active_on
from latest
cross join value.behaviour_window as behaviour
