/*
comment: What was sent to each customer, and what came of it
grain: one event of one campaign for one account
key: [source, source_table, source_key]
publish: campaign_responses
tests:
  - not_null: [customer_id]
columns:
  customer_id: The customer
  source: Source of the row
  source_table: Table of the row in its source
  source_key: Key of the row in its table
  account_source: Source whose account the row names
  account_ref: The account in its own system
  campaign: The campaign
  occurred_at: When it happened, UTC
  event: sent, opened, clicked, responded, converted or unsubscribed
  channel: Channel
  offer: Offer
  cost_amount: Cost of this contact; wins over the rate, in the currency of the row
  currency: ISO 4217; the reporting currency where none is given
  cost_amount_reporting: Cost of this contact; wins over the rate, in the reporting currency
  local_date: Day of the event in the reporting time zone
*/
select
  member.customer_id,
  entity.source,
  entity.source_table,
  entity.source_key,
  entity.account_source,
  entity.account_ref,
  entity.campaign,
  entity.occurred_at,
  entity.event,
  entity.channel,
  entity.offer,
  entity.cost_amount,
  entity.currency,
  entity.cost_amount_reporting,
  entity.local_date
from entities.campaign_responses as entity
inner join identity.members as member
  on member.source = entity.account_source and member.account_ref = entity.account_ref
