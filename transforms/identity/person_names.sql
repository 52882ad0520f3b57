/*
comment: >
  The parts of each written name of a person: up to two honorifics before it and two suffixes after it are left out,
  then come the first given name, the second, and the last word of the family name. So "Garcia Lopez, Ana",
  "Dr. Ana Lopez" and "Ana Garcia Lopez" have the same given and family name. A single word is a family name.
grain: one written name
key: person_name
columns:
  person_name: As in identity.written
  given_name: First given name
  middle_name: Second word of a name of three words or more
  family_name: Last word
*/
with names as (
  select distinct person_name
  from identity.written
  where person_name is not null
),
without_first_honorific as (
  select
    names.person_name,
    case when affix.word is null then names.person_name
         else substr(names.person_name, length(affix.word) + 2) end as rest
  from names
  left join settings.identity_name_affixes as affix
    on affix.word = split_part(names.person_name, ' ', 1) and affix.word <> names.person_name
),
without_honorifics as (
  select
    before.person_name,
    case when affix.word is null then before.rest
         else substr(before.rest, length(affix.word) + 2) end as rest
  from without_first_honorific as before
  left join settings.identity_name_affixes as affix
    on affix.word = split_part(before.rest, ' ', 1) and affix.word <> before.rest
),
without_last_suffix as (
  select
    before.person_name,
    case when affix.word is null then before.rest
         else substr(before.rest, 1, length(before.rest) - length(affix.word) - 1) end as rest
  from without_honorifics as before
  left join settings.identity_name_affixes as affix
    on affix.word = reverse(split_part(reverse(before.rest), ' ', 1)) and affix.word <> before.rest
),
bare as (
  select
    before.person_name,
    case when affix.word is null then before.rest
         else substr(before.rest, 1, length(before.rest) - length(affix.word) - 1) end as rest
  from without_last_suffix as before
  left join settings.identity_name_affixes as affix
    on affix.word = reverse(split_part(reverse(before.rest), ' ', 1)) and affix.word <> before.rest
)
select
  bare.person_name,
  case when bare.rest like '% %' then split_part(bare.rest, ' ', 1) end as given_name,
  case when bare.rest like '% % %' then split_part(bare.rest, ' ', 2) end as middle_name,
  reverse(split_part(reverse(bare.rest), ' ', 1)) as family_name
from bare
left join settings.identity_placeholders as placeholder
  on placeholder.attribute = 'name' and placeholder.value = bare.rest
where placeholder.value is null
