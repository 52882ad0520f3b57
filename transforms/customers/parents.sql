/*
comment: >
  The group that a customer belongs to, where a source says so of one of its accounts; the account that is believed
  first counts. A parent that is no account of any source is left out, and so is a customer's own account.
grain: one customer with a parent
key: customer_id
citus:
  pull: A customer and its parent stand on different nodes
columns:
  customer_id: The customer
  parent_customer_id: The customer that it belongs to
*/
with said as (
  select
    customer_id,
    precedence,
    case when parent_ref like '%:%' then split_part(parent_ref, ':', 1) end as source,
    case when parent_ref like '%:%' then substr(parent_ref, length(split_part(parent_ref, ':', 1)) + 2) end as account_ref,
    source as own_source,
    parent_ref
  from customers.described_accounts
  where parent_ref is not null
),
found as (
  -- In its own source an account_ref may have a colon itself.
  select said.customer_id, said.precedence, 1 as place, parent.customer_id as parent_customer_id
  from said
  inner join identity.members as parent on parent.account_ref = said.parent_ref and parent.source = said.own_source
  union all
  select said.customer_id, said.precedence, 2, parent.customer_id
  from said
  inner join identity.members as parent on parent.account_ref = said.account_ref and parent.source = said.source
),
ranked as (
  select
    customer_id,
    parent_customer_id,
    row_number() over (partition by customer_id order by precedence nulls last, place nulls last) as rank
  from found
  where parent_customer_id <> customer_id
)
select customer_id, parent_customer_id
from ranked
where rank = 1
