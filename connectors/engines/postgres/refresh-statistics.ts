import { quoteText } from '../quote.ts';
import type { PostgresSession } from './session.ts';
import { qualified } from './table-swap.ts';

/** As for the server's own autovacuum, which comes too late for the next stage of the night. */
const changedShare = 0.1;

/**
 * Tells the planner of the tables that the open transaction has filled by plain statements: without it a table that
 * was empty before is planned as an empty one. `known` are those, schema and name, that it has been told of already.
 */
export async function refreshStatistics(session: PostgresSession, known: readonly string[]): Promise<void> {
  const { rows } = await session.rows(
    `select schemaname, pg_stat_xact_user_tables.relname
     from pg_catalog.pg_stat_xact_user_tables
     join pg_catalog.pg_class on pg_class.oid = relid
     where n_tup_ins + n_tup_upd + n_tup_del > ${changedShare} * greatest(reltuples, 0)
       and relpersistence = 'p' and schemaname <> 'landing'
       and schemaname || '.' || pg_stat_xact_user_tables.relname <> all (array[${['', ...known].map(quoteText).join(', ')}])`,
  );
  const tables = rows.map(([schema, table]) => qualified({ schema: schema ?? '', table: table ?? '' }));
  if (tables.length > 0) await session.run(`analyze ${tables.join(', ')}`);
}
