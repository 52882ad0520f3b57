/*
comment: >
  What was known of each customer with a contract (value.contracts): on the as-of date, and on the day of the back-test,
  where it is known what came after. Several contracts of one customer count as one
grain: one customer with a contract on one of the two days
key: [customer_id, is_present]
tests:
  - expression: renewals >= 0
  - expression: is_ended in (0, 1)
columns:
  customer_id: The customer
  is_present: 1 for the as-of date, 0 for the day value.contracts.backtest_months before it
  seen_on: That day; nothing after it is counted but later_invoices
  started_on: Day of the first invoice
  last_invoice_on: Day of the last invoice up to that day
  invoices: Days with an invoice up to that day
  renewals: Periods from the first invoice to the last one, by calendar months
  due_on: Day on which the next invoice is due, a period after the last one
  is_ended: 1 if it did not come within value.contracts.grace_days, else 0
  margin: Net amount less cost of goods of the invoices, reporting currency
  previous_invoices: Invoices in as many months before that day as the back-test leaves out
  later_invoices: Invoices after that day, up to the as-of date
*/
with days as (
  select number.is_present,
    cast(run.as_of - (1 - number.is_present) * settings.contract_backtest_months * interval '1 month' as date) as seen_on,
    cast(run.as_of - (2 - number.is_present) * settings.contract_backtest_months * interval '1 month' as date)
      as previous_after,
    settings.contract_period_months as period_months,
    settings.contract_grace_days as grace_days
  from (select 1 as is_present union all select 0) as number
  cross join settings.run as run
  cross join settings.value as settings
),
invoices as (
  select
    customer_id,
    ordered_on,
    bool_or(is_purchase) as is_invoice,
    cast(sum(net_amount - cost_of_goods) as decimal(18, 4)) as margin
  from value.orders
  where is_contract
  group by customer_id, ordered_on
),
known as (
  select
    invoices.customer_id,
    days.is_present,
    days.seen_on,
    days.period_months,
    days.grace_days,
    min(case when invoices.is_invoice and invoices.ordered_on <= days.seen_on then invoices.ordered_on end) as started_on,
    max(case when invoices.is_invoice and invoices.ordered_on <= days.seen_on then invoices.ordered_on end) as last_invoice_on,
    count(case when invoices.is_invoice and invoices.ordered_on <= days.seen_on then 1 end) as invoices,
    cast(sum(case when invoices.ordered_on <= days.seen_on then invoices.margin else 0 end) as decimal(18, 4)) as margin,
    count(case when invoices.is_invoice and invoices.ordered_on > days.previous_after
      and invoices.ordered_on <= days.seen_on then 1 end) as previous_invoices,
    count(case when invoices.is_invoice and invoices.ordered_on > days.seen_on then 1 end) as later_invoices
  from invoices
  cross join days
  group by invoices.customer_id, days.is_present, days.seen_on, days.period_months, days.grace_days
),
counted as (
  select
    customer_id,
    is_present,
    seen_on,
    period_months,
    grace_days,
    started_on,
    last_invoice_on,
    invoices,
    margin,
    previous_invoices,
    later_invoices,
    cast(12 * (extract(year from last_invoice_on) - extract(year from started_on))
      + extract(month from last_invoice_on) - extract(month from started_on) as bigint) as months,
    cast(last_invoice_on + period_months * interval '1 month' as date) as due_on
  from known
  where started_on is not null
)
select
  customer_id,
  is_present,
  seen_on,
  started_on,
  last_invoice_on,
  invoices,
  -- A period late is the next one: rounded to the nearest.
  cast(div(2 * months + period_months, 2 * period_months) as integer) as renewals,
  due_on,
  case when days_between(due_on, seen_on) > grace_days then 1 else 0 end as is_ended,
  margin,
  previous_invoices,
  later_invoices
from counted
