/*
comment: Who brought whom; both may be one customer where two accounts turned out to be one party
grain: one account brought by another
key: [source, source_table, source_key]
publish: referrals
citus:
  pull: The two accounts of a referral stand on different nodes
tests:
  - not_null: [referrer_customer_id, referred_customer_id]
columns:
  referrer_customer_id: The customer who brought the other
  referred_customer_id: The customer who was brought
  source: Source of the row
  source_table: Table of the row in its source
  source_key: Key of the row in its table
  account_source: Source whose account the row names
  referrer_ref: The account that brought the other
  referred_ref: The account that was brought
  occurred_at: When it happened, UTC
  local_date: Day of the event in the reporting time zone
*/
-- Materialized: else the planner may first join all members of a source with each other.
with referrers as materialized (
  select
    member.customer_id as referrer_customer_id,
    entity.source,
    entity.source_table,
    entity.source_key,
    entity.account_source,
    entity.referrer_ref,
    entity.referred_ref,
    entity.occurred_at,
    entity.local_date
  from entities.referrals as entity
  inner join identity.members as member
    on member.source = entity.account_source and member.account_ref = entity.referrer_ref
)
select
  entity.referrer_customer_id,
  referred.customer_id as referred_customer_id,
  entity.source,
  entity.source_table,
  entity.source_key,
  entity.account_source,
  entity.referrer_ref,
  entity.referred_ref,
  entity.occurred_at,
  entity.local_date
from referrers as entity
inner join identity.members as referred
  on referred.source = entity.account_source and referred.account_ref = entity.referred_ref
