/*
comment: What each customer prefers, as stated
grain: one stated preference
key: [source, source_table, source_key]
publish: preferences
tests:
  - not_null: [customer_id]
columns:
  customer_id: The customer
  source: Source of the row
  source_table: Table of the row in its source
  source_key: Key of the row in its table
  account_source: Source whose account the row names
  account_ref: The account in its own system
  name: The preference
  value: Its value
  occurred_at: When it was stated, UTC
  local_date: Day of the event in the reporting time zone
*/
select
  member.customer_id,
  entity.source,
  entity.source_table,
  entity.source_key,
  entity.account_source,
  entity.account_ref,
  entity.name,
  entity.value,
  entity.occurred_at,
  entity.local_date
from entities.preferences as entity
inner join identity.members as member
  on member.source = entity.account_source and member.account_ref = entity.account_ref
