import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import * as copyStreams from 'pg-copy-streams';
import { openSession } from '../duckdb/session.ts';
import { quoteName, quoteText } from '../quote.ts';
import type { Scratch } from '../scratch.ts';
import { copyIn } from './copy-in.ts';
import { describeStatement } from './describe-statement.ts';
import type { PostgresSession } from './session.ts';
import { hashedName } from './table-swap.ts';

/** Rows go to and fro as CSV, by COPY on the server's side. */
export async function openPostgresScratch(
  session: PostgresSession,
  buildTable: Scratch['give'],
): Promise<Scratch> {
  const { memory_limit: memoryLimit, threads, folder: base } = session.warehouse;
  await mkdir(base, { recursive: true });
  const folder = await mkdtemp(join(base, 'scratch-'));
  const opened = await openSession({ memoryLimit, threads, spillPrefix: join(folder, 'spill') }, 'scratch');
  const { connection } = opened;
  // As in the engine `duckdb`: nothing may hang on the order in which rows were put in.
  await connection.run('set preserve_insertion_order = false');
  const path = join(folder, 'rows.csv');
  return {
    connection,
    cachePath: join(base, 'matching.duckdb'),
    async take(name, select) {
      const columns = await describeStatement(session, select);
      try {
        const copy = session.client.query(copyStreams.to(`copy (${select}\n) to stdout (format csv)`));
        await pipeline(copy, createWriteStream(path));
      } catch (cause) {
        throw session.failure(cause, { sql: select });
      }
      const types = columns.map((column) => `${quoteText(column.name)}: ${quoteText(column.type)}`);
      await connection.run(
        `create or replace temp table ${quoteName(name)} as
         select * from read_csv(${quoteText(path)}, columns = {${types.join(', ')}}, ${readerSettings})`,
      );
    },
    async give(table, select) {
      const columns = await columnsOf(connection, select);
      const texts = columns.filter(({ type }) => type === 'text').map(({ name }) => quoteName(name));
      const quoted = texts.length === 0 ? '' : `, force_quote (${texts.join(', ')})`;
      await connection.run(
        `copy (${select}\n) to ${quoteText(path)} (format csv, header false, nullstr ''${quoted})`,
      );
      const arrived = hashedName('arrived', table.schema, table.table);
      const definitions = columns.map(({ name, type }) => `${quoteName(name)} ${type}`);
      await session.run(
        `drop table if exists pg_temp.${arrived}; create temporary table ${arrived} (${definitions.join(', ')})`,
      );
      await copyIn(
        session,
        arrived,
        columns.map(({ name }) => name),
        createReadStream(path),
        {
          signal: new AbortController().signal,
          through: [],
          refusal: (cause) => session.failure(cause, { where: `${table.schema}.${table.table}` }),
        },
      );
      const rows = await buildTable(table, `select * from ${arrived}`);
      await session.run(`drop table ${arrived}`);
      return rows;
    },
    async close() {
      await opened.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The longest value of PostgreSQL has a gigabyte; a line of what an account holds is far shorter. */
const readerSettings = `auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', new_line = '\\n',
  nullstr = '', allow_quoted_nulls = false, strict_mode = true, max_line_size = 33554432`;

/** PostgreSQL's name for DuckDB's. */
const postgresTypes: Readonly<Record<string, string>> = {
  VARCHAR: 'text',
  DOUBLE: 'double precision',
  FLOAT: 'real',
};

async function columnsOf(
  connection: DuckDBConnection,
  select: string,
): Promise<{ name: string; type: string }[]> {
  const reader = await connection.runAndReadAll(`describe ${select}`);
  return reader.getRows().map(([name, type]) => ({
    name: String(name),
    type: postgresTypes[String(type)] ?? String(type),
  }));
}
