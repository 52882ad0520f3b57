import type { Scratch } from '../../../../connectors/engines/scratch.ts';
import { readNumbers } from '../../pairwise/duckdb-rows.ts';
import { rowHash } from './pair-cache.ts';

/**
 * Leaves tonight (place, id, row_hash, is_new, is_changed, source, account_ref), `place` being the node of a whole run, and
 * gone (node), the ids of accounts that no source has any more. Gives the share of the accounts that differ.
 */
export async function findChanges({ connection, ...scratch }: Scratch): Promise<number> {
  const hash = await rowHash({ connection, ...scratch });
  await connection.run(`create or replace temp table tonight as
    with matched as (
      select (account.account_number - 1)::integer as place, account.source, account.account_ref, account.row_hash,
        ids.id, ids.row_hash as kept_hash
      from (select account_number, source, account_ref, ${hash} as row_hash from compared_accounts) as account
      left join kept.main.ids as ids on ids.account_ref = account.account_ref and ids.source = account.source
    ),
    greatest as (select coalesce(max(id), -1) as id from kept.main.ids)
    select place, source, account_ref, row_hash, matched.id is null as is_new,
      row_hash is distinct from kept_hash as is_changed,
      coalesce(matched.id, greatest.id + row_number() over (partition by matched.id is null order by place))::integer as id
    from matched, greatest`);
  await connection.run(`create or replace temp table gone as
    select ids.id as node from kept.main.ids as ids anti join tonight on tonight.id = ids.id`);
  const [[changed = 0, all = 0, gone = 0] = []] = await readNumbers(
    connection,
    `select count(*) filter (is_changed), count(*), (select count(*) from gone) from tonight`,
  );
  return (changed + gone) / Math.max(1, all);
}
