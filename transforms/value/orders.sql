/*
comment: What each order brought and what its goods cost; lines that are cancelled by their status are left out
grain: one order on one day; a reference that is used on two days is two orders
key: [customer_id, source, purchase_ref, ordered_on]
columns:
  customer_id: The customer
  source: Source of the order
  purchase_ref: The order
  ordered_on: Day in the reporting time zone
  channel: Sales channel in lower case; null where no line says
  is_purchase: True if any line is not negative; an order of credits alone is none
  is_contract: True if every line is of a category of value.contracts.categories
  has_discount: True if any line has a discount or a code
  has_code: True if any line has a code
  lines: Lines
  gross_amount: Before discounts, reporting currency; the net amount where a line does not say
  discount_amount: Discounts, reporting currency
  net_amount: After discounts, reporting currency
  cost_of_goods: >
    Sum of the lines' cost_amount; where a line has none, net amount x (1 - margin rate of the category, else the
    default rate)
*/
select
  purchase.customer_id,
  purchase.source,
  purchase.purchase_ref,
  purchase.local_date as ordered_on,
  min(lower(purchase.channel)) as channel,
  bool_or(purchase.net_amount_reporting >= 0) as is_purchase,
  bool_and(contract.category is not null) as is_contract,
  bool_or(purchase.discount_amount_reporting > 0 or purchase.discount_code is not null) as has_discount,
  bool_or(purchase.discount_code is not null) as has_code,
  count(*) as lines,
  cast(sum(coalesce(purchase.gross_amount_reporting, purchase.net_amount_reporting)) as decimal(18, 4)) as gross_amount,
  cast(sum(coalesce(purchase.discount_amount_reporting, 0)) as decimal(18, 4)) as discount_amount,
  cast(sum(purchase.net_amount_reporting) as decimal(18, 4)) as net_amount,
  cast(sum(coalesce(
    purchase.cost_amount_reporting,
    money(cast(purchase.net_amount_reporting as decimal(20, 4)) * (1 - coalesce(category.margin_rate, settings.margin_rate)))
  )) as decimal(18, 4)) as cost_of_goods
from customers.purchases as purchase
left join settings.value_margin_rates as category on category.category = purchase.category
left join settings.value_contract_categories as contract on contract.category = lower(purchase.category)
left join settings.value_cancelled as cancelled on cancelled.status = lower(purchase.status)
cross join settings.value as settings
where cancelled.status is null
group by purchase.customer_id, purchase.source, purchase.purchase_ref, purchase.local_date
