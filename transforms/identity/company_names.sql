/*
comment: The name of each company without its legal form (up to three words, as in GmbH & Co. KG)
grain: one written company name
key: company_name
columns:
  company_name: As in identity.written
  bare_name: Without legal form and blanks
*/
with names as (
  select distinct company_name
  from identity.written
  where company_name is not null
),
without_one as (
  select
    names.company_name,
    case when form.word is null then names.company_name
         else substr(names.company_name, 1, length(names.company_name) - length(form.word) - 1) end as rest
  from names
  left join settings.identity_legal_forms as form
    on form.word = reverse(split_part(reverse(names.company_name), ' ', 1)) and form.word <> names.company_name
),
without_two as (
  select
    before.company_name,
    case when form.word is null then before.rest
         else substr(before.rest, 1, length(before.rest) - length(form.word) - 1) end as rest
  from without_one as before
  left join settings.identity_legal_forms as form
    on form.word = reverse(split_part(reverse(before.rest), ' ', 1)) and form.word <> before.rest
),
without_three as (
  select
    before.company_name,
    case when form.word is null then before.rest
         else substr(before.rest, 1, length(before.rest) - length(form.word) - 1) end as rest
  from without_two as before
  left join settings.identity_legal_forms as form
    on form.word = reverse(split_part(reverse(before.rest), ' ', 1)) and form.word <> before.rest
)
select
  bare.company_name,
  replace(bare.rest, ' ', '') as bare_name
from without_three as bare
left join settings.identity_placeholders as placeholder
  on placeholder.attribute = 'name' and placeholder.value = bare.rest
where placeholder.value is null
