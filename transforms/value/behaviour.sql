/*
comment: How each customer behaves
grain: one customer
key: customer_id
columns:
  customer_id: The customer
  is_active: True if anything came from the customer in the behaviour window
  last_active_on: Last day on which anything came from the customer
  recency_days: As-of date minus the last purchase day; null without a purchase
  frequency: Purchase days, whole life; repeats are one fewer
  monetary: Mean net amount per purchase day, whole life; null without a purchase
  first_purchase_on: First purchase day
  last_purchase_on: Last purchase day
  orders: Orders, whole life
  frequency_in_window: Purchase days in the behaviour window
  monetary_in_window: Mean net amount per purchase day in the behaviour window; null without a purchase
  discount_share: Discounts / gross amount, whole life; null without a purchase
  days_to_pay: Amount-weighted days from invoice to payment, settled payments of the window; null without any
  open_amount: Amount still open on the as-of date
  overdue_amount: Of it what was due before the as-of date
  returns: Returned lines, whole life
  return_rate: Refunds / net amount in the behaviour window; null without purchases in it
  tickets: Contacts with support, whole life
  tickets_in_window: Contacts with support in the behaviour window
  most_contacts_in_one_day: Largest number of tickets opened on one day
  complaints: Complaints, whole life
  support_minutes: Minutes of support, whole life
  satisfaction: Mean satisfaction with support, 1 to 5; null without an answer
  campaign_contacts: Messages sent to the customer
  response_rate: Responses per message in the behaviour window; null without a message in it
  visits: Web sessions
  social_touches: Likes, comments and shares
  customers_referred: Different customers that this one brought
*/
with joined as (
  select
    customer.customer_id,
    greatest(
      purchase.last_purchase_on, entry.last_returned_on, ticket.last_ticket_on, campaign.last_responded_on,
      payment.last_paid_on, engagement.last_engaged_on
    ) as last_active_on,
    behaviour.as_of,
    behaviour.starts_after,
    coalesce(purchase.frequency, 0) as frequency,
    purchase.monetary,
    purchase.first_purchase_on,
    purchase.last_purchase_on,
    coalesce(purchase.orders, 0) as orders,
    coalesce(purchase.frequency_in_window, 0) as frequency_in_window,
    purchase.monetary_in_window,
    divide_money(purchase.discount_amount, purchase.gross_amount) as discount_share,
    payment.days_to_pay,
    coalesce(payment.open_amount, money(0)) as open_amount,
    coalesce(payment.overdue_amount, money(0)) as overdue_amount,
    coalesce(entry.returns, 0) as returns,
    case when purchase.net_amount_in_window > 0
      then divide_money(coalesce(entry.refund_amount_in_window, 0), purchase.net_amount_in_window) end as return_rate,
    coalesce(ticket.tickets, 0) as tickets,
    coalesce(ticket.tickets_in_window, 0) as tickets_in_window,
    coalesce(ticket.most_contacts_in_one_day, 0) as most_contacts_in_one_day,
    coalesce(ticket.complaints, 0) as complaints,
    coalesce(ticket.support_minutes, money(0)) as support_minutes,
    ticket.satisfaction,
    coalesce(campaign.campaign_contacts, 0) as campaign_contacts,
    campaign.response_rate,
    coalesce(engagement.visits, 0) as visits,
    coalesce(engagement.social_touches, 0) as social_touches,
    coalesce(engagement.customers_referred, 0) as customers_referred
  from customers.customers as customer
  left join value.purchase_totals as purchase on purchase.customer_id = customer.customer_id
  left join value.return_totals as entry on entry.customer_id = customer.customer_id
  left join value.ticket_totals as ticket on ticket.customer_id = customer.customer_id
  left join value.campaign_totals as campaign on campaign.customer_id = customer.customer_id
  left join value.payment_totals as payment on payment.customer_id = customer.customer_id
  left join value.engagement_totals as engagement on engagement.customer_id = customer.customer_id
  cross join value.behaviour_window as behaviour
)
select
  customer_id,
  coalesce(last_active_on > starts_after, false) as is_active,
  last_active_on,
  days_between(last_purchase_on, as_of) as recency_days,
  frequency,
  monetary,
  first_purchase_on,
  last_purchase_on,
  orders,
  frequency_in_window,
  monetary_in_window,
  discount_share,
  days_to_pay,
  open_amount,
  overdue_amount,
  returns,
  return_rate,
  tickets,
  tickets_in_window,
  most_contacts_in_one_day,
  complaints,
  support_minutes,
  satisfaction,
  campaign_contacts,
  response_rate,
  visits,
  social_touches,
  customers_referred
from joined
