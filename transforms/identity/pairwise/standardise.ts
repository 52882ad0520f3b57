import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteName, quoteText } from '../../../connectors/engines/quote.ts';
import { dotlessMailDomains, legalForms, nameAffixes } from '../word-lists.ts';
import { ownValueSql } from './configured-attributes.ts';
import { columnsOf } from './duckdb-rows.ts';
import { publicMailDomains } from './public-mail-domains.ts';
import type { PairwiseSettings } from './settings.ts';

/** Columns of an accounts table that are known by name, all text; those that a table lacks are missing. */
const knownColumns = [
  'source',
  'full_name',
  'given_name',
  'family_name',
  'company_name',
  'email',
  'phone',
  'date_of_birth',
  'street',
  'city',
  'postcode',
  'country',
  'tax_id',
] as const;

export async function standardise(
  connection: DuckDBConnection,
  accounts: string,
  { attributes: own }: Pick<PairwiseSettings, 'attributes'>,
): Promise<void> {
  const present = new Set(await columnsOf(connection, accounts));
  const written = knownColumns.map((name) => (present.has(name) ? name : `cast(null as text) as ${name}`));
  await connection.run(`create or replace temp table written as
    select account_number, (row_number() over (order by account_number) - 1)::integer as node,
      ${[...written, ...own.map(({ name }) => quoteName(name))].join(', ')}
    from ${accounts}`);
  await personNames(connection);
  const ownColumns = own.map((attribute) => {
    const column = `cast(parts.${quoteName(attribute.name)} as varchar)`;
    return `${ownValueSql(attribute, column, plain(column))} as ${quoteName(attribute.name)}`;
  });
  await connection.run(`create or replace temp table plain_accounts as
    with parts as (
      select written.*, names.given as given_part, names.family as family_part, names.middle as middle_names,
        lower(trim(email)) as mail,
        ${sortedWords(plain('street'))} as plain_street,
        nullif(regexp_replace(${plain('street')}, '[0-9 ]', '', 'g'), '') as street_text,
        upper(regexp_replace(postcode, '[^A-Za-z0-9]', '', 'g')) as plain_postcode,
        regexp_replace(date_of_birth, '[^0-9]', '', 'g') as digits_of_birth,
        ${companyWords} as company
      from written
      left join name_parts as names
        on names.written_name = ${writtenName('written')}
    )
    select account_number, node, source, country,
      given_part as given_name, family_part as family_name, middle_names,
      case when regexp_full_match(digits_of_birth, '[0-9]{8}') and digits_of_birth not in ('19000101', '00000000') then digits_of_birth end as date_of_birth,
      case when mail like '%_@_%._%' then ${mailbox} || '@' || ${mailDomain} end as email,
      case when mail like '%_@_%._%' then ${mailbox} end as mailbox,
      case when mail like '%_@_%._%' then ${mailDomain} end as mail_domain,
      coalesce(${mailDomain} in (${textList(publicMailDomains)}), false) as is_public_domain,
      case when length(regexp_replace(phone, '[^0-9]', '', 'g')) >= 7 then regexp_replace(phone, '[^0-9+]', '', 'g') end as phone,
      nullif(trim(regexp_replace(plain_street, '\\b[0-9]+[a-z]?\\b', '', 'g')), '') as street,
      nullif(array_to_string(regexp_extract_all(plain_street, '\\b[0-9]+[a-z]?\\b'), ' '), '') as street_number,
      street_text,
      nullif(replace(${plain('city')}, ' ', ''), '') as city,
      nullif(plain_postcode, '') as postcode,
      nullif(${postcodeArea}, '') as postcode_area,
      case when length(regexp_replace(tax_id, '[^A-Za-z0-9]', '', 'g')) >= 5 then upper(regexp_replace(tax_id, '[^A-Za-z0-9]', '', 'g')) end as tax_id,
      replace(company, ' ', '') as company_name,
      split_part(company, ' ', 1) as company_word,
      list_sort(string_split(company, ' ')) as company_words
      ${ownColumns.map((column) => `, ${column}`).join('')}
    from parts`);
}

/** The words in alphabetical order: parts of an address stand in any order. */
function sortedWords(text: string): string {
  return `array_to_string(list_sort(string_split(${text}, ' ')), ' ')`;
}

/** Lower case without marks, letters and digits with single blanks between. */
function plain(value: string): string {
  return `nullif(trim(regexp_replace(replace(replace(lower(strip_accents(nfc_normalize(${value}))), '''', ''), '’', ''), '[^\\p{L}\\p{N}]+', ' ', 'g')), '')`;
}

const mailDomain = `coalesce(map {${dotlessMailDomains.map(([domain, same]) => `${quoteText(domain)}: ${quoteText(same)}`).join(', ')}}[split_part(mail, '@', 2)], split_part(mail, '@', 2))`;
const mailbox = `case when split_part(mail, '@', 2) in (${textList(dotlessMailDomains.map(([domain]) => domain))})
  then replace(split_part(split_part(mail, '@', 1), '+', 1), '.', '') else split_part(split_part(mail, '@', 1), '+', 1) end`;

/** The outward half of a British postcode; the first three characters of any other. */
const postcodeArea = `case when regexp_full_match(plain_postcode, '[A-Z]{1,2}[0-9][A-Z0-9]?[0-9O][A-Z]{2}')
  then left(plain_postcode, length(plain_postcode) - 3) else left(plain_postcode, 3) end`;

/** Words of a company's name without its legal form and what joins it to that. */
const companyWords = `nullif(regexp_replace(regexp_replace(regexp_replace(${plain('company_name')}, '^the ', ''), '( (${legalForms.join('|')}))+$', ''), ' (and|und|et|y|e)$', ''), '')`;

function writtenName(table: string): string {
  return `case when ${table}.full_name is not null and ${table}.family_name is null then '=' || ${table}.full_name
    else coalesce(${table}.given_name, '') || chr(31) || coalesce(${table}.family_name, '') end`;
}

/** name_parts: of each written name the given name, the family name (last words) and what stands between. */
async function personNames(connection: DuckDBConnection): Promise<void> {
  const affixes = `[${textList(nameAffixes)}]`;
  const tokens = (value: string) =>
    `list_filter(string_split(coalesce(${plain(value)}, ''), ' '), word -> word <> '' and not list_contains(${affixes}, word))`;
  await connection.run(`create or replace temp table name_parts as
    with distinct_names as (
      select distinct ${writtenName('written')} as written_name,
        case when full_name is not null and family_name is null then
          case when full_name like '%,%' then split_part(full_name, ',', 2) || ' ' || split_part(full_name, ',', 1) else full_name end
        end as whole,
        given_name, family_name
      from written
      where coalesce(full_name, given_name, family_name) is not null
    ),
    split as (
      select written_name, whole is not null as is_whole,
        ${tokens('whole')} as words, ${tokens('given_name')} as given_words, ${tokens('family_name')} as family_words
      from distinct_names
    )
    select any_value(written_name) as written_name,
      any_value(nullif(case when is_whole then case when len(words) > 1 then words[1] end else given_words[1] end, '')) as given,
      any_value(nullif(case when is_whole then words[-1] else family_words[-1] end, '')) as family,
      any_value(' ' || array_to_string(case when is_whole then words[2:-2] else list_concat(given_words[2:], family_words[:-2]) end, ' ') || ' ') as middle
    from split
    group by written_name`);
}

function textList(words: readonly string[]): string {
  return words.map(quoteText).join(', ');
}
