import mysql from 'mysql2/promise';
import pg from 'pg';
import { mysqlSource } from '../../../../connectors/sources/mysql/mysql-source.ts';
import { postgresSource } from '../../../../connectors/sources/postgres/postgres-source.ts';
import type { Source } from '../../../../connectors/sources/source.ts';
import { createMariadbDatabase } from '../../../servers/mariadb.ts';
import { createPostgresDatabase, type TestDatabase } from '../../../servers/postgres.ts';
import { contextOf } from '../database-source.ts';

/** One kind of server, and what a test of any kind must say in its own words. */
export interface DatabaseServer {
  name: string;
  createDatabase(): Promise<TestDatabase>;
  sourceOf(
    url: string,
    options?: { connect_timeout?: number; statement_timeout?: number; stall_timeout?: number },
  ): Source;
  /** A name, quoted. */
  quoted(name: string): string;
  /** To select from: 1 to `count`, as `n`. */
  numbers(count: number): string;
  /** Text as the server writes it where CSV leaves the choice. */
  csvText(text: string): string;
  /** The schema of a table that was created without one. */
  schemaOf(url: string): string;
  /** An expression that takes so long for each row with a positive `id`. */
  sleep(seconds: number): string;
  /** A function `sneak()` that inserts 99 into `invoices`, and what the server says of it while read-only. */
  createSneak: string;
  readOnlyWords: string;
  timeoutWords: string;
  /** Those of the database of `url`. */
  endConnections(url: string): Promise<void>;
  /** Whether a statement with these words runs in the database of `url`. */
  isActive(url: string, words: string): Promise<boolean>;
}

export const databaseServers: DatabaseServer[] = [
  {
    name: 'PostgreSQL',
    createDatabase: createPostgresDatabase,
    sourceOf: (url, options) => postgresSource(contextOf('postgres', url, options)),
    quoted: (name) => `"${name.replaceAll('"', '""')}"`,
    numbers: (count) => `generate_series(1, ${count}) as n`,
    csvText: (text) => text,
    schemaOf: () => 'public',
    sleep: (seconds) => `pg_sleep(${seconds})::text`,
    createSneak: `create function sneak() returns integer language sql volatile
      as 'insert into invoices values (99) returning id'`,
    readOnlyWords: 'read-only transaction',
    timeoutWords: 'statement timeout',
    async endConnections(url) {
      await askPostgres(
        url,
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`,
      );
    },
    async isActive(url, words) {
      const rows = await askPostgres(
        url,
        `select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
            and state = 'active' and query like '%${words}%'`,
      );
      return rows.length > 0;
    },
  },
  {
    name: 'MariaDB',
    createDatabase: createMariadbDatabase,
    sourceOf: (url, options) => mysqlSource(contextOf('mysql', url, options)),
    quoted: (name) => `\`${name.replaceAll('`', '``')}\``,
    numbers: (count) => `(select seq as n from seq_1_to_${count}) as numbers`,
    csvText: (text) => `"${text}"`,
    schemaOf: (url) => new URL(url).pathname.slice(1),
    // Of a constant alone the server would sleep when it is asked for the columns.
    sleep: (seconds) => `sleep(id * ${seconds})`,
    createSneak: `create function sneak() returns int modifies sql data
      begin insert into invoices values (99); return 1; end`,
    readOnlyWords: 'READ ONLY transaction',
    timeoutWords: 'max_statement_time',
    async endConnections(url) {
      for (const { id } of await askMysql(
        url,
        'select id from information_schema.processlist where db = database() and id <> connection_id()',
      )) {
        await askMysql(url, `kill connection ${id}`);
      }
    },
    async isActive(url, words) {
      const rows = await askMysql(
        url,
        `select id from information_schema.processlist
          where db = database() and id <> connection_id() and command = 'Query' and info like '%${words}%'`,
      );
      return rows.length > 0;
    },
  },
];

async function askPostgres(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function askMysql(url: string, sql: string): Promise<mysql.RowDataPacket[]> {
  const connection = await mysql.createConnection(url);
  try {
    const [rows] = await connection.query<mysql.RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
}
