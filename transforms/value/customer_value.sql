/*
comment: >
  What each customer is worth: the money it brought and cost over its whole life, how it behaves, and the score, rank,
  tier and group that follow. Money in the reporting currency.
grain: one customer
key: customer_id
publish: customer_value
tests:
  - unique: rank
  - accepted_values: { column: value_band, values: [creator, neutral, destroyer] }
  - accepted_values: { column: value_group, values: [keep, grow, fix] }
  - relationships: { column: customer_id, to: customers.customers.customer_id }
  - expression: >
      net_contribution = net_revenue - cost_of_goods + recovered_stock - order_cost - line_cost - delivery_cost
      - return_handling_cost - support_cost - campaign_cost - statement_cost - reminder_cost - cost_of_credit - bad_debt
  - expression: score between 0 and 100
columns:
  customer_id: The customer
  purchase_amount: Sum of the purchases' net amount, after discounts
  refund_amount: Money given back for returns
  net_revenue: purchase_amount - refund_amount
  cost_of_goods: Sum of the purchases' cost_amount, else net amount x (1 - margin rate)
  recovered_stock: Value of returned goods that are sold again
  gross_margin: net_revenue - cost_of_goods + recovered_stock
  order_cost: Orders x rate per order
  line_cost: Order lines x rate per line
  delivery_cost: Orders x rate per delivery
  return_handling_cost: Returns' own handling cost, else rate per return
  support_cost: Tickets' own cost, else minutes x rate per minute, else rate of the channel
  campaign_cost: Messages' own cost, else rate of the channel
  statement_cost: Invoices x rate per statement
  reminder_cost: Reminders x rate per reminder
  cost_to_serve: Sum of the eight costs before
  cost_of_credit: Open days x amount x capital rate / 365
  bad_debt: Amounts charged back or open too long
  net_contribution: gross_margin - cost_to_serve - cost_of_credit - bad_debt
  lifetime_value: >
    Future value. Null in this version, which does not estimate it yet; value_group goes by net contribution alone
    until then
  score: Customer performance value score, 0 to 100, the sum of customer_value_parts.points; null if nothing could be compared
  rank: 1 for the best score; ties go by net contribution, then by customer_id
  tier: A+, A, B, C or D by the settings of value.tiers
  value_band: >
    creator, neutral or destroyer: net contribution above, within or below plus or minus the larger of
    value.neutral_amount and value.neutral_share of net revenue
  value_group: >
    keep (creators), grow (neutral ones) or fix (destroyers). By net contribution alone as long as lifetime_value is
    null
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
with banded as (
  select
    contribution.customer_id,
    case
      when contribution.net_contribution
        > greatest(settings.neutral_amount, settings.neutral_share * cast(abs(contribution.net_revenue) as decimal(20, 4))) then 'creator'
      when contribution.net_contribution
        < -greatest(settings.neutral_amount, settings.neutral_share * cast(abs(contribution.net_revenue) as decimal(20, 4))) then 'destroyer'
      else 'neutral'
    end as value_band
  from value.contribution as contribution
  cross join settings.value as settings
)
select
  contribution.customer_id,
  contribution.purchase_amount,
  contribution.refund_amount,
  contribution.net_revenue,
  contribution.cost_of_goods,
  contribution.recovered_stock,
  contribution.gross_margin,
  contribution.order_cost,
  contribution.line_cost,
  contribution.delivery_cost,
  contribution.return_handling_cost,
  contribution.support_cost,
  contribution.campaign_cost,
  contribution.statement_cost,
  contribution.reminder_cost,
  contribution.cost_to_serve,
  contribution.cost_of_credit,
  contribution.bad_debt,
  contribution.net_contribution,
  cast(null as decimal(18, 4)) as lifetime_value,
  scores.score,
  scores.rank,
  tier.tier,
  banded.value_band,
  case banded.value_band when 'creator' then 'keep' when 'neutral' then 'grow' else 'fix' end as value_group,
  behaviour.is_active,
  behaviour.last_active_on,
  behaviour.recency_days,
  behaviour.frequency,
  behaviour.monetary,
  behaviour.first_purchase_on,
  behaviour.last_purchase_on,
  behaviour.orders,
  behaviour.frequency_in_window,
  behaviour.monetary_in_window,
  behaviour.discount_share,
  behaviour.days_to_pay,
  behaviour.open_amount,
  behaviour.overdue_amount,
  behaviour.returns,
  behaviour.return_rate,
  behaviour.tickets,
  behaviour.tickets_in_window,
  behaviour.most_contacts_in_one_day,
  behaviour.complaints,
  behaviour.support_minutes,
  behaviour.satisfaction,
  behaviour.campaign_contacts,
  behaviour.response_rate,
  behaviour.visits,
  behaviour.social_touches,
  behaviour.customers_referred
from value.contribution as contribution
inner join value.behaviour as behaviour on behaviour.customer_id = contribution.customer_id
inner join value.scores as scores on scores.customer_id = contribution.customer_id
inner join banded on banded.customer_id = contribution.customer_id
-- Share of the customers that rank before this one, so that the first is always in the best tier.
inner join settings.value_tiers as tier
  on case
    when tier.basis = 'rank_share'
      then scores.rank - 1 >= coalesce(tier.above, 0) * scores.ranked
        and (tier.up_to is null or scores.rank - 1 < tier.up_to * scores.ranked)
    else coalesce(scores.score, 0) >= coalesce(tier.above, 0)
      and (tier.up_to is null or coalesce(scores.score, 0) < tier.up_to)
  end
