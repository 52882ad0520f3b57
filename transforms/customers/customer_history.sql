/*
comment: >
  How the golden record of each customer changed, as type-2 rows: one for each time in which it stayed the same.
  A customer at any date: valid_from <= date and (valid_to is null or valid_to > date).
grain: one customer over one time without a change
key: [customer_id, valid_from]
publish: customer_history
personal:
  full_name: name
  given_name: name
  family_name: name
  company_name: name
  email: email
  phone: phone
  date_of_birth: date_of_birth
  street: address
  postcode: address
  tax_id: tax_id
tests:
  - not_null: is_current
  - expression: valid_to is null or valid_to > valid_from
columns:
  customer_id: The customer, by the id it had then; customer_ids leads to the present one
  valid_from: As-of date of the run that first found it so
  valid_to: As-of date of the first run that no longer found it so; null while it is so
  is_current: True while it is so
  kind: person or company
  full_name: Name in one piece
  given_name: Given name
  family_name: Family name
  company_name: Company name
  email: "E-mail"
  phone: Phone
  date_of_birth: Date of birth
  street: Street and number
  city: Town
  region: State, county or region
  postcode: Postcode
  country: Country
  tax_id: Tax id
  parent_customer_id: The group that the customer belongs to
  industry: "Segment: industry"
  channel: "Segment: sales channel"
  acquisition_source: "Segment: what brought the customer"
  sales_rep: "Segment: sales representative"
  territory: "Segment: territory"
  consent: False if any account refuses, else true if any agrees, else null
  sources: Sources that know the customer, by name, separated by commas
*/
with spans as (
  select
    customer_id,
    changed_on as valid_from,
    lead(changed_on) over (partition by customer_id order by changed_on nulls last) as valid_to,
    is_gone,
    kind,
    full_name,
    given_name,
    family_name,
    company_name,
    email,
    phone,
    date_of_birth,
    street,
    city,
    region,
    postcode,
    country,
    tax_id,
    parent_customer_id,
    industry,
    channel,
    acquisition_source,
    sales_rep,
    territory,
    consent,
    sources
  from customers.record_changes
)
select
  customer_id,
  valid_from,
  valid_to,
  valid_to is null as is_current,
  kind,
  full_name,
  given_name,
  family_name,
  company_name,
  email,
  phone,
  date_of_birth,
  street,
  city,
  region,
  postcode,
  country,
  tax_id,
  parent_customer_id,
  industry,
  channel,
  acquisition_source,
  sales_rep,
  territory,
  consent,
  sources
from spans
where not is_gone
