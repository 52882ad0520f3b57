import { createHash } from 'node:crypto';
import type { LogGap } from '../../change-log.ts';
import type { TextRow } from '../../database-session.ts';
import { quoted, quotedPath } from '../../quoted.ts';
import type { TableRequest } from '../../source.ts';
import { builder } from '../builder.ts';
import { findRelation } from '../relation.ts';
import type { PostgresSession } from '../session.ts';

/** How a publication covers a table. */
export interface Coverage {
  /** Of the table and of what it is made of: partitions, and tables that inherit from it. */
  oids: ReadonlySet<string>;
  /** Other as soon as changes may have been left out since: another publication, another table, other partitions. */
  mark: string;
  /** Why the log does not tell all that changes; null: it does. */
  gap: LogGap | null;
}

interface Member {
  path: string;
  identity: readonly string[];
  row: TextRow;
}

export async function coverageOf(
  session: PostgresSession,
  publication: string,
  request: TableRequest,
): Promise<Coverage> {
  const { schema, table, oid } = await findRelation(session, request);
  const name = quotedPath(builder, [schema, table]).toQuery();
  const pub = quoted(builder, publication).toQuery();
  const [published] = (
    await session.query(
      `select oid, pubinsert and pubupdate and pubdelete and pubtruncate as is_whole
         from pg_publication where pubname = $1`,
      { values: [publication], request },
    )
  ).rows;
  const members = await membersOf(session, publication, oid, request);
  const oids = new Set([oid, ...members.map(({ row }) => row.oid ?? '')]);
  const key = request.table.key ?? [];
  const marked = [published?.oid, key, members.map(({ row }) => [row.oid, row.memberships])];
  const mark = createHash('sha256').update(JSON.stringify(marked)).digest('hex').slice(0, 16);
  const gap = (code: LogGap['code'], message: string, sql: string): Coverage => ({
    oids,
    mark,
    gap: { code, message, hint: `as the owner: ${sql}` },
  });

  if (published === undefined) {
    return gap(
      'WC-CDC-002',
      `there is no publication ${publication}`,
      `create publication ${pub} for table ${name}`,
    );
  }
  if (published.is_whole !== 't') {
    const sql = `alter publication ${pub} set (publish = 'insert, update, delete, truncate')`;
    return gap('WC-CDC-002', `the publication ${publication} leaves out kinds of changes`, sql);
  }
  const missing = members.find(({ row }) => row.is_published !== 't');
  if (missing !== undefined) {
    const sql = `alter publication ${pub} add table ${name}`;
    return gap('WC-CDC-002', `the publication ${publication} lacks ${missing.path}`, sql);
  }
  const filtered = members.find(({ row }) => row.is_filtered === 't');
  if (filtered !== undefined) {
    const sql = `alter publication ${pub} drop table ${filtered.path}; alter publication ${pub} add table ${filtered.path}`;
    return gap('WC-CDC-002', `the publication ${publication} leaves out rows of ${filtered.path}`, sql);
  }
  if (key.length === 0) {
    return gap('WC-CDC-003', `${request.name} has no key`, `alter table ${name} add primary key (…)`);
  }
  const nameless = members.find(({ identity }) => !key.every((column) => includesName(identity, column)));
  if (nameless !== undefined) {
    const has = nameless.identity.length === 0 ? 'nothing' : nameless.identity.join(', ');
    return gap(
      'WC-CDC-003',
      `the log names the rows of ${nameless.path} by ${has} (REPLICA IDENTITY), the key is ${key.join(', ')}`,
      `alter table ${nameless.path} replica identity full`,
    );
  }
  return { oids, mark, gap: null };
}

function includesName(names: readonly string[], name: string): boolean {
  return names.some((one) => one.toLowerCase() === name.toLowerCase());
}

/** What holds the rows of a table: itself, its partitions, the tables that inherit from it. */
async function membersOf(
  session: PostgresSession,
  publication: string,
  oid: string,
  request: TableRequest,
): Promise<Member[]> {
  // By jsonb: the row filters of a publication came with PostgreSQL 15.
  const { rows } = await session.query(
    `with recursive family (oid) as (
       select $1::oid
        union
       select child.inhrelid from family join pg_inherits child on child.inhparent = family.oid
     ),
     published as (
       select format('%I.%I', one.schemaname, one.tablename)::regclass::oid as oid,
              to_jsonb(one) ->> 'rowfilter' is not null as is_filtered
         from pg_publication_tables one
        where one.pubname = $2
     ),
     lineage (oid, ancestor) as (
       select oid, oid from family
        union
       select lineage.oid, parent.inhparent
         from lineage
         join pg_inherits parent on parent.inhrelid = lineage.ancestor
         join family on family.oid = parent.inhparent
     )
     select c.oid, format('%I.%I', n.nspname, c.relname) as path,
            c.relkind = 'r' and exists (
              select 1 from lineage join published on published.oid = lineage.ancestor where lineage.oid = c.oid
            ) as is_published,
            exists (
              select 1 from lineage join published on published.oid = lineage.ancestor
               where lineage.oid = c.oid and published.is_filtered
            ) as is_filtered,
            (select string_agg(member.oid::text, ',' order by member.oid)
               from pg_publication_rel member
               join pg_publication p on p.oid = member.prpubid and p.pubname = $2
               join lineage on lineage.ancestor = member.prrelid
              where lineage.oid = c.oid) as memberships,
            (select coalesce(json_agg(a.attname), '[]')
               from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                and (c.relreplident = 'f' or exists (
                  select 1 from pg_index i
                   where i.indrelid = c.oid and a.attnum = any (i.indkey)
                     and (c.relreplident = 'd' and i.indisprimary or c.relreplident = 'i' and i.indisreplident)
                ))) as identity
       from family
       join pg_class c on c.oid = family.oid
       join pg_namespace n on n.oid = c.relnamespace
      where c.relkind <> 'p'
      order by c.oid`,
    { values: [oid, publication], request },
  );
  return rows.map((row) => ({
    row,
    path: row.path ?? '',
    identity: JSON.parse(row.identity ?? '[]') as string[],
  }));
}
