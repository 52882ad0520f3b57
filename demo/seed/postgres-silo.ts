import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import copyStreams from 'pg-copy-streams';
import { quoteText } from '../../connectors/engines/quote.ts';
import { destinationOf } from '../../connectors/sources/database-url.ts';
import { failureKind } from '../../connectors/sources/postgres/failure-kind.ts';
import { csvLines, plainStyle } from '../csv-line.ts';
import { createTable, keysAndReferences, sqlName } from '../postgres-tables.ts';
import type { DatabaseSilo } from '../silos.ts';
import { companyOf, type HeldTable } from './held-tables.ts';
import { seedFailure } from './seed-failure.ts';
import { type SiloWriter, unfinishedMark } from './silo-writer.ts';

/** Writes a silo into a PostgreSQL database, in one transaction: readers see the old company or the new one. */
export async function openPostgresSilo(
  silo: string,
  url: string,
  { tables, references }: DatabaseSilo,
): Promise<SiloWriter> {
  const destination = { silo, ...destinationOf(url, silo) };
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: 'whalecurve demo seed',
  });
  // A connection that breaks between two statements reports it here; the next statement fails and says so.
  client.on('error', () => {});
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw seedFailure(failureKind(cause), destination, cause);
    }
  };
  const run = (sql: string) => attempt(() => client.query(sql));
  await attempt(() => client.connect());
  return {
    place: destination.server,

    async heldCompany() {
      const { rows } = await attempt(() => client.query<HeldTable>(heldTables));
      return companyOf(rows, tables, silo, destination.server);
    },

    async begin() {
      await run('begin');
      await run(`set local client_encoding = 'UTF8'; set local timezone = 'UTC'`);
      await run(`drop table if exists ${tables.map(sqlName).join(', ')}`);
      for (const table of tables) {
        await run(createTable(table));
        await run(commentOn(sqlName(table), unfinishedMark));
      }
    },

    async add(table, rows) {
      const lines = rows.map(csvLines(table.columns, plainStyle)).join('');
      const copy = `copy ${sqlName(table)} from stdin with (format csv)`;
      await attempt(() =>
        pipeline(Readable.from([Buffer.from(lines)]), client.query(copyStreams.from(copy))),
      );
    },

    async finish(mark) {
      for (const statement of keysAndReferences(tables, references)) await run(statement);
      for (const table of tables) await run(commentOn(sqlName(table), mark));
      await run('commit');
      await run(`analyze ${tables.map(sqlName).join(', ')}`);
    },

    close: () => client.end(),
  };
}

function commentOn(table: string, comment: string): string {
  return `comment on table ${table} is ${quoteText(comment)}`;
}

/** Tables and views of every kind; those that came with an extension are nobody's data. */
const heldTables = `
  select case when n.nspname = 'public' then c.relname else n.nspname || '.' || c.relname end as name,
         coalesce(obj_description(c.oid, 'pg_class'), '') as comment
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'v', 'm', 'f')
     and n.nspname not like 'pg\\_%'
     and n.nspname <> 'information_schema'
     and not exists (select from pg_depend as d
                      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
   order by 1`;
