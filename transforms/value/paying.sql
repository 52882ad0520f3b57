/*
comment: How each customer pays
grain: one customer
key: customer_id
metrics:
  days_to_pay: { better: lower, unit_amount: credit_cost_per_day }
  payments_not_measured: none
  days_beyond_terms: { better: lower, unit_amount: credit_cost_per_day }
  late_share: lower
  open_amount: none
  overdue_amount: lower
columns:
  customer_id: The customer
  days_to_pay: >
    Sum of amount x days from invoice to payment / sum of amount, settled payments invoiced in the behaviour window, part
    payments by their part; null without any
  payments_not_measured: Payments of the window that days_to_pay leaves out, still open or without a day
  days_beyond_terms: The same from the due date, 0 for what was paid in time; null without a payment that was due
  late_share: Of the amount that days_beyond_terms is from what was paid after the due date
  open_amount: Amount still open on the as-of date, bad debt included
  overdue_amount: Of it what was due before the as-of date
  credit_cost_per_day: What one day more costs, settled amount of the window x value.capital_rate_year / 365
  last_paid_on: Day of the last payment
*/
with measured as (
  select
    receivable.customer_id,
    receivable.amount,
    receivable.status,
    receivable.paid_on,
    receivable.due_on < behaviour.as_of as is_due,
    receivable.days,
    receivable.days_beyond_due,
    receivable.local_date > behaviour.starts_after as is_in_window,
    receivable.local_date > behaviour.starts_after and receivable.status = 'settled' and receivable.paid_on is not null
      and receivable.days is not null as is_measured
  from value.receivables as receivable
  cross join value.behaviour_window as behaviour
),
by_customer as (
  select
    customer_id,
    sum(case when is_measured then amount end) as settled_amount,
    sum(case when is_measured then cast(amount as decimal(20, 4)) * days end) as amount_days,
    count(case when is_in_window and not is_measured then 1 end) as payments_not_measured,
    sum(case when is_measured and days_beyond_due is not null then amount end) as due_amount,
    sum(case when is_measured then cast(amount as decimal(20, 4)) * greatest(days_beyond_due, 0) end) as late_amount_days,
    sum(case when is_measured and days_beyond_due > 0 then amount else 0 end) as late_amount,
    sum(case when status = 'open' then amount else 0 end) as open_amount,
    sum(case when status = 'open' and is_due then amount else 0 end) as overdue_amount,
    max(paid_on) as last_paid_on
  from measured
  group by customer_id
)
select
  customer.customer_id,
  divide_money(cast(payer.amount_days as decimal(24, 4)), cast(payer.settled_amount as decimal(18, 4))) as days_to_pay,
  coalesce(payer.payments_not_measured, 0) as payments_not_measured,
  case when payer.due_amount is not null
    then divide_money(cast(payer.late_amount_days as decimal(24, 4)), cast(payer.due_amount as decimal(18, 4)))
  end as days_beyond_terms,
  case when payer.due_amount is not null
    then divide_money(cast(payer.late_amount as decimal(18, 4)), cast(payer.due_amount as decimal(18, 4))) end as late_share,
  cast(coalesce(payer.open_amount, 0) as decimal(18, 4)) as open_amount,
  cast(coalesce(payer.overdue_amount, 0) as decimal(18, 4)) as overdue_amount,
  divide_money(cast(payer.settled_amount as decimal(20, 4)) * settings.capital_rate_year, 365) as credit_cost_per_day,
  payer.last_paid_on
from customers.customers as customer
left join by_customer as payer on payer.customer_id = customer.customer_id
cross join settings.value as settings
