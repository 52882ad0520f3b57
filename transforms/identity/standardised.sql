/*
comment: The values of each account in a form that can be compared (design of identity, 1)
grain: one row of entities.accounts
key: [source, source_table, source_key]
columns:
  source: Source of the row
  source_table: Table of the row
  source_key: Key of the row in its table
  account_number: The account, in identity.accounts
  given_name: First given name, lower case without marks
  middle_name: Second given name, where there is one
  family_name: Last word of the family name, lower case without marks
  company_name: Company name without legal form and blanks
  email: E-mail without +tag, and without dots where the provider ignores them
  is_role_mailbox: True if the mailbox is one that several people read (info@, family@)
  phone: Phone as E.164 or, where its country is not known, its digits
  tax_id: Tax id in capitals, letters and digits only
  date_of_birth: Date of birth
  country: ISO 3166 code
  postcode: Postcode in capitals without blanks
*/
select
  written.source,
  written.source_table,
  written.source_key,
  written.account_number,
  case when written.is_given_name_alone and name.given_name is null then name.family_name
       else name.given_name end as given_name,
  name.middle_name,
  case when not (written.is_given_name_alone and name.given_name is null) then name.family_name end as family_name,
  company.bare_name as company_name,
  case when dotless.domain is null then written.mailbox || '@' || written.mail_domain
       else replace(written.mailbox, '.', '') || '@' || dotless.same_as end as email,
  role_mailbox.word is not null as is_role_mailbox,
  phone.number as phone,
  case when length(written.tax_id) >= 5 then written.tax_id end as tax_id,
  written.date_of_birth,
  written.country,
  written.postcode
from identity.written as written
left join settings.identity_dotless_mail_domains as dotless on dotless.domain = written.mail_domain
left join settings.identity_role_mailboxes as role_mailbox on role_mailbox.word = written.mailbox
left join identity.person_names as name on name.person_name = written.person_name
left join identity.company_names as company on company.company_name = written.company_name
left join identity.phone_dictionary as phone
  on phone.phone = written.phone and phone.country = coalesce(written.country, '')
