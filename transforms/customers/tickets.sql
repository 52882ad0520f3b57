/*
comment: When each customer contacted support
grain: one support contact
key: [source, source_table, source_key]
publish: tickets
tests:
  - not_null: [customer_id]
columns:
  customer_id: The customer
  source: Source of the row
  source_table: Table of the row in its source
  source_key: Key of the row in its table
  account_source: Source whose account the row names
  ticket_ref: The ticket
  account_ref: The account in its own system
  opened_at: When it was opened, UTC
  closed_at: When it was closed, UTC
  channel: phone, email, chat, self_service or field
  category: inquiry, complaint, technical or billing
  handling_minutes: Minutes of work
  cost_amount: Cost of this contact; wins over the rate, in the currency of the row
  currency: ISO 4217; the reporting currency where none is given
  satisfaction: Satisfaction, 1 to 5
  cost_amount_reporting: Cost of this contact; wins over the rate, in the reporting currency
  local_date: Day of the event in the reporting time zone
*/
select
  member.customer_id,
  entity.source,
  entity.source_table,
  entity.source_key,
  entity.account_source,
  entity.ticket_ref,
  entity.account_ref,
  entity.opened_at,
  entity.closed_at,
  entity.channel,
  entity.category,
  entity.handling_minutes,
  entity.cost_amount,
  entity.currency,
  entity.satisfaction,
  entity.cost_amount_reporting,
  entity.local_date
from entities.tickets as entity
inner join identity.members as member
  on member.source = entity.account_source and member.account_ref = entity.account_ref
