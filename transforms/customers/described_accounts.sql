/*
comment: >
  What each account says of its customer, with placeholders left out, in the order in which they are believed: the
  more trusted source first, then the latest change
grain: one row of entities.accounts
key: [customer_id, precedence]
citus:
  pull: The accounts of a customer are ranked among each other, and are spread by account until then
columns:
  customer_id: The customer
  precedence: 1 for the row of the customer that is believed first
  source: Source of the account
  account_ref: The account in its source
  updated_at: When the account was last changed, UTC
  kind: person or company
  full_name: Name in one piece
  given_name: Given name
  family_name: Family name
  surname: Family name in lower case without marks, its last word
  company_name: Company name
  email: E-mail, lower case
  phone: E.164 where it is known, else as written
  date_of_birth: Date of birth
  street: Street and number
  city: Town
  region: State, county or region
  postcode: Postcode
  country: ISO 3166 code where it is known, else as written
  tax_id: Tax id as written
  parent_ref: As the source says
  industry: Segment
  channel: Segment
  acquisition_source: Segment
  sales_rep: Segment
  territory: Segment
  is_prospect: As the source says
  consent: As the source says
  created_at: When the account was opened, UTC
*/
select
  member.customer_id,
  row_number() over (
    partition by member.customer_id
    order by
      coalesce(trusted.trust_rank, 1000000) nulls last,
      coalesce(entity.updated_at, entity.created_at) desc nulls last,
      entity.source nulls last,
      entity.account_ref nulls last,
      entity.source_table nulls last,
      entity.source_key nulls last
  ) as precedence,
  member.source,
  member.account_ref,
  coalesce(entity.updated_at, entity.created_at) as updated_at,
  entity.kind,
  nullif(stripped(coalesce(
    entity.full_name,
    concat_ws(' ', entity.given_name, entity.family_name)
  )), '') as full_name,
  nullif(stripped(entity.given_name), '') as given_name,
  nullif(stripped(entity.family_name), '') as family_name,
  standard.family_name as surname,
  nullif(stripped(entity.company_name), '') as company_name,
  case when standard.email is not null and no_email.value is null then lower(stripped(entity.email)) end as email,
  case
    when no_phone.value is not null or standard.phone is null then null
    when standard.phone like '+%' then standard.phone
    else stripped(entity.phone)
  end as phone,
  standard.date_of_birth,
  nullif(stripped(entity.street), '') as street,
  nullif(stripped(entity.city), '') as city,
  nullif(stripped(entity.region), '') as region,
  nullif(stripped(entity.postcode), '') as postcode,
  coalesce(country.iso_code, nullif(stripped(entity.country), '')) as country,
  case when standard.tax_id is not null and no_tax_id.value is null then stripped(entity.tax_id) end as tax_id,
  nullif(stripped(entity.parent_ref), '') as parent_ref,
  nullif(stripped(entity.industry), '') as industry,
  nullif(stripped(entity.channel), '') as channel,
  nullif(stripped(entity.acquisition_source), '') as acquisition_source,
  nullif(stripped(entity.sales_rep), '') as sales_rep,
  nullif(stripped(entity.territory), '') as territory,
  entity.is_prospect,
  entity.consent,
  entity.created_at
from entities.accounts as entity
inner join identity.standardised as standard
  on standard.source = entity.source
  and standard.source_table = entity.source_table
  and standard.source_key = entity.source_key
inner join identity.members as member
  on member.account_number = standard.account_number and member.account_ref = entity.account_ref
left join identity.country_dictionary as country on country.country = entity.country
left join settings.sources as trusted on trusted.source = member.source
left join identity.ignored_values as no_email
  on no_email.attribute = 'email' and no_email.value = standard.email and no_email.reason = 'placeholder'
left join identity.ignored_values as no_phone
  on no_phone.attribute = 'phone' and no_phone.value = standard.phone and no_phone.reason = 'placeholder'
left join identity.ignored_values as no_tax_id
  on no_tax_id.attribute = 'tax_id' and no_tax_id.value = standard.tax_id and no_tax_id.reason = 'placeholder'
