/*
comment: >
  E-mails, phones and tax ids that are never matched on: placeholders, and values that so many names or accounts
  share that they are nobody's own (a switchboard, the address of the shop)
grain: one value of one attribute
key: [attribute, value]
columns:
  attribute: email, phone or tax_id
  value: The value as in identity.standardised
  reason: placeholder, many names or many accounts
  accounts: Accounts that have it
  names: Different names under which they have it
*/
with held as (
  select 'email' as attribute, email as value, account_number, given_name, family_name, company_name
  from identity.standardised
  where email is not null
  union all
  select 'phone', phone, account_number, given_name, family_name, company_name
  from identity.standardised
  where phone is not null
  union all
  select 'tax_id', tax_id, account_number, given_name, family_name, company_name
  from identity.standardised
  where tax_id is not null
),
value_counts as (
  select attribute, value, count(*) as rows
  from held
  group by attribute, value
),
-- One character over and over (0000000) is a placeholder too.
suspicious as (
  select
    counts.attribute,
    counts.value,
    placeholder.value is not null
      or replace(translate(counts.value, '+', ''), substr(translate(counts.value, '+', ''), 1, 1), '') = ''
      as is_placeholder,
    counts.rows
  from value_counts as counts
  left join settings.identity_placeholders as placeholder
    on placeholder.attribute = counts.attribute and placeholder.value = counts.value
),
counted as (
  select
    held.attribute,
    held.value,
    suspicious.is_placeholder,
    count(distinct held.account_number) as accounts,
    count(distinct concat_ws(' ', held.given_name, held.family_name, held.company_name)) as names
  from held
  inner join suspicious on suspicious.attribute = held.attribute and suspicious.value = held.value
  where suspicious.rows > 1 or suspicious.is_placeholder
  group by held.attribute, held.value, suspicious.is_placeholder
),
judged as (
  select
    counted.attribute,
    counted.value,
    case
      when counted.is_placeholder then 'placeholder'
      when counted.names > settings.max_names_per_value then 'many names'
      when counted.accounts > settings.max_accounts_per_value then 'many accounts'
    end as reason,
    counted.accounts,
    counted.names
  from counted
  cross join settings.identity as settings
)
select attribute, value, reason, accounts, names
from judged
where reason is not null
