/*
comment: The days on which each customer bought; what the models of future purchases count as one occasion
grain: one customer on one day with at least one purchase
key: [customer_id, purchased_on]
columns:
  customer_id: The customer
  purchased_on: Day in the reporting time zone
  orders: Orders of the day, credits apart
  net_amount: Net amount of the day, credits of the day included, reporting currency
*/
select
  customer_id,
  ordered_on as purchased_on,
  count(case when is_purchase then 1 end) as orders,
  cast(sum(net_amount) as decimal(18, 4)) as net_amount
from value.orders
group by customer_id, ordered_on
having bool_or(is_purchase)
