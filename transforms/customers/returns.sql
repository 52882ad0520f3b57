/*
comment: What each customer sent back
grain: one returned line
key: [source, source_table, source_key]
publish: returns
tests:
  - not_null: [customer_id]
columns:
  customer_id: The customer
  source: Source of the row
  source_table: Table of the row in its source
  source_key: Key of the row in its table
  account_source: Source whose account the row names
  return_ref: The return
  account_ref: The account in its own system
  purchase_ref: The order it came from
  returned_at: When it came back, UTC
  quantity: Pieces
  refund_amount: Money given back, positive, in the currency of the row
  handling_cost: Cost of handling this return, in the currency of the row
  currency: ISO 4217; the reporting currency where none is given
  reason: Reason given
  refund_amount_reporting: Money given back, positive, in the reporting currency
  handling_cost_reporting: Cost of handling this return, in the reporting currency
  local_date: Day of the event in the reporting time zone
*/
select
  member.customer_id,
  entity.source,
  entity.source_table,
  entity.source_key,
  entity.account_source,
  entity.return_ref,
  entity.account_ref,
  entity.purchase_ref,
  entity.returned_at,
  entity.quantity,
  entity.refund_amount,
  entity.handling_cost,
  entity.currency,
  entity.reason,
  entity.refund_amount_reporting,
  entity.handling_cost_reporting,
  entity.local_date
from entities.returns as entity
inner join identity.members as member
  on member.source = entity.account_source and member.account_ref = entity.account_ref
