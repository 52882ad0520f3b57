import type { PostgresSession } from './session.ts';

/** Views that read a table, or one of its columns: `reports.by_tier`. */
export async function dependents(
  session: PostgresSession,
  table: string,
  column?: string,
): Promise<string[]> {
  const { rows } = await session.rows(
    `select distinct nspname || '.' || relname
     from pg_catalog.pg_depend
     join pg_catalog.pg_rewrite on pg_rewrite.oid = objid
     join pg_catalog.pg_class on pg_class.oid = ev_class
     join pg_catalog.pg_namespace on pg_namespace.oid = relnamespace
     left join pg_catalog.pg_attribute on attrelid = refobjid and attnum = refobjsubid
     where classid = cast('pg_rewrite' as regclass) and refclassid = cast('pg_class' as regclass)
       and refobjid = cast($1 as regclass) and ev_class <> refobjid
       and ($2::text is null or attname = $2)
     order by 1`,
    [table, column ?? null],
  );
  return rows.map(([name]) => name ?? '');
}

/** Indexes that analysts made over a column: they go with it. */
export async function indexesOver(
  session: PostgresSession,
  table: string,
  column: string,
): Promise<string[]> {
  const { rows } = await session.rows(
    `select relname
     from pg_catalog.pg_index
     join pg_catalog.pg_class on pg_class.oid = indexrelid
     join pg_catalog.pg_attribute on attrelid = indrelid and attnum = any (indkey)
     where indrelid = cast($1 as regclass) and attname = $2 and not indisprimary
       and relname not like 'whalecurve\\_%'
     order by 1`,
    [table, column],
  );
  return rows.map(([name]) => name ?? '');
}
