/*
comment: How each customer buys
grain: one customer
key: customer_id
metrics:
  recency_days: lower
  frequency: { better: higher, scored_by: frequency_in_window, unit_amount: margin_per_purchase_day }
  monetary: { better: higher, scored_by: monetary_in_window, unit_amount: margin_per_monetary }
  first_purchase_on: none
  last_purchase_on: none
  orders: higher
  frequency_in_window: { better: higher, unit_amount: margin_per_purchase_day }
  monetary_in_window: { better: higher, unit_amount: margin_per_monetary }
  purchase_interval_days: lower
  interval_variation: lower
  intervals_overdue: lower
  peak_month: none
  month_concentration: none
  is_seasonal: none
  growth: higher
columns:
  customer_id: The customer
  recency_days: As-of date minus the last purchase day; null without a purchase
  frequency: Purchase days, whole life; repeats are one fewer
  monetary: Mean net amount per purchase day, whole life; null without a purchase
  first_purchase_on: First purchase day
  last_purchase_on: Last purchase day
  orders: Orders, whole life; credits alone are none
  frequency_in_window: Purchase days in the behaviour window
  monetary_in_window: Mean net amount per purchase day in the behaviour window; null without a purchase
  purchase_interval_days: >
    Mean days from one purchase day to the next, (last - first) / (frequency - 1); null below two purchase days
  interval_variation: >
    Regularity of buying, standard deviation of the days between purchases / their mean; 0 is a clockwork, 1 is by
    chance; null below three purchase days
  intervals_overdue: recency_days / purchase_interval_days; above 1 the customer is later than usual
  peak_month: Month of the year with most purchase days, 1 to 12; the earliest of equals
  month_concentration: >
    How purchase days keep to certain months of the year, (12 x sum of squared shares of the months - 1) / 11; 0 spread
    evenly, 1 all in one month; null below four purchase days
  is_seasonal: >
    True for four purchase days or more in two years or more with month_concentration of 0.4 or more; out of season
    such a customer is not lapsed
  growth: Net revenue of the window / of as many months before, minus 1; null where the latter is below 1
  margin_per_purchase_day: Net amount less cost of goods per purchase day of the window, money
  margin_per_monetary: The same of the window per unit of monetary_in_window, purchase days x margin share
*/
with gaps as (
  select
    customer_id,
    purchased_on,
    net_amount,
    days_between(
      lag(purchased_on) over (partition by customer_id order by purchased_on nulls last), purchased_on
    ) as gap
  from value.purchase_days
),
by_customer as (
  select
    gaps.customer_id,
    min(gaps.purchased_on) as first_purchase_on,
    max(gaps.purchased_on) as last_purchase_on,
    count(*) as frequency,
    cast(sum(gaps.net_amount) as decimal(18, 4)) as amount,
    count(case when gaps.purchased_on > behaviour.starts_after then 1 end) as frequency_in_window,
    cast(sum(case when gaps.purchased_on > behaviour.starts_after then gaps.net_amount else 0 end) as decimal(18, 4))
      as amount_in_window,
    cast(sum(gaps.gap * gaps.gap) as bigint) as squared_gaps,
    count(distinct date_part('year', gaps.purchased_on)) as years
  from gaps
  cross join value.behaviour_window as behaviour
  group by gaps.customer_id
),
by_month as (
  select customer_id, cast(date_part('month', purchased_on) as bigint) as purchase_month, count(*) as purchase_days
  from value.purchase_days
  group by customer_id, cast(date_part('month', purchased_on) as bigint)
),
by_year as (
  select
    customer_id,
    cast(sum(purchase_days * purchase_days) as bigint) as squared_days,
    -- The month is the last two digits behind its purchase days, so that the greatest number names it.
    13 - mod(max(100 * purchase_days + 13 - purchase_month), 100) as peak_month
  from by_month
  group by customer_id
),
by_order as (
  select
    orders.customer_id,
    count(case when orders.is_purchase then 1 end) as orders,
    cast(sum(case when orders.ordered_on > behaviour.starts_after then orders.net_amount - orders.cost_of_goods else 0 end)
      as decimal(18, 4)) as margin_in_window
  from value.orders as orders
  cross join value.behaviour_window as behaviour
  group by orders.customer_id
),
measured as (
  select
    contribution.customer_id,
    days_between(buyer.last_purchase_on, behaviour.as_of) as recency_days,
    coalesce(buyer.frequency, 0) as frequency,
    divide_money(buyer.amount, buyer.frequency) as monetary,
    buyer.first_purchase_on,
    buyer.last_purchase_on,
    coalesce(orders.orders, 0) as orders,
    coalesce(buyer.frequency_in_window, 0) as frequency_in_window,
    divide_money(buyer.amount_in_window, buyer.frequency_in_window) as monetary_in_window,
    divide_money(days_between(buyer.first_purchase_on, buyer.last_purchase_on), buyer.frequency - 1)
      as purchase_interval_days,
    cast(days_between(buyer.first_purchase_on, buyer.last_purchase_on) as double precision) as days_bought,
    buyer.squared_gaps,
    buyer.years,
    cast(seasons.peak_month as integer) as peak_month,
    case when buyer.frequency >= 4
      then (12 * cast(seasons.squared_days as double precision) / (buyer.frequency * buyer.frequency) - 1)
        / cast(11 as double precision) end as month_concentration,
    case when contribution.net_revenue_before >= 1
      then divide_money(
        contribution.net_revenue_in_window - contribution.net_revenue_before, contribution.net_revenue_before
      ) end as growth,
    divide_money(orders.margin_in_window, buyer.frequency_in_window) as margin_per_purchase_day,
    case when buyer.amount_in_window > 0
      then divide_money(
        cast(orders.margin_in_window as decimal(20, 4)) * buyer.frequency_in_window, buyer.amount_in_window
      ) end as margin_per_monetary
  from value.contribution as contribution
  left join by_customer as buyer on buyer.customer_id = contribution.customer_id
  left join by_year as seasons on seasons.customer_id = contribution.customer_id
  left join by_order as orders on orders.customer_id = contribution.customer_id
  cross join value.behaviour_window as behaviour
)
select
  customer_id,
  recency_days,
  frequency,
  monetary,
  first_purchase_on,
  last_purchase_on,
  orders,
  frequency_in_window,
  monetary_in_window,
  purchase_interval_days,
  -- From whole numbers, so that both engines give the same: n gaps, their sum and the sum of their squares.
  case when frequency >= 3
    then sqrt(
      greatest(squared_gaps - days_bought * days_bought / cast(frequency - 1 as double precision), 0)
        / cast(frequency - 2 as double precision)
    ) * cast(frequency - 1 as double precision) / cast(days_bought as double precision) end as interval_variation,
  divide_money(recency_days, purchase_interval_days) as intervals_overdue,
  peak_month,
  month_concentration,
  coalesce(month_concentration >= 0.4 and years >= 2, false) as is_seasonal,
  growth,
  margin_per_purchase_day,
  margin_per_monetary
from measured
