/*
comment: How each customer pays and what waiting for the money costs
grain: one customer with a payment row
key: customer_id
columns:
  customer_id: The customer
  invoices: Different invoices; a payment without invoice_ref counts as one of its own
  reminders: Payments that were open value.cost_rates.reminder_after_days after their due date
  open_amount: Amount still open on the as-of date, bad debt included
  overdue_amount: Of it what was due before the as-of date
  bad_debt: Amounts charged back, and open ones value.bad_debt_after_days after they were due
  cost_of_credit: >
    Sum of amount x days from invoice to payment (or the as-of date) x value.capital_rate_year / 365; the average
    receivable times the capital rate
  days_to_pay: >
    Sum of amount x days from invoice to payment / sum of amount, over settled payments invoiced in the behaviour
    window; null where there are none
  settled_in_window: Settled payments that days_to_pay is from
  last_paid_on: Day of the last payment
*/
-- What was paid after the as-of date was still open on it.
with entries as (
  select
    entry.customer_id,
    coalesce(entry.invoice_ref, entry.payment_ref) as invoice,
    entry.amount_reporting as amount,
    case
      when entry.status in ('failed', 'charged_back') then entry.status
      when cast(entry.paid_at as date) <= behaviour.as_of then 'settled'
      when entry.paid_at is null and entry.status = 'settled' then 'settled'
      else 'open'
    end as status,
    cast(entry.invoiced_at as date) as invoiced_on,
    cast(coalesce(entry.due_at, entry.invoiced_at) as date) as due_on,
    entry.due_at is not null as has_due_date,
    case when cast(entry.paid_at as date) <= behaviour.as_of then cast(entry.paid_at as date) end as paid_on,
    entry.local_date > behaviour.starts_after as is_in_window,
    behaviour.as_of
  from customers.payments as entry
  cross join value.behaviour_window as behaviour
),
aged as (
  select
    customer_id,
    invoice,
    amount,
    status,
    paid_on,
    as_of,
    due_on,
    has_due_date,
    is_in_window and status = 'settled' and paid_on is not null and invoiced_on is not null as is_measured,
    -- Settled on a day that nobody wrote down: no days to count.
    case when status = 'settled' and paid_on is null then null
         else days_between(invoiced_on, coalesce(paid_on, as_of)) end as days,
    case when status = 'settled' and paid_on is null then null
         else days_between(due_on, coalesce(paid_on, as_of)) end as days_beyond_due
  from entries
  where status <> 'failed'
)
select
  aged.customer_id,
  count(distinct aged.invoice) as invoices,
  count(case when aged.has_due_date and aged.days_beyond_due > settings.reminder_after_days then 1 end) as reminders,
  cast(sum(case when aged.status = 'open' then aged.amount else 0 end) as decimal(18, 4)) as open_amount,
  cast(sum(case when aged.status = 'open' and aged.due_on < aged.as_of then aged.amount else 0 end) as decimal(18, 4))
    as overdue_amount,
  cast(sum(
    case
      when aged.status = 'charged_back' then aged.amount
      when aged.status = 'open' and aged.days_beyond_due > settings.bad_debt_after_days then aged.amount
      else 0
    end
  ) as decimal(18, 4)) as bad_debt,
  divide_money(
    cast(coalesce(sum(case when aged.days > 0 then cast(aged.amount as decimal(20, 4)) * aged.days end), 0) as decimal(24, 4))
      * max(settings.capital_rate_year),
    365
  ) as cost_of_credit,
  divide_money(
    cast(sum(case when aged.is_measured then cast(aged.amount as decimal(20, 4)) * aged.days end) as decimal(24, 4)),
    cast(sum(case when aged.is_measured then aged.amount end) as decimal(18, 4))
  ) as days_to_pay,
  count(case when aged.is_measured then 1 end) as settled_in_window,
  max(aged.paid_on) as last_paid_on
from aged
cross join settings.value as settings
group by aged.customer_id
