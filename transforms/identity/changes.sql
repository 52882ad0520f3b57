/*
comment: Every merge and every split of customers, with the run that found it
grain: one customer that was merged into another, or came out of one, in one run
key: [run_id, changed_on, change, customer_id]
publish: customer_changes
tests:
  - accepted_values: { column: change, values: [merge, split] }
columns:
  run_id: The run
  changed_on: As-of date of that run
  change: merge (the customer was taken up by the other one) or split (it came out of the other one)
  customer_id: The customer that was merged, or that is new
  other_customer_id: The customer that took it up, or that it came out of
  present_customer_id: The customer that customer_id means today; null when none of its accounts is left
*/
select
  changes.run_id,
  changes.changed_on,
  changes.change,
  changes.customer_id,
  changes.other_customer_id,
  ids.present_customer_id
from whalecurve.identity_changes as changes
-- It has every id ever given, so none is left out.
inner join identity.customer_ids as ids on ids.customer_id = changes.customer_id
