import type { Engine } from '../../connectors/engines/engine.ts';
import { dropTemporary } from './temporary-table.ts';

/**
 * Brings whalecurve.customer_ids, every id ever given, up to what member_ids decided, so that an old id
 * always leads to the customer of today. Reads the temporary tables that the step identity.members made.
 */
export async function recordCustomerIds(engine: Engine): Promise<void> {
  await engine.run('create schema if not exists whalecurve');
  await engine.run(
    `create table if not exists whalecurve.customer_ids (
       customer_id text collate "C", present_customer_id text collate "C", since date, reason text collate "C")`,
  );
  await engine.run(
    `create table if not exists whalecurve.identity_changes (
       run_id text collate "C", changed_on date, change text collate "C", customer_id text collate "C",
       other_customer_id text collate "C")`,
  );
  await engine.run(`insert into whalecurve.identity_changes ${changesSelect}`);
  await engine.buildTemporary('customer_ids_now', customerIdsSelect);
  await engine.run('delete from whalecurve.customer_ids');
  await engine.run(
    `insert into whalecurve.customer_ids (customer_id, present_customer_id, since, reason)
     select customer_id, present_customer_id, since, reason from customer_ids_now
     order by customer_id nulls last`,
  );
  await dropTemporary(engine, 'customer_ids_now');
}

/**
 * What this run merged and split. The same run done again finds nothing: the members of the last run are then its own. A part
 * that became its own comes from the customer that had most of its accounts (ties: the smallest id).
 */
const changesSelect = `select run.run_id, run.as_of, 'merge', ended.customer_id, kept.customer_id
  from member_ids as ended
  inner join member_ids as kept on kept.component = ended.component and kept.how = 'kept'
  cross join settings.run as run
  where ended.how = 'merged'
  union all
  select run.run_id, run.as_of, 'split', parts.customer_id, parts.last_customer_id
  from (
    select part.customer_id, account.last_customer_id,
      row_number() over (
        partition by part.customer_id order by count(*) desc nulls last, account.last_customer_id nulls last
      ) as place
    from member_ids as part
    inner join member_accounts as account on account.component = part.component
    where part.how = 'split' and account.last_customer_id is not null
    group by part.customer_id, account.last_customer_id
  ) as parts
  cross join settings.run as run
  where parts.place = 1`;

/**
 * An id that lived and lives no more was merged into another, or has no account left (gone). Both move every
 * older id that led to it. An id that comes back (a merge undone, an account seen again) leads to itself again.
 */
const customerIdsSelect = `with successors as (
    select ended.customer_id, kept.customer_id as successor
    from member_ids as ended
    inner join member_ids as kept on kept.component = ended.component and kept.how = 'kept'
    where ended.how = 'merged'
  ),
  living as (
    select customer_id, how from member_ids where how <> 'merged'
  ),
  moved as (
    select ids.customer_id, ids.present_customer_id, ids.since, ids.reason,
      case when here.customer_id is not null then ids.present_customer_id else successors.successor end as present_now
    from whalecurve.customer_ids as ids
    left join living as here on here.customer_id = ids.present_customer_id
    left join successors on successors.customer_id = ids.present_customer_id
  )
  select moved.customer_id, moved.present_now as present_customer_id,
    case when moved.present_now = moved.present_customer_id
        or (moved.present_now is null and moved.present_customer_id is null)
      then moved.since else run.as_of end as since,
    case when moved.present_now = moved.present_customer_id then moved.reason
      when moved.present_now is null then 'gone' else 'merge' end as reason
  from moved
  left join living on living.customer_id = moved.customer_id and living.how in ('new', 'split')
  cross join settings.run as run
  where living.customer_id is null
  union all
  select living.customer_id, living.customer_id, run.as_of, living.how
  from living
  cross join settings.run as run
  where living.how in ('new', 'split')`;
