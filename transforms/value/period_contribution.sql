/*
comment: >
  What each customer brought and cost in the behaviour window, in as many months before, and earlier: net revenue, less
  the cost of the goods, less the cost to serve by activity, less the cost of credit. Reporting currency.
grain: one period of one customer, where there is anything
key: [customer_id, period]
tests:
  - expression: >
      net_contribution = net_revenue - cost_of_goods + recovered_stock - cost_to_serve - cost_of_credit - bad_debt
columns:
  customer_id: The customer
  period: last (the value.window_months up to the as-of date), previous (as many before) or earlier
  purchase_amount: Sum of the purchases' net amount, after discounts
  refund_amount: Money given back for returns
  net_revenue: purchase_amount - refund_amount
  cost_of_goods: Sum of the purchases' cost_amount, else net amount x (1 - margin rate)
  recovered_stock: Refund x (1 - default margin rate) x value.returned_stock_recovery, the goods that are sold again
  gross_margin: net_revenue - cost_of_goods + recovered_stock
  order_cost: Of cost_to_serve the driver order
  line_cost: Of cost_to_serve the driver line
  delivery_cost: Of cost_to_serve the driver delivery
  return_handling_cost: Of cost_to_serve the driver return
  support_cost: Of cost_to_serve the drivers ticket and ticket_minute
  campaign_cost: Of cost_to_serve the driver campaign_contact
  statement_cost: Of cost_to_serve the driver statement
  reminder_cost: Of cost_to_serve the driver reminder
  cost_to_serve: Sum of the eight costs before
  cost_of_credit: >
    Sum of amount x days from invoice to payment (or the as-of date) x value.capital_rate_year / 365; the average
    receivable times the capital rate
  bad_debt: Amounts charged back, and open ones value.bad_debt_after_days after they were due
  net_contribution: gross_margin - cost_to_serve - cost_of_credit - bad_debt
*/
with amounts as (
  select customer_id, ordered_on as local_date, net_amount as purchase_amount, cost_of_goods,
    cast(0 as decimal(18, 4)) as refund_amount, cast(0 as decimal(18, 4)) as recovered_stock,
    cast(0 as decimal(30, 4)) as amount_days, cast(0 as decimal(18, 4)) as bad_debt
  from value.orders
  union all
  select
    entry.customer_id, entry.local_date, 0, 0, entry.refund_amount_reporting,
    cast(      cast(entry.refund_amount_reporting as decimal(20, 4))
        * cast((1 - settings.margin_rate) * settings.returned_stock_recovery as decimal(13, 12))
    
  as decimal(18, 4)),
    0, 0
  from customers.returns as entry
  cross join settings.value as settings
  union all
  select
    receivable.customer_id, receivable.local_date, 0, 0, 0, 0,
    case when receivable.days > 0 then cast(receivable.amount as decimal(20, 4)) * receivable.days else 0 end,
    case
      when receivable.status = 'charged_back' then receivable.amount
      when receivable.status = 'open'
        and days_between(receivable.due_on, run.as_of) > settings.bad_debt_after_days then receivable.amount
      else 0
    end
  from value.receivables as receivable
  cross join settings.value as settings
  cross join settings.run as run
),
by_period as (
  select
    amounts.customer_id,
    case
      when amounts.local_date > behaviour.starts_after then 'last'
      when amounts.local_date > behaviour.before_starts_after then 'previous'
      else 'earlier'
    end as period,
    sum(amounts.purchase_amount) as purchase_amount,
    sum(amounts.cost_of_goods) as cost_of_goods,
    sum(amounts.refund_amount) as refund_amount,
    sum(amounts.recovered_stock) as recovered_stock,
    divide_money(
      cast(sum(amounts.amount_days) as decimal(24, 4)) * max(settings.capital_rate_year), 365
    ) as cost_of_credit,
    sum(amounts.bad_debt) as bad_debt
  from amounts
  cross join value.behaviour_window as behaviour
  cross join settings.value as settings
  group by
    amounts.customer_id,
    case
      when amounts.local_date > behaviour.starts_after then 'last'
      when amounts.local_date > behaviour.before_starts_after then 'previous'
      else 'earlier'
    end
),
costs as (
  select
    customer_id,
    period,
    sum(case when driver = 'order' then cost else 0 end) as order_cost,
    sum(case when driver = 'line' then cost else 0 end) as line_cost,
    sum(case when driver = 'delivery' then cost else 0 end) as delivery_cost,
    sum(case when driver = 'return' then cost else 0 end) as return_handling_cost,
    sum(case when driver in ('ticket', 'ticket_minute') then cost else 0 end) as support_cost,
    sum(case when driver = 'campaign_contact' then cost else 0 end) as campaign_cost,
    sum(case when driver = 'statement' then cost else 0 end) as statement_cost,
    sum(case when driver = 'reminder' then cost else 0 end) as reminder_cost,
    sum(cost) as cost_to_serve
  from value.cost_to_serve
  group by customer_id, period
),
components as (
  select
    coalesce(by_period.customer_id, costs.customer_id) as customer_id,
    coalesce(by_period.period, costs.period) as period,
    cast(coalesce(by_period.purchase_amount, 0) as decimal(18, 4)) as purchase_amount,
    cast(coalesce(by_period.refund_amount, 0) as decimal(18, 4)) as refund_amount,
    cast(coalesce(by_period.cost_of_goods, 0) as decimal(18, 4)) as cost_of_goods,
    cast(coalesce(by_period.recovered_stock, 0) as decimal(18, 4)) as recovered_stock,
    cast(coalesce(costs.order_cost, 0) as decimal(18, 4)) as order_cost,
    cast(coalesce(costs.line_cost, 0) as decimal(18, 4)) as line_cost,
    cast(coalesce(costs.delivery_cost, 0) as decimal(18, 4)) as delivery_cost,
    cast(coalesce(costs.return_handling_cost, 0) as decimal(18, 4)) as return_handling_cost,
    cast(coalesce(costs.support_cost, 0) as decimal(18, 4)) as support_cost,
    cast(coalesce(costs.campaign_cost, 0) as decimal(18, 4)) as campaign_cost,
    cast(coalesce(costs.statement_cost, 0) as decimal(18, 4)) as statement_cost,
    cast(coalesce(costs.reminder_cost, 0) as decimal(18, 4)) as reminder_cost,
    cast(coalesce(costs.cost_to_serve, 0) as decimal(18, 4)) as cost_to_serve,
    cast(coalesce(by_period.cost_of_credit, 0) as decimal(18, 4)) as cost_of_credit,
    cast(coalesce(by_period.bad_debt, 0) as decimal(18, 4)) as bad_debt
  from by_period
  full join costs on costs.customer_id = by_period.customer_id and costs.period = by_period.period
)
select
  customer_id,
  period,
  purchase_amount,
  refund_amount,
  cast(purchase_amount - refund_amount as decimal(18, 4)) as net_revenue,
  cost_of_goods,
  recovered_stock,
  cast(purchase_amount - refund_amount - cost_of_goods + recovered_stock as decimal(18, 4)) as gross_margin,
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
  cast(    purchase_amount - refund_amount - cost_of_goods + recovered_stock - cost_to_serve - cost_of_credit - bad_debt
  
  as decimal(18, 4)) as net_contribution
from components
