import { quoteName } from '../../../connectors/engines/quote.ts';
import type { OwnAttribute } from '../pairwise/settings.ts';

/** Of the values of several rows of one account, those that belong together come from one row. */
const nameColumns = ['given_name', 'family_name'];
const addressColumns = ['street', 'city', 'postcode', 'country'];
const singleColumns = ['company_name', 'email', 'phone', 'tax_id', 'date_of_birth'];

/**
 * SELECT in the common dialect: one row per account with what matching compares, as text: account_number, source,
 * account_ref, the values of identity.standardised with the street and town as written, and the user's attributes.
 * Ignored values are null.
 *
 * @param only what `account_number` must be, as SQL: `in (1, 2)`; by default every account
 */
export function comparedAccounts(own: readonly OwnAttribute[], only = 'is not null'): string {
  const ownColumns = own.map(({ name }) => quoteName(name));
  const firstOf = (column: string, place: string): string =>
    `max(case when place = ${place} then ${column} end) as ${column}`;
  const fromAnyRow = [...singleColumns, ...ownColumns];
  const grouped = [
    ...nameColumns.map((column) => firstOf(column, 'name_place')),
    ...addressColumns.map((column) => firstOf(column, 'address_place')),
    ...fromAnyRow.map((column) => `min(${column}) as ${column}`),
  ];
  const kept = [...nameColumns, 'company_name', 'email', 'phone', ...addressColumns, 'tax_id'];
  // Nearly all accounts have one row: only the others are put in order, which takes most of the time.
  return `with several as (
    select account_number from identity.standardised where account_number ${only} group by account_number having count(*) > 1
  ),
  written as (
    select standardised.account_number, standardised.source, standardised.source_table, standardised.source_key,
      several.account_number is not null as is_one_of_several,
      nullif(concat_ws(' ', standardised.given_name, standardised.middle_name), '') as given_name,
      standardised.family_name, standardised.company_name, standardised.date_of_birth, standardised.country,
      standardised.postcode, entity.street, entity.city,
      case when ignored_email.value is null then standardised.email end as email,
      case when ignored_phone.value is null then standardised.phone end as phone,
      case when ignored_tax_id.value is null then standardised.tax_id end as tax_id
      ${ownColumns.map((column) => `, entity.${column}`).join('')}
    from identity.standardised as standardised
    inner join entities.accounts as entity
      on entity.source_key = standardised.source_key
      and entity.source = standardised.source
      and entity.source_table = standardised.source_table
    left join identity.ignored_values as ignored_email
      on ignored_email.value = standardised.email and ignored_email.attribute = 'email'
    left join identity.ignored_values as ignored_phone
      on ignored_phone.value = standardised.phone and ignored_phone.attribute = 'phone'
    left join identity.ignored_values as ignored_tax_id
      on ignored_tax_id.value = standardised.tax_id and ignored_tax_id.attribute = 'tax_id'
    left join several on several.account_number = standardised.account_number
    where standardised.account_number ${only}
  ),
  numbered as (
    select written.*,
      row_number() over (
        partition by account_number
        order by source nulls last, source_table nulls last, source_key nulls last
      ) as place
    from written
    where is_one_of_several
  ),
  placed as (
    select numbered.*,
      min(case when given_name is not null or family_name is not null then place end)
        over (partition by account_number) as name_place,
      min(case when street is not null or postcode is not null or city is not null then place end)
        over (partition by account_number) as written_address
    from numbered
  ),
  addressed as (select placed.*, coalesce(written_address, 1) as address_place from placed),
  described as (
    select account_number, ${[...nameColumns, ...addressColumns, ...fromAnyRow].join(', ')}
    from written where not is_one_of_several
    union all
    select account_number, ${grouped.join(', ')} from addressed group by account_number
  )
  select account.account_number, account.source, account.account_ref,
    ${kept.map((column) => `described.${column}`).join(', ')},
    cast(described.date_of_birth as text) as date_of_birth
    ${ownColumns.map((column) => `, cast(described.${column} as text) as ${column}`).join('')}
  from identity.accounts as account
  left join described on described.account_number = account.account_number
  where account.account_number ${only}`;
}
