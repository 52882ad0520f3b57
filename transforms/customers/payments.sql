/*
comment: What each customer paid, and what is still open
grain: one payment against one invoice
key: [source, source_table, source_key]
publish: payments
tests:
  - not_null: [customer_id]
columns:
  customer_id: The customer
  source: Source of the row
  source_table: Table of the row in its source
  source_key: Key of the row in its table
  account_source: Source whose account the row names
  payment_ref: The payment
  account_ref: The account in its own system
  invoice_ref: The invoice
  invoiced_at: When it was invoiced, UTC
  due_at: When it falls due, UTC
  paid_at: When it was paid, UTC; null while open
  amount: Amount, in the currency of the row
  currency: ISO 4217; the reporting currency where none is given
  method: Method of payment
  status: settled, open, failed or charged_back
  amount_reporting: Amount, in the reporting currency
  local_date: Day of the event in the reporting time zone
*/
select
  member.customer_id,
  entity.source,
  entity.source_table,
  entity.source_key,
  entity.account_source,
  entity.payment_ref,
  entity.account_ref,
  entity.invoice_ref,
  entity.invoiced_at,
  entity.due_at,
  entity.paid_at,
  entity.amount,
  entity.currency,
  entity.method,
  entity.status,
  entity.amount_reporting,
  entity.local_date
from entities.payments as entity
inner join identity.members as member
  on member.source = entity.account_source and member.account_ref = entity.account_ref
