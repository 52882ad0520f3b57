/*
comment: The timeline of each customer, every touch of any kind in one table
grain: one row of an event entity
key: [source, source_table, source_key]
publish: interactions
tests:
  - not_null: [customer_id]
  - accepted_values: { column: direction, values: [inbound, outbound] }
columns:
  customer_id: The customer
  occurred_at: When it happened, UTC; null where the source does not say
  local_date: Day in the reporting time zone
  kind: purchase, payment, return, ticket, survey, visit, social, referral, preference, or campaign_ and the event
  direction: inbound from the customer, outbound to the customer
  amount: Money of the event in the reporting currency, null where there is none; a refund is negative
  source: Source of the row
  source_table: Table of the row in its source
  source_key: Key of the row in its table
  summary: The event in a few words
*/
select
  customer_id,
  ordered_at as occurred_at,
  local_date,
  'purchase' as kind,
  'inbound' as direction,
  net_amount_reporting as amount,
  source,
  source_table,
  source_key,
  concat_ws(' ', 'order', purchase_ref, product_ref) as summary
from customers.purchases
union all
select
  customer_id, coalesce(paid_at, invoiced_at), local_date, 'payment',
  case when paid_at is null then 'outbound' else 'inbound' end,
  amount_reporting, source, source_table, source_key,
  concat_ws(' ', 'invoice', invoice_ref, status)
from customers.payments
union all
select
  customer_id, returned_at, local_date, 'return', 'inbound', -refund_amount_reporting, source, source_table, source_key,
  concat_ws(' ', 'return', return_ref, reason)
from customers.returns
union all
select
  customer_id, opened_at, local_date, 'ticket', 'inbound', cast(null as decimal(18, 4)), source, source_table, source_key,
  concat_ws(' ', 'ticket', ticket_ref, channel, category)
from customers.tickets
union all
select
  customer_id, occurred_at, local_date, 'campaign_' || coalesce(event, 'sent'),
  case when coalesce(event, 'sent') = 'sent' then 'outbound' else 'inbound' end,
  cast(null as decimal(18, 4)), source, source_table, source_key,
  concat_ws(' ', campaign, channel, offer)
from customers.campaign_responses
union all
select
  customer_id, occurred_at, local_date, 'survey', 'inbound', cast(null as decimal(18, 4)), source, source_table, source_key,
  concat_ws(' ', kind, cast(score as text))
from customers.surveys
union all
select
  customer_id, occurred_at, local_date, 'visit', 'inbound', cast(null as decimal(18, 4)), source, source_table, source_key,
  concat_ws(' ', cast(pages as text), 'pages')
from customers.visits
union all
select
  customer_id, occurred_at, local_date, 'social', 'inbound', cast(null as decimal(18, 4)), source, source_table, source_key,
  kind
from customers.social
union all
select
  referrer_customer_id, occurred_at, local_date, 'referral', 'inbound', cast(null as decimal(18, 4)),
  source, source_table, source_key,
  'brought ' || referred_customer_id
from customers.referrals
union all
select
  customer_id, occurred_at, local_date, 'preference', 'inbound', cast(null as decimal(18, 4)),
  source, source_table, source_key,
  concat_ws(' ', name, value)
from customers.preferences
