/*
comment: >
  Customers who have not bought yet, and how likely each is to: logistic regression on what came from them and went to
  them, learned from those who had not bought one horizon ago. model_fits and model_backtests say how it is known
grain: one customer without a purchase
key: customer_id
publish: prospects
citus:
  pull: One rank over all prospects
tests:
  - expression: probability_to_buy between 0 and 1
  - expression: (probability_to_buy is null) = (rank is null)
  - not_null: [reason, horizon_days]
columns:
  customer_id: The customer
  probability_to_buy: >
    Probability of a first purchase within horizon_days of the as-of date, 1 / (1 + exp(-(intercept + sum of coefficient
    x level))); the share of all past prospects where the model did not beat it; null where too little is known
  horizon_days: value.prospects.horizon in days
  rank: 1 for the likeliest; ties go by the latest touch, then by customer_id; null without a probability
  reason: Where the probability comes from, or why there is none
  days_known: Days since the first account was opened or the first event; null where no source says
  days_since_touch: Days since the last thing that came from the customer; null if nothing ever did
  messages: Messages sent to it in the behaviour window
  opened: Messages opened in the behaviour window
  responses: Clicks, responses and conversions in the behaviour window
  visits: Web sessions in the behaviour window
  tickets: Contacts with support in the behaviour window
  social_touches: Likes, comments and shares in the behaviour window
  is_referred: True if another customer brought it
  has_unsubscribed: True if it unsubscribed from campaigns
*/
with scored as (
  select
    feature.customer_id,
    score.probability_to_buy,
    case when feature.known_level is null and fit.has_forecast
      then 'no source says since when it is known: nobody to compare it with' else fit.reason end as reason,
    feature.days_known,
    feature.days_since_touch,
    feature.messages,
    feature.opened,
    feature.responses,
    feature.visits,
    feature.tickets,
    feature.social_touches,
    feature.is_referred = 1 as is_referred,
    feature.has_unsubscribed = 1 as has_unsubscribed
  from value.prospect_features as feature
  cross join value.prospect_fit as fit
  left join value.prospect_scores as score
    on score.known_level = feature.known_level
      and score.touch_level = feature.touch_level
      and score.message_level = feature.message_level
      and score.opened_level = feature.opened_level
      and score.response_level = feature.response_level
      and score.visit_level = feature.visit_level
      and score.ticket_level = feature.ticket_level
      and score.social_level = feature.social_level
      and score.is_referred = feature.is_referred
      and score.has_unsubscribed = feature.has_unsubscribed
  where feature.horizons_ago = 0
)
select
  scored.customer_id,
  scored.probability_to_buy,
  settings.prospect_horizon_days as horizon_days,
  case when scored.probability_to_buy is not null
    then row_number() over (
      order by scored.probability_to_buy desc nulls last, scored.days_since_touch nulls last, scored.customer_id nulls last
    ) end as rank,
  scored.reason,
  scored.days_known,
  scored.days_since_touch,
  scored.messages,
  scored.opened,
  scored.responses,
  scored.visits,
  scored.tickets,
  scored.social_touches,
  scored.is_referred,
  scored.has_unsubscribed
from scored
cross join settings.value as settings
