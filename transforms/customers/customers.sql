/*
comment: >
  One row per customer, the golden record: of each attribute the value of the most trusted source that has one, there
  the latest change. customer_attributes says where each value comes from.
grain: one customer
key: customer_id
publish: customers
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
  - relationships: { column: parent_customer_id, to: customers.customers.customer_id }
  - accepted_values: { column: kind, values: [person, company] }
  - expression: accounts > 0
columns:
  customer_id: Lasts over the runs; customer_ids leads from an old id to the present one
  kind: person or company; null where no account says
  full_name: Name in one piece
  given_name: Given name
  family_name: Family name
  company_name: Company name
  email: E-mail
  phone: E.164 where its country is known, else as written
  date_of_birth: Date of birth
  street: Street and number
  city: Town
  region: State, county or region
  postcode: Postcode
  country: ISO 3166 code where it is known, else as written
  tax_id: Tax id
  household_id: >
    The same for persons with the same surname, street and postcode; null for companies, and where one of the three is
    not known. It may change when the first customer of the household does
  parent_customer_id: The group that the customer belongs to, where a source says so (parent_ref of accounts)
  industry: "Segment: industry"
  channel: "Segment: sales channel"
  acquisition_source: "Segment: what brought the customer"
  sales_rep: "Segment: sales representative"
  territory: "Segment: territory"
  is_prospect: True for a customer without any purchase up to the as-of date
  consent: False if any account refuses, else true if any agrees, else null
  first_seen: First account or event, UTC; null where no source says
  last_seen: Last change of an account or last event, UTC; null where no source says
  sources: Sources that know the customer, by name, separated by commas
  accounts: Accounts of the customer over all sources
*/
with known as (
  select
    account.customer_id,
    min(account.opened_at) as first_opened_at,
    min(account.first_event_at) as first_event_at,
    max(account.last_event_at) as last_event_at,
    count(*) as accounts
  from customers.customer_accounts as account
  group by account.customer_id
),
customer_sources as (
  select distinct customer_id, source
  from customers.customer_accounts
),
source_lists as (
  select customer_id, string_agg(source, ',' order by source nulls last) as sources
  from customer_sources
  group by customer_id
),
described as (
  select
    account.customer_id,
    case when max(case when account.kind = 'company' then 1 else 0 end) = 1 then 'company'
         else max(account.kind) end as kind,
    max(case when account.precedence = believed.name_from then account.full_name end) as full_name,
    max(case when account.precedence = believed.name_from then account.given_name end) as given_name,
    max(case when account.precedence = believed.name_from then account.family_name end) as family_name,
    max(case when account.precedence = believed.company_name_from then account.company_name end) as company_name,
    max(case when account.precedence = believed.email_from then account.email end) as email,
    max(case when account.precedence = believed.phone_from then account.phone end) as phone,
    max(case when account.precedence = believed.date_of_birth_from then account.date_of_birth end) as date_of_birth,
    max(case when account.precedence = believed.address_from then account.street end) as street,
    max(case when account.precedence = believed.address_from then account.city end) as city,
    max(case when account.precedence = believed.address_from then account.region end) as region,
    max(case when account.precedence = believed.address_from then account.postcode end) as postcode,
    max(case when account.precedence = believed.address_from then account.country end) as country,
    max(case when account.precedence = believed.tax_id_from then account.tax_id end) as tax_id,
    max(case when account.precedence = believed.industry_from then account.industry end) as industry,
    max(case when account.precedence = believed.channel_from then account.channel end) as channel,
    max(case when account.precedence = believed.acquisition_source_from then account.acquisition_source end) as acquisition_source,
    max(case when account.precedence = believed.sales_rep_from then account.sales_rep end) as sales_rep,
    max(case when account.precedence = believed.territory_from then account.territory end) as territory,
    bool_and(account.consent) as consent,
    max(account.updated_at) as updated_at
  from customers.described_accounts as account
  inner join customers.believed_accounts as believed on believed.customer_id = account.customer_id
  group by account.customer_id
),
buyers as (
  select distinct customer_id
  from customers.purchases
)
select
  known.customer_id,
  described.kind,
  described.full_name,
  described.given_name,
  described.family_name,
  described.company_name,
  described.email,
  described.phone,
  described.date_of_birth,
  described.street,
  described.city,
  described.region,
  described.postcode,
  described.country,
  described.tax_id,
  household.household_id,
  parent.parent_customer_id,
  described.industry,
  described.channel,
  described.acquisition_source,
  described.sales_rep,
  described.territory,
  buyers.customer_id is null as is_prospect,
  described.consent,
  least(known.first_opened_at, known.first_event_at) as first_seen,
  greatest(described.updated_at, known.last_event_at, known.first_opened_at) as last_seen,
  source_lists.sources,
  known.accounts
from known
inner join source_lists on source_lists.customer_id = known.customer_id
left join described on described.customer_id = known.customer_id
left join customers.households as household on household.customer_id = known.customer_id
left join customers.parents as parent on parent.customer_id = known.customer_id
left join buyers on buyers.customer_id = known.customer_id
