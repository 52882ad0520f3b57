/*
comment: When each account was first and last heard of, over all events; accounts without any event are missing
grain: one account that an event names
key: [source, account_ref]
columns:
  source: Source of the account
  account_ref: The account in its source
  first_event_at: Its first event, UTC
  last_event_at: Its last event, UTC
*/
with per_entity as (
  select account_source as source, account_ref, min(ordered_at) as first_at, max(ordered_at) as last_at
  from entities.purchases
  group by account_source, account_ref
  union all
  select account_source as source, account_ref, min(invoiced_at) as first_at, max(invoiced_at) as last_at
  from entities.payments
  group by account_source, account_ref
  union all
  select account_source as source, account_ref, min(returned_at) as first_at, max(returned_at) as last_at
  from entities.returns
  group by account_source, account_ref
  union all
  select account_source as source, account_ref, min(opened_at) as first_at, max(opened_at) as last_at
  from entities.tickets
  group by account_source, account_ref
  union all
  select account_source as source, account_ref, min(occurred_at) as first_at, max(occurred_at) as last_at
  from entities.campaign_responses
  group by account_source, account_ref
  union all
  select account_source as source, account_ref, min(occurred_at) as first_at, max(occurred_at) as last_at
  from entities.surveys
  group by account_source, account_ref
  union all
  select account_source as source, account_ref, min(occurred_at) as first_at, max(occurred_at) as last_at
  from entities.visits
  group by account_source, account_ref
  union all
  select account_source as source, account_ref, min(occurred_at) as first_at, max(occurred_at) as last_at
  from entities.social
  group by account_source, account_ref
  union all
  select account_source as source, account_ref, min(occurred_at) as first_at, max(occurred_at) as last_at
  from entities.preferences
  group by account_source, account_ref
  union all
  select account_source, referrer_ref, min(occurred_at), max(occurred_at)
  from entities.referrals
  group by account_source, referrer_ref
  union all
  select account_source, referred_ref, min(occurred_at), max(occurred_at)
  from entities.referrals
  group by account_source, referred_ref
)
select
  source,
  account_ref,
  min(first_at) as first_event_at,
  max(last_at) as last_event_at
from per_entity
group by source, account_ref
