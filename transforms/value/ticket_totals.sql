/*
comment: What each customer asked of support, over the whole life and in the behaviour window
grain: one customer with a ticket
key: customer_id
columns:
  customer_id: The customer
  tickets: Contacts with support
  complaints: Of them complaints
  support_minutes: Minutes of work, where tickets say
  support_cost: >
    Sum of the tickets' own cost; where one has none, its minutes x rate per minute; else the rate of its channel
  satisfaction: Mean of the answers, 1 to 5; null where there is none
  most_contacts_in_one_day: Largest number of tickets opened on one day
  tickets_in_window: Contacts in the behaviour window
  last_ticket_on: Day of the last contact
*/
with by_day as (
  select
    ticket.customer_id,
    ticket.local_date,
    count(*) as tickets,
    count(case when ticket.category = 'complaint' then 1 end) as complaints,
    sum(ticket.handling_minutes) as support_minutes,
    sum(coalesce(
      ticket.cost_amount_reporting,
      money(cast(ticket.handling_minutes as decimal(20, 4)) * rates.ticket_minute_rate),
      channel.rate,
      rates.ticket_other_rate
    )) as support_cost,
    sum(ticket.satisfaction) as satisfaction,
    count(ticket.satisfaction) as answers
  from customers.tickets as ticket
  left join settings.value_ticket_rates as channel on channel.channel = ticket.channel
  cross join settings.value_cost_rates as rates
  group by ticket.customer_id, ticket.local_date
)
select
  by_day.customer_id,
  cast(sum(by_day.tickets) as bigint) as tickets,
  cast(sum(by_day.complaints) as bigint) as complaints,
  cast(coalesce(sum(by_day.support_minutes), 0) as decimal(18, 4)) as support_minutes,
  cast(sum(by_day.support_cost) as decimal(18, 4)) as support_cost,
  divide_money(cast(sum(by_day.satisfaction) as bigint), cast(sum(by_day.answers) as bigint)) as satisfaction,
  max(by_day.tickets) as most_contacts_in_one_day,
  cast(sum(case when by_day.local_date > behaviour.starts_after then by_day.tickets else 0 end) as bigint)
    as tickets_in_window,
  max(by_day.local_date) as last_ticket_on
from by_day
cross join value.behaviour_window as behaviour
group by by_day.customer_id
