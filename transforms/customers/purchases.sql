/*
comment: What each customer bought
grain: one order line, or one order where there are no lines
key: [source, source_table, source_key]
publish: purchases
tests:
  - not_null: [customer_id]
columns:
  customer_id: The customer
  source: Source of the row
  source_table: Table of the row in its source
  source_key: Key of the row in its table
  account_source: Source whose account the row names
  purchase_ref: The order
  account_ref: The account in its own system
  ordered_at: When it was ordered, UTC
  product_ref: The product
  category: Product category
  quantity: Pieces
  gross_amount: Before discounts, in the currency of the row
  discount_amount: Discount, positive, in the currency of the row
  discount_code: Code that gave the discount
  net_amount: After discounts, before returns, in the currency of the row
  cost_amount: Cost of goods, in the currency of the row
  currency: ISO 4217; the reporting currency where none is given
  channel: Sales channel
  status: Status at the source
  gross_amount_reporting: Before discounts, in the reporting currency
  discount_amount_reporting: Discount, positive, in the reporting currency
  net_amount_reporting: After discounts, before returns, in the reporting currency
  cost_amount_reporting: Cost of goods, in the reporting currency
  local_date: Day of the event in the reporting time zone
*/
select
  member.customer_id,
  entity.source,
  entity.source_table,
  entity.source_key,
  entity.account_source,
  entity.purchase_ref,
  entity.account_ref,
  entity.ordered_at,
  entity.product_ref,
  entity.category,
  entity.quantity,
  entity.gross_amount,
  entity.discount_amount,
  entity.discount_code,
  entity.net_amount,
  entity.cost_amount,
  entity.currency,
  entity.channel,
  entity.status,
  entity.gross_amount_reporting,
  entity.discount_amount_reporting,
  entity.net_amount_reporting,
  entity.cost_amount_reporting,
  entity.local_date
from entities.purchases as entity
inner join identity.members as member
  on member.source = entity.account_source and member.account_ref = entity.account_ref
