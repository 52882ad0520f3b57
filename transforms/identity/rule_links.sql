/*
comment: >
  The evidence that two accounts are one customer, by rules that are certain (design of identity, 2). A value that
  many accounts share gives a star of links to the first of them, not a link for every two. Links hold no
  personal data: the rule names the attribute, the accounts hold the value.
grain: two accounts and one rule
key: [account_number, other_account_number, rule]
columns:
  account_number: The one account, the smaller number
  other_account_number: The other account
  rule: tax_id, other_refs, email_and_name or phone_and_name
*/
with
-- A party in the middle (J. Smith, between John Smith and Jane Smith) belongs to nobody: its links would join
-- the two. It is recognised by two neighbours that are not compatible with each other.
neighbours as (
  select attribute, value, speaker, other_speaker from identity.compared_parties
  union all
  select attribute, value, other_speaker, speaker from identity.compared_parties
),
ambiguous as (
  select distinct one.attribute, one.value, one.speaker
  from neighbours as one
  inner join neighbours as two
    on two.attribute = one.attribute
    and two.value = one.value
    and two.speaker = one.speaker
    and one.other_speaker < two.other_speaker
  left join identity.compared_parties as compared
    on compared.attribute = one.attribute
    and compared.value = one.value
    and compared.speaker = one.other_speaker
    and compared.other_speaker = two.other_speaker
  where compared.speaker is null
),
by_value as (
  select compared.attribute, compared.speaker as account_number, compared.other_speaker as other_account_number
  from identity.compared_parties as compared
  left join ambiguous as one
    on one.attribute = compared.attribute and one.value = compared.value and one.speaker = compared.speaker
  left join ambiguous as other
    on other.attribute = compared.attribute
    and other.value = compared.value
    and other.speaker = compared.other_speaker
  where one.speaker is null and other.speaker is null
  union all
  -- Within a party: names that are equal, under a phone or a mailbox of several people names that are there.
  select attribute, speaker, account_number
  from identity.shared_values
  where speaker < account_number
    and case
      when attribute = 'phone'
        then (given_name is not null and family_name is not null)
          or (given_name is null and family_name is null and company_name is not null)
      when is_role_mailbox then family_name is not null or company_name is not null
      else true
    end
),
tax_ids as (
  select
    standardised.tax_id,
    standardised.account_number,
    min(standardised.account_number) over (partition by standardised.tax_id) as first_account_number
  from identity.standardised
  left join identity.ignored_values as ignored
    on ignored.attribute = 'tax_id' and ignored.value = standardised.tax_id
  where standardised.tax_id is not null and ignored.value is null
),
refs as (
  select
    account.account_number,
    account.source,
    written.ref
  from entities.accounts as entity
  inner join identity.accounts as account
    on account.source = entity.account_source and account.account_ref = entity.account_ref
  cross join unnest(string_to_array(entity.other_refs, ' ')) as written (ref)
  where written.ref <> ''
),
-- source:account_ref, or the account_ref alone where one other system has it and no more than one.
refs_with_source as (
  select
    written.account_number,
    target.account_number as other_account_number
  from (
    select
      account_number,
      split_part(ref, ':', 1) as source,
      substr(ref, length(split_part(ref, ':', 1)) + 2) as account_ref
    from refs
    where ref like '%:%'
  ) as written
  inner join identity.accounts as target
    on target.source = written.source and target.account_ref = written.account_ref
),
refs_alone as (
  select
    refs.account_number,
    min(target.account_number) as other_account_number
  from refs
  inner join identity.accounts as target
    on target.account_ref = refs.ref and target.source <> refs.source
  group by refs.account_number, refs.ref
  having count(*) = 1
),
linked as (
  select account_number, other_account_number, attribute || '_and_name' as rule from by_value
  union all
  select first_account_number, account_number, 'tax_id' from tax_ids where first_account_number < account_number
  union all
  select account_number, other_account_number, 'other_refs' from refs_with_source
  union all
  select account_number, other_account_number, 'other_refs' from refs_alone
)
select distinct
  least(account_number, other_account_number) as account_number,
  greatest(account_number, other_account_number) as other_account_number,
  rule
from linked
where account_number <> other_account_number
