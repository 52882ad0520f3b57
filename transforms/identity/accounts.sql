/*
comment: >
  Every account, also those that only events name (an implied account). account_number is for this run alone;
  what lasts over the runs is (source, account_ref).
grain: one account
key: [source, account_ref]
tests:
  - unique: account_number
columns:
  source: Source of the account
  account_ref: The account in its source
  account_number: 1, 2, 3 … by source and account_ref; the short name of the account within one run
  is_implied: True if no table of accounts has it and only events name it
  opened_at: When the account was opened or, if no table says so, its first event, UTC
  first_event_at: Its first event, UTC
  last_event_at: Its last event, UTC
*/
with described as (
  select account_source as source, account_ref, min(created_at) as created_at
  from entities.accounts
  group by account_source, account_ref
),
known as (
  select
    coalesce(described.source, events.source) as source,
    coalesce(described.account_ref, events.account_ref) as account_ref,
    described.source is null as is_implied,
    coalesce(described.created_at, events.first_event_at) as opened_at,
    events.first_event_at,
    events.last_event_at
  from described
  full join identity.account_events as events
    on events.source = described.source and events.account_ref = described.account_ref
)
select
  source,
  account_ref,
  row_number() over (order by source nulls last, account_ref nulls last) as account_number,
  is_implied,
  opened_at,
  first_event_at,
  last_event_at
from known
