/*
comment: Each account as it is written in its source, with case, marks, punctuation and blanks evened out
grain: one row of entities.accounts
key: [source, source_table, source_key]
columns:
  source: Source of the row
  source_table: Table of the row
  source_key: Key of the row in its table
  account_number: The account, in identity.accounts
  person_name: Given names, then family name, lower case without marks; hyphens are blanks, apostrophes gone; null for a company
  is_given_name_alone: True if the row has a given name and nothing else of a name
  company_name: Company name, lower case without marks
  mailbox: What stands before the @ of the e-mail, lower case, without +tag; null if the e-mail is none
  mail_domain: What stands after it, lower case
  date_of_birth: Date of birth; null for the first of January 1900, which stands for "not known"
  phone: Phone without blanks and punctuation
  tax_id: Tax id in capitals, letters and digits only
  country: ISO 3166 code, from the row or else from the setting
  postcode: Postcode in capitals without blanks
*/
select
  entity.source,
  entity.source_table,
  entity.source_key,
  account.account_number,
  -- The names in a company's account are its contact of the day: the company is who it is.
  case when entity.kind = 'company' then null else nullif(stripped(regexp_replace(translate(unaccent_lower(coalesce(
    case when entity.family_name is not null then concat_ws(' ', entity.given_name, entity.family_name) end,
    case
      when entity.full_name like '%,%'
        then concat_ws(' ', split_part(entity.full_name, ',', 2), split_part(entity.full_name, ',', 1))
    end,
    entity.full_name,
    entity.given_name
  )), '-_.,;:/()"!?*+&|''’`´', '                '), '\s+', ' ', 'g')), '') end as person_name,
  entity.family_name is null and entity.full_name is null as is_given_name_alone,
  nullif(stripped(regexp_replace(translate(unaccent_lower(coalesce(
    entity.company_name,
    case when entity.kind = 'company' then entity.full_name end
  )), '-_,;:/()"!?*+&|.''’`´', '               '), '\s+', ' ', 'g')), '') as company_name,
  case when entity.email like '%_@_%._%'
    then split_part(split_part(lower(stripped(entity.email)), '@', 1), '+', 1) end as mailbox,
  case when entity.email like '%_@_%._%' then split_part(lower(stripped(entity.email)), '@', 2) end as mail_domain,
  case when entity.date_of_birth <> date '1900-01-01' then entity.date_of_birth end as date_of_birth,
  nullif(regexp_replace(entity.phone, '[^0-9A-Za-z+#]', '', 'g'), '') as phone,
  nullif(upper(regexp_replace(entity.tax_id, '[^A-Za-z0-9]', '', 'g')), '') as tax_id,
  coalesce(country.iso_code, settings.default_country) as country,
  nullif(upper(regexp_replace(entity.postcode, '[^A-Za-z0-9]', '', 'g')), '') as postcode
from entities.accounts as entity
inner join identity.accounts as account
  on account.source = entity.account_source and account.account_ref = entity.account_ref
left join identity.country_dictionary as country on country.country = entity.country
cross join settings.identity as settings
