import { createHash } from 'node:crypto';
import type { TableName } from '../engine.ts';
import { quoteName } from '../quote.ts';
import { describeStatement } from './describe-statement.ts';
import { isState } from './server-error.ts';
import type { PostgresSession } from './session.ts';

/** Of a name, in bytes: NAMEDATALEN - 1. What is longer, the server cuts off. */
export const longestName = 63;

/** `"raw"."finance__payments"` */
export function qualified({ schema, table }: TableName): string {
  return `${quoteName(schema)}.${quoteName(table)}`;
}

/** A name of 63 bytes at most, the same for the same words; names of tables may use up all of those. */
export function hashedName(prefix: string, ...words: readonly string[]): string {
  return `${prefix}_${createHash('md5').update(words.join('\0')).digest('hex')}`;
}

export async function createSchema(session: PostgresSession, schema: string): Promise<void> {
  // Not only `if not exists`: that asks for the right to make schemas even where there is nothing to make.
  if (await hasSchema(session, schema)) return;
  await session.run(`create schema if not exists ${quoteName(schema)}`);
}

export async function hasSchema(session: PostgresSession, schema: string): Promise<boolean> {
  const { rows } = await session.rows('select 1 from pg_catalog.pg_namespace where nspname = $1', [schema]);
  return rows.length > 0;
}

/**
 * Puts the table `aside`, of the same schema, in the place of `target`, within the transaction that is open.
 *
 * Users are not asked to look at the tables of the state, yet may have made a view on one, which would forbid to
 * drop it. It is theirs, so it is kept: where the columns are the same, the old table is filled anew and the view
 * shows the new rows; else the old table goes on under another name, and the view with it.
 */
export async function swapIn(session: PostgresSession, aside: string, target: TableName): Promise<void> {
  const built = qualified({ ...target, table: aside });
  const old = qualified(target);
  if (!(await isThere(session, target))) {
    await session.run(`alter table ${built} rename to ${quoteName(target.table)}`);
    return;
  }
  try {
    await session.attempt('swap', () => session.run(`drop table ${old}`));
  } catch (error) {
    if (!isState(error, '2BP01')) throw error;
    if (await haveSameColumns(session, built, old)) {
      await session.run(
        `truncate ${old}; insert into ${old} select * from ${built}; drop table ${built}; analyze ${old}`,
      );
      return;
    }
    const kept = hashedName(`kept`, target.table, String(await oidOf(session, old)));
    await session.run(`alter table ${old} rename to ${quoteName(kept)}`);
  }
  await session.run(`alter table ${built} rename to ${quoteName(target.table)}`);
}

async function isThere(session: PostgresSession, { schema, table }: TableName): Promise<boolean> {
  const { rows } = await session.rows(
    'select 1 from pg_catalog.pg_class where relnamespace = (select oid from pg_catalog.pg_namespace where nspname = $1) and relname = $2',
    [schema, table],
  );
  return rows.length > 0;
}

async function haveSameColumns(session: PostgresSession, one: string, other: string): Promise<boolean> {
  const [first, second] = [
    await describeStatement(session, `select * from ${one}`),
    await describeStatement(session, `select * from ${other}`),
  ];
  return JSON.stringify(first) === JSON.stringify(second);
}

async function oidOf(session: PostgresSession, table: string): Promise<string> {
  const { rows } = await session.rows('select cast($1 as regclass)::oid', [table]);
  return rows[0]?.[0] ?? '';
}
