/*
comment: >
  E-mails and phones that several accounts share. Accounts with the same names, birth date and tax id under one
  value are one party, whose first account speaks for all, so that many accounts under one value stay few pairs.
grain: one account row under one value
key: [attribute, value, account_number, speaker]
columns:
  attribute: email or phone
  value: The value as in identity.standardised
  account_number: The account
  speaker: The party's first account
  given_name: First given name
  middle_name: Second given name
  family_name: Family name
  company_name: Company name
  date_of_birth: Date of birth
  tax_id: Tax id
  is_role_mailbox: True if several people read the mailbox
*/
with held as (
  select distinct
    'email' as attribute, email as value, account_number, given_name, middle_name, family_name, company_name,
    date_of_birth, tax_id, is_role_mailbox
  from identity.standardised
  where email is not null
  union all
  select distinct
    'phone', phone, account_number, given_name, middle_name, family_name, company_name,
    date_of_birth, tax_id, false
  from identity.standardised
  where phone is not null
),
repeated as (
  select attribute, value
  from held
  group by attribute, value
  having min(account_number) < max(account_number)
),
usable as (
  select repeated.attribute, repeated.value
  from repeated
  left join identity.ignored_values as ignored
    on ignored.attribute = repeated.attribute and ignored.value = repeated.value
  where ignored.value is null
)
select
  held.attribute,
  held.value,
  held.account_number,
  min(held.account_number) over (
    partition by
      held.attribute, held.value, held.given_name, held.middle_name, held.family_name, held.company_name,
      held.date_of_birth, held.tax_id
  ) as speaker,
  held.given_name,
  held.middle_name,
  held.family_name,
  held.company_name,
  held.date_of_birth,
  held.tax_id,
  held.is_role_mailbox
from held
inner join usable on usable.attribute = held.attribute and usable.value = held.value
