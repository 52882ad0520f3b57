import type { Engine } from '../../connectors/engines/engine.ts';
import type { Step } from '../step.ts';
import { recordCustomerIds } from './customer-ids.ts';
import { countRows, dropTemporary, tableExists } from './temporary-table.ts';

const table = { schema: 'identity', table: 'members' };

/**
 * Gives each component its customer id. A customer keeps its id over the runs: the id goes to the component that
 * holds most of the accounts it had in the last run (ties: the one with the oldest account, then the
 * smallest account). A component that inherits several ids keeps that of which it has most accounts; one that
 * inherits none gets an id from its oldest account. Same accounts, links and last run: same ids.
 */
export const members: Step = {
  table,
  needs: ['identity.clusters', 'identity.links', 'identity.accounts', 'settings.run'],
  header: {
    comment: 'Which customer each account belongs to',
    grain: 'one account',
    key: ['source', 'account_ref'],
    tests: [{ not_null: ['customer_id'], severity: 'error' }],
    columns: {
      customer_id: 'The customer',
      source: 'Source of the account',
      account_ref: 'The account in its source',
      account_number: 'The account, in identity.accounts',
      is_implied: 'True if only events name the account',
      rule: 'Surest rule that links it to another account of the customer: must_link (a person decided it), tax_id, other_refs, email_and_name, phone_and_name, a rule of the settings, or evidence; only_account where there is no other',
      probability:
        'That it and another account of the customer are one, by the evidence that speaks most for it; null where there is no other',
      since: 'As-of date of the run that first gave the account to this customer',
    },
  },
  build: async (engine) => {
    await findClaims(engine);
    await inheritIds(engine);
    await giveNewIds(engine);
    await recordCustomerIds(engine);
    const rows = await engine.buildTable(table, membersSelect);
    await dropTemporary(engine, 'member_accounts', 'member_claims', 'member_ids');
    return rows;
  },
};

/** member_accounts: account with its component and last customer; member_claims: what an old id has where. */
async function findClaims(engine: Engine): Promise<void> {
  const last = (await tableExists(engine, table.schema, table.table))
    ? 'identity.members'
    : `(select cast('' as text) as customer_id, cast('' as text) as source, cast('' as text) as account_ref,
          cast(null as date) as since where 1 = 0)`;
  await engine.buildTemporary(
    'member_accounts',
    `select account.account_number, account.source, account.account_ref, account.is_implied, account.opened_at,
       component.cluster as component, last.customer_id as last_customer_id, last.since as last_since
     from identity.accounts as account
     inner join identity.clusters as component on component.account_number = account.account_number
     left join ${last} as last on last.source = account.source and last.account_ref = account.account_ref`,
  );
  await engine.buildTemporary(
    'member_claims',
    `select last_customer_id as customer_id, component, count(*) as accounts,
       min(opened_at) as oldest_at, min(account_number) as first_account
     from member_accounts
     where last_customer_id is not null
     group by last_customer_id, component`,
  );
}

/** member_ids (component, customer_id, how): `kept` for the id that a component goes on with, `merged` for the others. */
async function inheritIds(engine: Engine): Promise<void> {
  const mostAccounts = 'accounts desc nulls last, oldest_at nulls last, first_account nulls last';
  await engine.buildTemporary(
    'member_ids',
    `with ranked as (
       select customer_id, component, accounts, oldest_at, first_account,
         row_number() over (partition by customer_id order by ${mostAccounts}) as place
       from member_claims
     ),
     inherited as (
       select customer_id, component,
         row_number() over (partition by component order by ${mostAccounts}) as place
       from ranked
       where place = 1
     )
     select component, customer_id, case when place = 1 then 'kept' else 'merged' end as how
     from inherited`,
  );
}

/**
 * Ids for the components that inherit none: 16 hex digits of the founding account's hash. Where a living customer
 * has that id (its founder went to another component, or two hashes are equal), the next hash is tried.
 */
async function giveNewIds(engine: Engine): Promise<void> {
  await engine.buildTemporary(
    'member_founders',
    `with ranked as (
       select account.component, account.source, account.account_ref,
         row_number() over (
           partition by account.component order by account.opened_at nulls last, account.account_number nulls last
         ) as place,
         max(case when account.last_customer_id is not null then 1 else 0 end)
           over (partition by account.component) as is_split
       from member_accounts as account
       left join member_ids as inherited on inherited.component = account.component
       where inherited.component is null
     )
     select component, source, account_ref, is_split from ranked where place = 1`,
  );
  for (let attempt = 0; (await countRows(engine, 'member_founders')) > 0; attempt += 1) {
    const suffix = attempt === 0 ? '' : `|${attempt}`;
    await engine.run(
      `insert into member_ids (component, customer_id, how)
       with candidates as (
         select component, is_split,
           'c_' || substr(md5(source || '|' || account_ref || '${suffix}'), 1, 16) as customer_id
         from member_founders
       ),
       first_come as (
         select component, is_split, customer_id,
           row_number() over (partition by customer_id order by component nulls last) as place
         from candidates
       )
       select first_come.component, first_come.customer_id,
         case when first_come.is_split = 1 then 'split' else 'new' end
       from first_come
       left join member_ids as living on living.customer_id = first_come.customer_id
       where first_come.place = 1 and living.customer_id is null`,
    );
    await engine.run(
      `delete from member_founders
       where component in (select component from member_ids where how in ('new', 'split'))`,
    );
  }
  await dropTemporary(engine, 'member_founders');
}

const membersSelect = `with sides as (
    select account_number, decision, rule, probability from identity.links where decision <> 'review'
    union all
    select other_account_number, decision, rule, probability from identity.links where decision <> 'review'
  ),
  named as (
    select account_number, probability,
      case when decision = 'must_link' then 'must_link' when rule is null then 'evidence' else rule end as rule,
      case when decision = 'must_link' then 1 when rule = 'tax_id' then 2 when rule = 'other_refs' then 3
        when rule = 'email_and_name' then 4 when rule = 'phone_and_name' then 5 when rule is not null then 6
        else 7 end as place
    from sides
  ),
  ranked as (
    select account_number, rule, max(probability) over (partition by account_number) as probability,
      row_number() over (partition by account_number order by place nulls last, rule nulls last) as rank
    from named
  )
  select id.customer_id, account.source, account.account_ref, account.account_number, account.is_implied,
    coalesce(ranked.rule, 'only_account') as rule,
    ranked.probability,
    case when account.last_customer_id = id.customer_id then account.last_since else run.as_of end as since
  from member_accounts as account
  inner join member_ids as id on id.component = account.component and id.how <> 'merged'
  left join ranked on ranked.account_number = account.account_number and ranked.rank = 1
  cross join settings.run as run`;
