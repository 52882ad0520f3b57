/*
comment: What each buyer bought, over the whole life and in the behaviour window
grain: one customer with a purchase row
key: customer_id
columns:
  customer_id: The customer
  orders: Orders, credits apart
  lines: Order lines
  gross_amount: Before discounts
  discount_amount: Discounts
  net_amount: After discounts, before returns
  cost_of_goods: Cost of the goods sold
  discounted_lines: Lines with a discount or a code
  net_amount_in_window: Net amount in the behaviour window
  first_purchase_on: First purchase day; null where there are credits alone
  last_purchase_on: Last purchase day
  frequency: Purchase days
  monetary: Mean net amount per purchase day
  frequency_in_window: Purchase days in the behaviour window
  monetary_in_window: Mean net amount per purchase day in the behaviour window
*/
with by_order as (
  select
    orders.customer_id,
    count(case when orders.is_purchase then 1 end) as orders,
    cast(sum(orders.lines) as bigint) as lines,
    cast(sum(orders.gross_amount) as decimal(18, 4)) as gross_amount,
    cast(sum(orders.discount_amount) as decimal(18, 4)) as discount_amount,
    cast(sum(orders.net_amount) as decimal(18, 4)) as net_amount,
    cast(sum(orders.cost_of_goods) as decimal(18, 4)) as cost_of_goods,
    cast(sum(orders.discounted_lines) as bigint) as discounted_lines,
    cast(sum(case when orders.ordered_on > behaviour.starts_after then orders.net_amount else 0 end) as decimal(18, 4))
      as net_amount_in_window
  from value.orders as orders
  cross join value.behaviour_window as behaviour
  group by orders.customer_id
),
by_day as (
  select
    days.customer_id,
    min(days.purchased_on) as first_purchase_on,
    max(days.purchased_on) as last_purchase_on,
    count(*) as frequency,
    cast(sum(days.net_amount) as decimal(18, 4)) as amount,
    count(case when days.purchased_on > behaviour.starts_after then 1 end) as frequency_in_window,
    cast(sum(case when days.purchased_on > behaviour.starts_after then days.net_amount else 0 end) as decimal(18, 4))
      as amount_in_window
  from value.purchase_days as days
  cross join value.behaviour_window as behaviour
  group by days.customer_id
)
select
  by_order.customer_id,
  by_order.orders,
  by_order.lines,
  by_order.gross_amount,
  by_order.discount_amount,
  by_order.net_amount,
  by_order.cost_of_goods,
  by_order.discounted_lines,
  by_order.net_amount_in_window,
  by_day.first_purchase_on,
  by_day.last_purchase_on,
  coalesce(by_day.frequency, 0) as frequency,
  divide_money(by_day.amount, by_day.frequency) as monetary,
  coalesce(by_day.frequency_in_window, 0) as frequency_in_window,
  divide_money(by_day.amount_in_window, by_day.frequency_in_window) as monetary_in_window
from by_order
left join by_day on by_day.customer_id = by_order.customer_id
