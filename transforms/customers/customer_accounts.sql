/*
comment: Which account of which system is which customer, and why
grain: one account of one source
key: [source, account_ref]
publish: customer_accounts
tests:
  - not_null: [customer_id]
columns:
  customer_id: The customer
  source: Source of the account
  account_ref: The account in its source
  rule: >
    Surest rule that links the account to another one of the customer: must_link (a person decided it), tax_id, other_refs,
    email_and_name, phone_and_name, a rule of the settings, or evidence; only_account where the customer has no other
  probability: >
    That it and another account of the customer are one, by the evidence that speaks most for it; null where the
    customer has no other
  is_implied: True if no table of accounts has it and only events name it
  since: As-of date of the run that first gave the account to this customer
  opened_at: When the account was opened or, if no table says so, its first event, UTC
  first_event_at: Its first event, UTC; null if there is none
  last_event_at: Its last event, UTC; null if there is none
*/
select
  member.customer_id,
  member.source,
  member.account_ref,
  member.rule,
  member.probability,
  member.is_implied,
  member.since,
  account.opened_at,
  account.first_event_at,
  account.last_event_at
from identity.members as member
inner join identity.accounts as account
  on account.account_number = member.account_number and account.account_ref = member.account_ref
