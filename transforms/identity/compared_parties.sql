/*
comment: >
  Each two parties under one e-mail or phone that can be one customer, with how their names agree. At most
  identity.max_names_per_value parties stand under a value, so their pairs are few.
grain: two parties under one value
key: [attribute, value, speaker, other_speaker]
columns:
  attribute: email or phone
  value: The value as in identity.standardised
  speaker: First account of the one party
  other_speaker: First account of the other, the larger number
*/
with parties as (
  select distinct
    attribute, value, speaker, given_name, middle_name, family_name, company_name, date_of_birth, tax_id,
    is_role_mailbox
  from identity.shared_values
),
pairs as (
  select
    l.attribute,
    l.value,
    l.speaker,
    r.speaker as other_speaker,
    l.is_role_mailbox or r.is_role_mailbox as is_role_mailbox,
    -- Names agree: the same (also swapped), a short form, or the same given name and birth date (a new surname).
    coalesce(
      (l.family_name = r.family_name and (l.given_name = r.given_name or same.given_name is not null))
      or (l.family_name = r.given_name and l.given_name = r.family_name)
      or (l.given_name = r.given_name and l.date_of_birth = r.date_of_birth),
      false
    ) as has_same_name,
    -- Names do not disagree: an initial, or a part that one side lacks.
    coalesce(
      l.family_name = r.family_name and (
        l.given_name is null
        or r.given_name is null
        or (length(l.given_name) = 1 and l.given_name = substr(r.given_name, 1, 1))
        or (length(r.given_name) = 1 and r.given_name = substr(l.given_name, 1, 1))
      ),
      false
    ) or (l.family_name is null and l.given_name is null) or (r.family_name is null and r.given_name is null)
      as has_compatible_name,
    (l.family_name is null and l.given_name is null) or (r.family_name is null and r.given_name is null)
      as is_name_missing,
    l.family_name is null and l.given_name is null and r.family_name is null and r.given_name is null
      as are_names_missing,
    coalesce(l.company_name = r.company_name, false) as has_same_company,
    coalesce(l.company_name <> r.company_name, false) as has_other_company,
    coalesce(l.tax_id <> r.tax_id, false)
      or coalesce(substr(l.middle_name, 1, 1) <> substr(r.middle_name, 1, 1), false)
      -- Two of three parts of the birth date differ, and day and month are not swapped: no typing error.
      or coalesce(
        case when extract(year from l.date_of_birth) <> extract(year from r.date_of_birth) then 1 else 0 end
        + case when extract(month from l.date_of_birth) <> extract(month from r.date_of_birth) then 1 else 0 end
        + case when extract(day from l.date_of_birth) <> extract(day from r.date_of_birth) then 1 else 0 end >= 2
        and not (
          extract(year from l.date_of_birth) = extract(year from r.date_of_birth)
          and extract(month from l.date_of_birth) = extract(day from r.date_of_birth)
          and extract(day from l.date_of_birth) = extract(month from r.date_of_birth)
        ),
        false
      ) as has_contradiction
  from parties as l
  inner join parties as r
    on r.attribute = l.attribute and r.value = l.value and l.speaker < r.speaker
  left join settings.identity_same_given_names as same
    on same.given_name = l.given_name and same.other_given_name = r.given_name
)
select distinct attribute, value, speaker, other_speaker
from pairs
where not has_contradiction
  and case
    when attribute = 'phone' then (has_same_name and not has_other_company) or (are_names_missing and has_same_company)
    when is_role_mailbox then has_same_name or (are_names_missing and has_same_company)
    when is_name_missing then not has_other_company
    else has_same_name or has_compatible_name
  end
