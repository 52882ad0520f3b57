import type { Scratch } from '../../../connectors/engines/scratch.ts';

/** Takes what the last run made of the accounts into the scratch: members, links and cuts, as judge.ts reads them. */
export async function takeOutcome(scratch: Scratch): Promise<void> {
  await scratch.take(
    'members',
    `select source, account_ref, customer_id, cast(account_number - 1 as integer) as node from identity.members`,
  );
  await scratch.take(
    'links',
    `select cast(account_number - 1 as integer) as l, cast(other_account_number - 1 as integer) as r,
       case when decision = 'must_link' then 'a person put them together' when rule is not null then 'rule ' || rule
         else levels end as evidence
     from identity.links where decision <> 'review'`,
  );
  await scratch.take(
    'cuts',
    `select cast(one.account_number - 1 as integer) as l, cast(other.account_number - 1 as integer) as r,
       cuts.reason
     from identity.cuts as cuts
     inner join identity.members as one on one.account_ref = cuts.account_ref and one.source = cuts.source
     inner join identity.members as other
       on other.account_ref = cuts.other_account_ref and other.source = cuts.other_source`,
  );
}
