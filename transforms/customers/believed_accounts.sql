/*
comment: >
  For each customer and attribute the first row, in order of precedence, that has a value. A name is one attribute
  and so is an address: their parts always come from the same account.
grain: one customer with at least one described account
key: customer_id
columns:
  customer_id: The customer
  name_from: Precedence of the row that gives the name
  company_name_from: Precedence of the row that gives the company name
  email_from: Precedence of the row that gives the email
  phone_from: Precedence of the row that gives the phone
  date_of_birth_from: Precedence of the row that gives the date of birth
  address_from: Precedence of the row that gives the address
  tax_id_from: Precedence of the row that gives the tax id
  industry_from: Precedence of the row that gives the industry
  channel_from: Precedence of the row that gives the channel
  acquisition_source_from: Precedence of the row that gives the acquisition source
  sales_rep_from: Precedence of the row that gives the sales rep
  territory_from: Precedence of the row that gives the territory
*/
select
  customer_id,
  min(case when coalesce(full_name, family_name, given_name) is not null then precedence end) as name_from,
  min(case when company_name is not null then precedence end) as company_name_from,
  min(case when email is not null then precedence end) as email_from,
  min(case when phone is not null then precedence end) as phone_from,
  min(case when date_of_birth is not null then precedence end) as date_of_birth_from,
  min(case when coalesce(street, postcode, city) is not null then precedence end) as address_from,
  min(case when tax_id is not null then precedence end) as tax_id_from,
  min(case when industry is not null then precedence end) as industry_from,
  min(case when channel is not null then precedence end) as channel_from,
  min(case when acquisition_source is not null then precedence end) as acquisition_source_from,
  min(case when sales_rep is not null then precedence end) as sales_rep_from,
  min(case when territory is not null then precedence end) as territory_from
from customers.described_accounts
group by customer_id
