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
