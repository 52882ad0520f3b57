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
metrics:
  purchase_amount: { better: higher, is_result: true }
  refund_amount: { better: lower, is_result: true }
  net_revenue: { better: higher, is_result: true }
  cost_of_goods: { better: lower, is_result: true }
  recovered_stock: { better: higher, is_result: true }
  gross_margin: { better: higher, is_result: true }
  order_cost: { better: lower, is_result: true }
  line_cost: { better: lower, is_result: true }
  delivery_cost: { better: lower, is_result: true }
  return_handling_cost: { better: lower, is_result: true }
  support_cost: { better: lower, is_result: true }
  campaign_cost: { better: lower, is_result: true }
  statement_cost: { better: lower, is_result: true }
  reminder_cost: { better: lower, is_result: true }
  cost_to_serve: { better: lower, is_result: true }
  cost_of_credit: { better: lower, is_result: true }
  bad_debt: { better: lower, is_result: true }
  net_contribution: { better: higher, is_result: true }
  net_revenue_in_window: { better: higher, is_result: true }
  net_revenue_before: { better: higher, is_result: true }
  gross_margin_in_window: { better: higher, is_result: true }
  gross_margin_before: { better: higher, is_result: true }
  cost_to_serve_in_window: { better: lower, is_result: true }
  cost_to_serve_before: { better: lower, is_result: true }
  net_contribution_in_window: { better: higher, is_result: true }
  net_contribution_before: { better: higher, is_result: true }
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
  cost_to_serve: Sum of the eight costs before; the table cost_to_serve has them by channel and category
  cost_of_credit: Open days x amount x capital rate / 365
  bad_debt: Amounts charged back or open too long
  net_contribution: gross_margin - cost_to_serve - cost_of_credit - bad_debt
  net_revenue_in_window: net_revenue of the behaviour window alone
  net_revenue_before: net_revenue of as many months before the window
  gross_margin_in_window: gross_margin of the behaviour window alone
  gross_margin_before: gross_margin of as many months before the window
  cost_to_serve_in_window: cost_to_serve of the behaviour window alone
  cost_to_serve_before: cost_to_serve of as many months before the window
  net_contribution_in_window: net_contribution of the behaviour window alone
  net_contribution_before: net_contribution of as many months before the window
*/
select
  customer.customer_id,
  cast(coalesce(sum(amounts.purchase_amount), 0) as decimal(18, 4)) as purchase_amount,
  cast(coalesce(sum(amounts.refund_amount), 0) as decimal(18, 4)) as refund_amount,
  cast(coalesce(sum(amounts.net_revenue), 0) as decimal(18, 4)) as net_revenue,
  cast(coalesce(sum(amounts.cost_of_goods), 0) as decimal(18, 4)) as cost_of_goods,
  cast(coalesce(sum(amounts.recovered_stock), 0) as decimal(18, 4)) as recovered_stock,
  cast(coalesce(sum(amounts.gross_margin), 0) as decimal(18, 4)) as gross_margin,
  cast(coalesce(sum(amounts.order_cost), 0) as decimal(18, 4)) as order_cost,
  cast(coalesce(sum(amounts.line_cost), 0) as decimal(18, 4)) as line_cost,
  cast(coalesce(sum(amounts.delivery_cost), 0) as decimal(18, 4)) as delivery_cost,
  cast(coalesce(sum(amounts.return_handling_cost), 0) as decimal(18, 4)) as return_handling_cost,
  cast(coalesce(sum(amounts.support_cost), 0) as decimal(18, 4)) as support_cost,
  cast(coalesce(sum(amounts.campaign_cost), 0) as decimal(18, 4)) as campaign_cost,
  cast(coalesce(sum(amounts.statement_cost), 0) as decimal(18, 4)) as statement_cost,
  cast(coalesce(sum(amounts.reminder_cost), 0) as decimal(18, 4)) as reminder_cost,
  cast(coalesce(sum(amounts.cost_to_serve), 0) as decimal(18, 4)) as cost_to_serve,
  cast(coalesce(sum(amounts.cost_of_credit), 0) as decimal(18, 4)) as cost_of_credit,
  cast(coalesce(sum(amounts.bad_debt), 0) as decimal(18, 4)) as bad_debt,
  cast(coalesce(sum(amounts.net_contribution), 0) as decimal(18, 4)) as net_contribution,
  cast(coalesce(sum(case when amounts.period = 'last' then amounts.net_revenue end), 0) as decimal(18, 4))
    as net_revenue_in_window,
  cast(coalesce(sum(case when amounts.period = 'previous' then amounts.net_revenue end), 0) as decimal(18, 4))
    as net_revenue_before,
  cast(coalesce(sum(case when amounts.period = 'last' then amounts.gross_margin end), 0) as decimal(18, 4))
    as gross_margin_in_window,
  cast(coalesce(sum(case when amounts.period = 'previous' then amounts.gross_margin end), 0) as decimal(18, 4))
    as gross_margin_before,
  cast(coalesce(sum(case when amounts.period = 'last' then amounts.cost_to_serve end), 0) as decimal(18, 4))
    as cost_to_serve_in_window,
  cast(coalesce(sum(case when amounts.period = 'previous' then amounts.cost_to_serve end), 0) as decimal(18, 4))
    as cost_to_serve_before,
  cast(coalesce(sum(case when amounts.period = 'last' then amounts.net_contribution end), 0) as decimal(18, 4))
    as net_contribution_in_window,
  cast(coalesce(sum(case when amounts.period = 'previous' then amounts.net_contribution end), 0) as decimal(18, 4))
    as net_contribution_before
from customers.customers as customer
left join value.period_contribution as amounts on amounts.customer_id = customer.customer_id
group by customer.customer_id
