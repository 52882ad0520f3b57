import type { DuckDBConnection } from '@duckdb/node-api';
import { comparePairs } from '../../pairwise/compare.ts';
import { countOf } from '../../pairwise/duckdb-rows.ts';
import { weightSql } from '../../pairwise/model.ts';
import { evidenceRows, spokenPairs } from '../link-rows.ts';
import type { Renewal } from './renew-pairs.ts';

/**
 * Brings the evidence on pairs that rules and people speak of, and of which the blocks keep none, up to tonight: what was
 * compared before is compared again only where one of the two changed. The view accounts goes when something is.
 */
export async function renewSpokenPairs(connection: DuckDBConnection, renewal: Renewal): Promise<void> {
  const { comparisons, agreement, model, cutBits } = renewal;
  await connection.run(`create or replace temp table spoken_ids as
    select one.id as l, other.id as r from (${spokenPairs}) as spoken
    inner join tonight as one on one.place = spoken.l
    inner join tonight as other on other.place = spoken.r
    anti join kept.main.evidence as known on known.l = one.id and known.r = other.id`);
  await connection.run(`delete from kept.main.spoken_evidence
    where l in (select node from dropped) or r in (select node from dropped)
      or (l, r) not in (select l, r from spoken_ids)`);
  await connection.run(`create or replace temp table extra_pairs as
    select l, r, 0::bigint as free from spoken_ids
    anti join kept.main.spoken_evidence as known using (l, r)`);
  if ((await countOf(connection, 'extra_pairs')) === 0) return;
  await connection.run('drop view accounts');
  await connection.run(`create temp table accounts as
    select account.* from kept.main.accounts as account
    where account.node in (select l from extra_pairs union select r from extra_pairs)`);
  await comparePairs(connection, 'extra_pairs', 'extra_compared', comparisons, agreement);
  await connection.run(`create or replace temp table extra as
    select * exclude (free), ${weightSql(model)} - ${cutBits.toFixed(3)}::double as weight from extra_compared`);
  await connection.run(`insert into kept.main.spoken_evidence by name ${evidenceRows(renewal, 'extra')}`);
  await connection.run('drop table accounts');
}
