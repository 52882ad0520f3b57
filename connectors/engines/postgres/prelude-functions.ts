import { createHash } from 'node:crypto';
import { quoteText } from '../quote.ts';
import type { PostgresSession } from './session.ts';

/**
 * Makes schema `whalecurve` and the functions of the prelude in it, unless they are there: the comment on the
 * schema says of which prelude they are.
 */
export async function installPrelude(session: PostgresSession, prelude: string): Promise<void> {
  const mark = `Whalecurve, functions ${createHash('sha256').update(prelude).digest('hex').slice(0, 16)}`;
  if ((await commentOnSchema(session)) === mark) return;
  await session.transaction(async () => {
    // Two processes that open a new database at once.
    await session.run(`select pg_advisory_xact_lock(hashtext('whalecurve prelude'))`);
    const comment = await commentOnSchema(session);
    if (comment === mark) return;
    // Not `if not exists`: that asks for the right to make schemas even where there is nothing to make.
    if (comment === undefined) await session.run('create schema whalecurve');
    await session.run('set local search_path = whalecurve, pg_catalog');
    await session.run(dropFunctions);
    await session.run(prelude);
    await session.run(`comment on schema whalecurve is ${quoteText(mark)}`);
  });
}

/**
 * `create or replace` refuses a function that now gives another type. What a view of a user uses stays, and is
 * replaced where it can be.
 */
const dropFunctions = `
  do $$
    declare
      known record;
    begin
      for known in
        select cast(pg_proc.oid as regprocedure) as signature
        from pg_catalog.pg_proc
        where pronamespace = cast('whalecurve' as regnamespace) and prokind = 'f'
      loop
        begin
          execute format('drop function %s', known.signature);
        exception when dependent_objects_still_exist then
          null;
        end;
      end loop;
    end
  $$`;

/** undefined: there is no such schema. */
async function commentOnSchema(session: PostgresSession): Promise<string | undefined> {
  const { rows } = await session.rows(
    `select coalesce(obj_description(oid, 'pg_namespace'), '') from pg_catalog.pg_namespace where nspname = 'whalecurve'`,
  );
  return rows[0]?.[0] ?? undefined;
}
