/*
comment: >
  Which customers live together, as far as the surname and the address say: persons with the same surname, street and
  postcode. It says nothing of who is one customer.
grain: one person with a surname and an address
key: customer_id
citus:
  pull: The people of a household are spread by customer
columns:
  customer_id: The customer
  household_id: h_ and the digits of the id of the household's first customer
  people: Customers of the household
*/
with described as (
  select
    account.customer_id,
    max(case when account.precedence = believed.name_from then account.surname end) as surname,
    max(case when account.precedence = believed.address_from then account.street end) as street,
    max(case when account.precedence = believed.address_from then account.postcode end) as postcode,
    max(case when account.precedence = believed.address_from then account.country end) as country
  from customers.described_accounts as account
  inner join customers.believed_accounts as believed on believed.customer_id = account.customer_id
  group by account.customer_id
  having max(case when account.kind = 'company' then 1 else 0 end) = 0
),
-- Case, marks, blanks and punctuation make no other address.
evened as (
  select
    customer_id,
    surname,
    nullif(translate(unaccent_lower(street), '-_.,;:/()"!?*+&|''’`´ ', ''), '') as street,
    nullif(upper(regexp_replace(postcode, '[^A-Za-z0-9]', '', 'g')), '') as postcode,
    coalesce(country, '') as country
  from described
),
addressed as (
  select
    evened.customer_id,
    evened.surname,
    evened.street,
    evened.postcode,
    evened.country,
    row_number() over (
      partition by evened.surname, evened.street, evened.postcode, evened.country
      order by known.first_seen nulls last, evened.customer_id nulls last
    ) as place
  from evened
  inner join (
    select customer_id, min(opened_at) as first_seen from customers.customer_accounts group by customer_id
  ) as known on known.customer_id = evened.customer_id
  where evened.surname is not null and evened.street is not null and evened.postcode is not null
)
select
  customer_id,
  'h_' || substr(
    max(case when place = 1 then customer_id end) over (partition by surname, street, postcode, country), 3
  ) as household_id,
  count(*) over (partition by surname, street, postcode, country) as people
from addressed
