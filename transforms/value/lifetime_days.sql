/*
comment: The days on which each customer bought or gave back, with the margin of the day; what the forecast of purchases looks at. Invoices of contracts are left out
grain: one customer on one day with an order, a credit or a return
key: [customer_id, occurred_on]
tests:
  - expression: orders >= 0
  - expression: gap_days > 0
columns:
  customer_id: The customer
  occurred_on: Day in the reporting time zone, up to the as-of date
  day_number: Days since 1970-01-01
  orders: Orders of the day; 0 where there are credits and returns alone
  margin: >
    Gross margin of the day, reporting currency: net amount - cost of the goods of orders and credits, - refunds
    + recovered stock of returns. Sums to contribution.gross_margin where there are no contracts
  gap_days: Days since the purchase day before; null for the first one and without an order
  previous_gap_days: The gap before that one
*/
with events as (
  select
    customer_id,
    ordered_on as occurred_on,
    case when is_purchase then 1 else 0 end as orders,
    money(net_amount - cost_of_goods) as margin
  from value.orders
  where not is_contract
  union all
  select
    entry.customer_id,
    entry.local_date as occurred_on,
    0 as orders,
    money(
      money(cast(entry.refund_amount_reporting as decimal(20, 4)) * cast((1 - settings.margin_rate) * settings.returned_stock_recovery as decimal(13, 12)))
      - coalesce(entry.refund_amount_reporting, 0)
    ) as margin
  from customers.returns as entry
  cross join settings.value as settings
),
by_day as (
  select
    customer_id,
    occurred_on,
    cast(sum(orders) as integer) as orders,
    cast(coalesce(sum(margin), 0) as decimal(18, 4)) as margin
  from events
  cross join settings.run as run
  where events.occurred_on <= run.as_of
  group by customer_id, occurred_on
),
numbered as (
  select
    customer_id,
    occurred_on,
    cast(days_between(cast('1970-01-01' as date), occurred_on) as integer) as day_number,
    orders,
    margin,
    case when orders > 0 then 1 else 0 end as is_purchase_day
  from by_day
)
select
  customer_id,
  occurred_on,
  day_number,
  orders,
  margin,
  case when orders > 0 then day_number - lag(day_number) over purchase_days end as gap_days,
  case when orders > 0 then lag(day_number) over purchase_days - lag(day_number, 2) over purchase_days end
    as previous_gap_days
from numbered
window purchase_days as (partition by customer_id, is_purchase_day order by day_number nulls last)
