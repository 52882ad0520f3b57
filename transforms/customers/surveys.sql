/*
comment: What each customer answered in surveys
grain: one answer
key: [source, source_table, source_key]
publish: surveys
tests:
  - not_null: [customer_id]
columns:
  customer_id: The customer
  source: Source of the row
  source_table: Table of the row in its source
  source_key: Key of the row in its table
  account_source: Source whose account the row names
  account_ref: The account in its own system
  occurred_at: When it was answered, UTC
  kind: satisfaction, nps or brand
  score: Score given
  scale: Highest score possible
  local_date: Day of the event in the reporting time zone
*/
select
  member.customer_id,
  entity.source,
  entity.source_table,
  entity.source_key,
  entity.account_source,
  entity.account_ref,
  entity.occurred_at,
  entity.kind,
  entity.score,
  entity.scale,
  entity.local_date
from entities.surveys as entity
inner join identity.members as member
  on member.source = entity.account_source and member.account_ref = entity.account_ref
