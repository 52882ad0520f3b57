/*
comment: >
  Every customer id ever given and the customer it means today: an id that somebody wrote down is never lost when
  customers are merged or split
grain: one customer id
key: customer_id
publish: customer_ids
tests:
  - accepted_values: { column: reason, values: [new, merge, split, gone] }
columns:
  customer_id: An id that was given in this run or an earlier one
  present_customer_id: The customer it means today; null when none of its accounts is left
  since: As-of date of the run since which it is so
  reason: >
    new (a customer that appeared), split (a part of another customer that became its own), merge (taken up by
    another customer), gone (no account is left)
  accounts: Accounts of the present customer
*/
with sizes as (
  select customer_id, count(*) as accounts
  from identity.members
  group by customer_id
)
select
  ids.customer_id,
  ids.present_customer_id,
  ids.since,
  ids.reason,
  coalesce(sizes.accounts, 0) as accounts
from whalecurve.customer_ids as ids
left join sizes on sizes.customer_id = ids.present_customer_id
