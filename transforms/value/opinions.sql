/*
comment: What each customer says in surveys. Scores in per cent of their scale
grain: one customer
key: customer_id
metrics:
  survey_satisfaction: higher
  survey_satisfaction_last: higher
  survey_satisfaction_trend: higher
  nps: higher
  nps_last: higher
  nps_trend: higher
  brand_perception: higher
  brand_perception_last: higher
  brand_perception_trend: higher
columns:
  customer_id: The customer
  survey_satisfaction: Mean score of satisfaction surveys, 0 to 100; null without an answer
  survey_satisfaction_last: The last score; null without an answer
  survey_satisfaction_trend: Mean of the behaviour window minus mean of as many months before; null without both
  nps: Mean of the answers to "would you recommend us", 0 to 100; null without an answer
  nps_last: The last of them; null without an answer
  nps_trend: Mean of the behaviour window minus mean of as many months before; null without both
  brand_perception: Mean score of brand surveys, 0 to 100; null without an answer
  brand_perception_last: The last score; null without an answer
  brand_perception_trend: Mean of the behaviour window minus mean of as many months before; null without both
*/
with answers as (
  select
    survey.customer_id,
    survey.kind,
    -- Where a survey does not say its scale, the usual one: 10 for the recommendation, 5 for others.
    divide_money(
      100 * cast(survey.score as decimal(20, 8)),
      coalesce(survey.scale, case when survey.kind = 'nps' then 10 else 5 end)
    ) as score,
    survey.local_date > behaviour.starts_after as is_in_window,
    survey.local_date > behaviour.before_starts_after and survey.local_date <= behaviour.starts_after as is_before,
    row_number() over (
      partition by survey.customer_id, survey.kind
      order by survey.occurred_at desc nulls last, survey.source nulls last, survey.source_table nulls last,
        survey.source_key nulls last
    ) as place
  from customers.surveys as survey
  cross join value.behaviour_window as behaviour
  where survey.score is not null
),
by_kind as (
  select
    customer_id,
    kind,
    sum(score) as score,
    count(score) as answers,
    max(case when place = 1 then score end) as last_score,
    sum(case when is_in_window then score end) as recent_score,
    count(case when is_in_window then score end) as recent_answers,
    sum(case when is_before then score end) as previous_score,
    count(case when is_before then score end) as previous_answers
  from answers
  group by customer_id, kind
),
described as (
  select
    customer_id,
    kind,
    divide_money(score, answers) as mean_score,
    last_score,
    divide_money(recent_score, recent_answers) - divide_money(previous_score, previous_answers) as trend
  from by_kind
),
by_customer as (
  select
    customer_id,
    max(case when kind = 'satisfaction' then mean_score end) as survey_satisfaction,
    max(case when kind = 'satisfaction' then last_score end) as survey_satisfaction_last,
    max(case when kind = 'satisfaction' then trend end) as survey_satisfaction_trend,
    max(case when kind = 'nps' then mean_score end) as nps,
    max(case when kind = 'nps' then last_score end) as nps_last,
    max(case when kind = 'nps' then trend end) as nps_trend,
    max(case when kind = 'brand' then mean_score end) as brand_perception,
    max(case when kind = 'brand' then last_score end) as brand_perception_last,
    max(case when kind = 'brand' then trend end) as brand_perception_trend
  from described
  group by customer_id
)
select
  customer.customer_id,
  answers.survey_satisfaction,
  answers.survey_satisfaction_last,
  answers.survey_satisfaction_trend,
  answers.nps,
  answers.nps_last,
  answers.nps_trend,
  answers.brand_perception,
  answers.brand_perception_last,
  answers.brand_perception_trend
from customers.customers as customer
left join by_customer as answers on answers.customer_id = customer.customer_id
