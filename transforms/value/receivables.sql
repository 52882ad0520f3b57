/*
comment: What each payment was or is waited for; failed ones are left out
grain: one payment
key: [source, source_table, source_key]
columns:
  customer_id: The customer
  source: Source of the row
  source_table: Table of the row in its source
  source_key: Key of the row in its table
  amount: Amount, reporting currency
  status: >
    settled, open or charged_back, as it was on the as-of date: what was paid later was still open on it
  local_date: Day of the invoice in the reporting time zone
  paid_on: Day of the payment; null while open, and where nobody wrote it down
  due_on: Day on which it fell due; that of the invoice where none is given
  days: Days from invoice to payment, or to the as-of date while it is open; null where either day is not known
  days_beyond_due: The same from the due date; null without one
  is_first_of_invoice: True for one row of each invoice; a payment without invoice_ref is an invoice of its own
*/
with entries as (
  select
    entry.customer_id,
    entry.source,
    entry.source_table,
    entry.source_key,
    coalesce(entry.invoice_ref, entry.payment_ref) as invoice,
    entry.amount_reporting as amount,
    case
      when entry.status = 'charged_back' then entry.status
      when cast(entry.paid_at as date) <= behaviour.as_of then 'settled'
      when entry.paid_at is null and entry.status = 'settled' then 'settled'
      else 'open'
    end as status,
    entry.local_date,
    cast(entry.invoiced_at as date) as invoiced_on,
    cast(coalesce(entry.due_at, entry.invoiced_at) as date) as due_on,
    entry.due_at is not null as has_due_date,
    case when cast(entry.paid_at as date) <= behaviour.as_of then cast(entry.paid_at as date) end as paid_on,
    behaviour.as_of
  from customers.payments as entry
  cross join value.behaviour_window as behaviour
  where coalesce(entry.status, 'open') <> 'failed'
)
select
  customer_id,
  source,
  source_table,
  source_key,
  amount,
  status,
  local_date,
  paid_on,
  due_on,
  -- Settled on a day that nobody wrote down: no days to count.
  case when status <> 'settled' or paid_on is not null
    then days_between(invoiced_on, coalesce(paid_on, as_of)) end as days,
  case when has_due_date and (status <> 'settled' or paid_on is not null)
    then days_between(due_on, coalesce(paid_on, as_of)) end as days_beyond_due,
  row_number() over (
    partition by customer_id, invoice
    order by local_date nulls last, source nulls last, source_table nulls last, source_key nulls last
  ) = 1 as is_first_of_invoice
from entries
