/*
comment: What each customer asks of support
grain: one customer
key: customer_id
metrics:
  tickets: { better: lower, scored_by: tickets_in_window, unit_amount: cost_per_ticket }
  tickets_in_window: { better: lower, unit_amount: cost_per_ticket }
  tickets_per_month: lower
  most_contacts_in_one_day: lower
  complaints: lower
  support_minutes: lower
  satisfaction: higher
  satisfaction_last: higher
  satisfaction_trend: higher
columns:
  customer_id: The customer
  tickets: Contacts with support, whole life
  tickets_in_window: Contacts with support in the behaviour window
  tickets_per_month: >
    tickets_in_window x 30.4375 / days of the window in which the customer was known, 30 at least
  most_contacts_in_one_day: Largest number of tickets opened on one day
  complaints: Complaints, whole life
  support_minutes: Minutes of support, whole life, where tickets say
  satisfaction: Mean satisfaction with support, 1 to 5; null without an answer
  satisfaction_last: The last answer; null without one
  satisfaction_trend: Mean of the window minus mean of as many months before; null without an answer in both
  cost_per_ticket: Cost of support in the window / tickets_in_window, money
  last_ticket_on: Day of the last contact
*/
with by_day as (
  select
    customer_id,
    local_date,
    count(*) as tickets,
    count(case when category = 'complaint' then 1 end) as complaints,
    sum(handling_minutes) as support_minutes,
    sum(satisfaction) as satisfaction,
    count(satisfaction) as answers
  from customers.tickets
  group by customer_id, local_date
),
by_customer as (
  select
    by_day.customer_id,
    cast(sum(by_day.tickets) as bigint) as tickets,
    cast(sum(case when by_day.local_date > behaviour.starts_after then by_day.tickets else 0 end) as bigint)
      as tickets_in_window,
    max(by_day.tickets) as most_contacts_in_one_day,
    cast(sum(by_day.complaints) as bigint) as complaints,
    cast(coalesce(sum(by_day.support_minutes), 0) as decimal(18, 4)) as support_minutes,
    cast(sum(by_day.satisfaction) as bigint) as satisfaction_sum,
    cast(sum(by_day.answers) as bigint) as answers,
    cast(sum(case when by_day.local_date > behaviour.starts_after then by_day.satisfaction end) as bigint) as recent_sum,
    cast(sum(case when by_day.local_date > behaviour.starts_after then by_day.answers end) as bigint) as recent_answers,
    cast(sum(case when by_day.local_date > behaviour.before_starts_after
      and by_day.local_date <= behaviour.starts_after then by_day.satisfaction end) as bigint) as previous_sum,
    cast(sum(case when by_day.local_date > behaviour.before_starts_after
      and by_day.local_date <= behaviour.starts_after then by_day.answers end) as bigint) as previous_answers,
    max(by_day.local_date) as last_ticket_on
  from by_day
  cross join value.behaviour_window as behaviour
  group by by_day.customer_id
),
answered as (
  select
    customer_id,
    satisfaction,
    row_number() over (
      partition by customer_id
      order by opened_at desc nulls last, source nulls last, source_table nulls last, source_key nulls last
    ) as place
  from customers.tickets
  where satisfaction is not null
),
known as (
  select
    customer.customer_id,
    least(
      behaviour.days,
      greatest(30, coalesce(days_between(cast(customer.first_seen as date), behaviour.as_of), behaviour.days))
    ) as days
  from customers.customers as customer
  cross join value.behaviour_window as behaviour
),
costs as (
  select customer_id, cast(sum(cost) as decimal(18, 4)) as support_cost
  from value.cost_to_serve
  where driver in ('ticket', 'ticket_minute') and period = 'last'
  group by customer_id
)
select
  customer.customer_id,
  coalesce(caller.tickets, 0) as tickets,
  coalesce(caller.tickets_in_window, 0) as tickets_in_window,
  divide_money(coalesce(caller.tickets_in_window, 0) * cast(30.4375 as decimal(9, 4)), customer.days) as tickets_per_month,
  coalesce(caller.most_contacts_in_one_day, 0) as most_contacts_in_one_day,
  coalesce(caller.complaints, 0) as complaints,
  coalesce(caller.support_minutes, cast(0 as decimal(18, 4))) as support_minutes,
  divide_money(caller.satisfaction_sum, caller.answers) as satisfaction,
  answered.satisfaction as satisfaction_last,
  divide_money(caller.recent_sum, caller.recent_answers) - divide_money(caller.previous_sum, caller.previous_answers)
    as satisfaction_trend,
  divide_money(costs.support_cost, caller.tickets_in_window) as cost_per_ticket,
  caller.last_ticket_on
from known as customer
left join by_customer as caller on caller.customer_id = customer.customer_id
left join answered on answered.customer_id = customer.customer_id and answered.place = 1
left join costs on costs.customer_id = customer.customer_id
