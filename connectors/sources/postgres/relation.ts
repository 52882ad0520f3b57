import { nearestWord } from '../../../config/nearest-word.ts';
import type { TableRequest } from '../source.ts';
import { sourceFailure } from '../source-failure.ts';
import type { PostgresSession } from './session.ts';

interface Relation {
  schema: string;
  table: string;
  oid: string;
}

/** `schema.table`, or a table of the search path; as spelled, or else in any case. */
export async function findRelation(session: PostgresSession, request: TableRequest): Promise<Relation> {
  const { rows } = await session.query(
    `select n.nspname as schema, c.relname as table, c.oid
       from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'f')
        and (lower(n.nspname || '.' || c.relname) = lower($1)
             or (lower(c.relname) = lower($1) and pg_table_is_visible(c.oid)))
      order by n.nspname || '.' || c.relname = $1 desc, c.relname = $1 desc, n.nspname, c.relname
      limit 1`,
    { values: [request.name], request },
  );
  const [found] = rows;
  if (found?.schema && found.table && found.oid) {
    return { schema: found.schema, table: found.table, oid: found.oid };
  }
  throw await noSuchTable(session, request);
}

async function noSuchTable(session: PostgresSession, request: TableRequest) {
  const { rows } = await session.query(
    `select n.nspname || '.' || c.relname as path, c.relname as name
       from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'f')
        and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
      order by n.nspname, c.relname`,
    { request },
  );
  const names = rows.map((row) => (request.name.includes('.') ? row.path : row.name) ?? '');
  const nearest = nearestWord(request.name, names);
  return sourceFailure(
    'table',
    {
      source: session.source,
      ...session.destination,
      request,
      ...(nearest === undefined ? {} : { hint: `did you mean ${nearest}?` }),
    },
    undefined,
  );
}
