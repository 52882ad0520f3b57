/*
comment: >
  Where each value of a customer comes from: the most trusted source that has one, there the latest change. A name and an
  address each come whole from one account.
grain: one attribute of one customer
key: [customer_id, attribute]
publish: customer_attributes
personal:
  value:
    by: attribute
    kinds:
      name: name
      company_name: name
      email: email
      phone: phone
      date_of_birth: date_of_birth
      address: address
      tax_id: tax_id
columns:
  customer_id: The customer
  attribute: name, company_name, email, phone, date_of_birth, address, tax_id or a segment
  value: The value, dates as YYYY-MM-DD
  source: Source of the account that gives it
  account_ref: The account that gives it
  updated_at: When that account was last changed, UTC; null where its source does not say
*/
with attributes (attribute) as (
  values
    ('name'),
    ('company_name'),
    ('email'),
    ('phone'),
    ('date_of_birth'),
    ('address'),
    ('tax_id'),
    ('industry'),
    ('channel'),
    ('acquisition_source'),
    ('sales_rep'),
    ('territory')
),
chosen as (
  select
    account.customer_id,
    attributes.attribute,
    case attributes.attribute
      when 'name' then coalesce(account.full_name, account.family_name, account.given_name)
      when 'company_name' then account.company_name
      when 'email' then account.email
      when 'phone' then account.phone
      when 'date_of_birth' then cast(account.date_of_birth as text)
      when 'address' then concat_ws(', ', account.street, account.city, account.region, account.postcode, account.country)
      when 'tax_id' then account.tax_id
      when 'industry' then account.industry
      when 'channel' then account.channel
      when 'acquisition_source' then account.acquisition_source
      when 'sales_rep' then account.sales_rep
      when 'territory' then account.territory
    end as value,
    account.source,
    account.account_ref,
    account.updated_at,
    account.precedence,
    case attributes.attribute
      when 'name' then believed.name_from
      when 'company_name' then believed.company_name_from
      when 'email' then believed.email_from
      when 'phone' then believed.phone_from
      when 'date_of_birth' then believed.date_of_birth_from
      when 'address' then believed.address_from
      when 'tax_id' then believed.tax_id_from
      when 'industry' then believed.industry_from
      when 'channel' then believed.channel_from
      when 'acquisition_source' then believed.acquisition_source_from
      when 'sales_rep' then believed.sales_rep_from
      when 'territory' then believed.territory_from
    end as believed_precedence
  from customers.described_accounts as account
  inner join customers.believed_accounts as believed on believed.customer_id = account.customer_id
  cross join attributes
)
select customer_id, attribute, value, source, account_ref, updated_at
from chosen
where precedence = believed_precedence
