/*
comment: How each customer goes after discounts, whole life
grain: one customer
key: customer_id
metrics:
  discount_share: lower
  code_share: lower
  price_sensitivity: lower
columns:
  customer_id: The customer
  discount_share: Discounts / gross amount; null without a purchase
  code_share: Orders with a code / orders; null without one
  price_sensitivity: Net amount bought in orders with a discount or a code / net amount; null without a purchase
*/
with by_customer as (
  select
    customer_id,
    cast(sum(gross_amount) as decimal(18, 4)) as gross_amount,
    cast(sum(discount_amount) as decimal(18, 4)) as discount_amount,
    cast(sum(case when is_purchase then net_amount else 0 end) as decimal(18, 4)) as net_amount,
    cast(sum(case when is_purchase and has_discount then net_amount else 0 end) as decimal(18, 4)) as discounted_amount,
    count(case when is_purchase then 1 end) as orders,
    count(case when is_purchase and has_code then 1 end) as orders_with_code
  from value.orders
  group by customer_id
)
select
  customer.customer_id,
  case when buyer.gross_amount > 0
    then divide_money(buyer.discount_amount, buyer.gross_amount) end as discount_share,
  divide_money(buyer.orders_with_code, buyer.orders) as code_share,
  case when buyer.net_amount > 0
    then divide_money(buyer.discounted_amount, buyer.net_amount) end as price_sensitivity
from customers.customers as customer
left join by_customer as buyer on buyer.customer_id = customer.customer_id
