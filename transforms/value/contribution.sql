/*
comment: >
  Past value of each customer, over its whole life: net revenue, less the cost of the goods, less the cost to serve
  by activity, less the cost of credit. Reporting currency.
grain: one customer
key: customer_id
tests:
  - expression: net_revenue = purchase_amount - refund_amount
  - expression: gross_margin = net_revenue - cost_of_goods + recovered_stock
  - expression: >
      cost_to_serve = order_cost + line_cost + delivery_cost + return_handling_cost + support_cost + campaign_cost
      + statement_cost + reminder_cost
  - expression: net_contribution = gross_margin - cost_to_serve - cost_of_credit - bad_debt
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
*/
with components as (
  select
    customer.customer_id,
    coalesce(purchase.net_amount, money(0)) as purchase_amount,
    coalesce(entry.refund_amount, money(0)) as refund_amount,
    coalesce(purchase.cost_of_goods, money(0)) as cost_of_goods,
    coalesce(entry.recovered_stock, money(0)) as recovered_stock,
    money(coalesce(purchase.orders, 0) * rates.order_rate) as order_cost,
    money(coalesce(purchase.lines, 0) * rates.line_rate) as line_cost,
    money(coalesce(purchase.orders, 0) * rates.delivery_rate) as delivery_cost,
    coalesce(entry.return_handling_cost, money(0)) as return_handling_cost,
    coalesce(ticket.support_cost, money(0)) as support_cost,
    coalesce(campaign.campaign_cost, money(0)) as campaign_cost,
    money(coalesce(payment.invoices, 0) * rates.statement_rate) as statement_cost,
    money(coalesce(payment.reminders, 0) * rates.reminder_rate) as reminder_cost,
    coalesce(payment.cost_of_credit, money(0)) as cost_of_credit,
    coalesce(payment.bad_debt, money(0)) as bad_debt
  from customers.customers as customer
  left join value.purchase_totals as purchase on purchase.customer_id = customer.customer_id
  left join value.return_totals as entry on entry.customer_id = customer.customer_id
  left join value.ticket_totals as ticket on ticket.customer_id = customer.customer_id
  left join value.campaign_totals as campaign on campaign.customer_id = customer.customer_id
  left join value.payment_totals as payment on payment.customer_id = customer.customer_id
  cross join settings.value_cost_rates as rates
),
subtotals as (
  select
    customer_id,
    purchase_amount,
    refund_amount,
    money(purchase_amount - refund_amount) as net_revenue,
    cost_of_goods,
    recovered_stock,
    money(purchase_amount - refund_amount - cost_of_goods + recovered_stock) as gross_margin,
    order_cost,
    line_cost,
    delivery_cost,
    return_handling_cost,
    support_cost,
    campaign_cost,
    statement_cost,
    reminder_cost,
    money(
      order_cost + line_cost + delivery_cost + return_handling_cost + support_cost + campaign_cost
      + statement_cost + reminder_cost
    ) as cost_to_serve,
    cost_of_credit,
    bad_debt
  from components
)
select
  customer_id,
  purchase_amount,
  refund_amount,
  net_revenue,
  cost_of_goods,
  recovered_stock,
  gross_margin,
  order_cost,
  line_cost,
  delivery_cost,
  return_handling_cost,
  support_cost,
  campaign_cost,
  statement_cost,
  reminder_cost,
  cost_to_serve,
  cost_of_credit,
  bad_debt,
  money(gross_margin - cost_to_serve - cost_of_credit - bad_debt) as net_contribution
from subtotals
