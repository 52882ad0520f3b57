import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { passingKind } from '../../../connectors/sources/passing-failure.ts';
import { openSource } from '../../../connectors/sources/registry.ts';
import { createMariadbDatabase } from '../../servers/mariadb.ts';
import { freePort } from '../../servers/own-postgres.ts';
import { createPostgresDatabase, type TestDatabase } from '../../servers/postgres.ts';
import { contextOf, requestOf } from './database-source.ts';

let finance: TestDatabase;
let sales: TestDatabase;
beforeAll(async () => {
  [finance, sales] = await Promise.all([createPostgresDatabase(), createMariadbDatabase()]);
  for (const database of [finance, sales]) {
    await database.run('create table accounts (id int primary key, balance int)');
    await database.run('insert into accounts values (1, 0), (2, 0)');
  }
});
afterAll(() => Promise.all([finance.drop(), sales.drop()]));

interface Session {
  query(sql: string): Promise<unknown>;
  end(): Promise<unknown>;
}

const servers = {
  PostgreSQL: async (): Promise<Session> => {
    const client = new pg.Client(finance.url);
    client.on('error', () => {});
    await client.connect();
    return client;
  },
  MariaDB: async (): Promise<Session> => {
    const connection = await mysql.createConnection(sales.url);
    // The driver reports a connection that ended here as well.
    connection.on('error', () => {});
    return connection;
  },
};

async function failureOf(connect: () => Promise<Session>, work: (session: Session) => Promise<unknown>) {
  const session = await connect();
  try {
    await work(session);
    return 'no failure';
  } catch (error) {
    return passingKind(error);
  } finally {
    await session.end().catch(() => undefined);
  }
}

describe.each(Object.entries(servers))('a failure that %s reports', (name, connect) => {
  const isPostgres = name === 'PostgreSQL';

  it('passes where two transactions lock each other out', async () => {
    const [one, other] = [await connect(), await connect()];
    try {
      for (const session of [one, other]) await session.query('begin');
      await one.query('update accounts set balance = 1 where id = 1');
      await other.query('update accounts set balance = 2 where id = 2');
      const results = await Promise.allSettled([
        one.query('update accounts set balance = 1 where id = 2'),
        other.query('update accounts set balance = 2 where id = 1'),
      ]);
      const failed = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      expect(failed.map(passingKind)).toEqual(['deadlock']);
    } finally {
      await Promise.all([one.end(), other.end()]);
    }
  });

  it('passes where a statement took too long', async () => {
    const slow = isPostgres
      ? "set statement_timeout = '50ms'; select pg_sleep(30)"
      : 'set statement max_statement_time = 0.05 for select sleep(30) from accounts, information_schema.columns a, information_schema.columns b';
    expect(await failureOf(connect, (session) => session.query(slow))).toBe('timeout');
  });

  it('passes where the connection was ended by the server', async () => {
    const killed = isPostgres ? 'select pg_terminate_backend(pg_backend_pid())' : 'kill connection_id()';
    expect(await failureOf(connect, (session) => session.query(killed))).toBe('connection lost');
  });

  it.each([
    ['a syntax error', 'selec 1'],
    ['a table that does not exist', 'select * from no_such_table'],
    ['a column that does not exist', 'select no_such_column from accounts'],
  ])('does not pass: %s', async (_what, sql) => {
    expect(await failureOf(connect, (session) => session.query(sql))).toBeNull();
  });
});

describe.each(['postgres', 'mysql'] as const)('a source of type %s', (type) => {
  it('that nobody answers for passes: it may be restarting', async () => {
    const url = `${type}://reader@127.0.0.1:${await freePort()}/nothing`;
    const source = await openSource(contextOf(type, url));
    const error = await source.openSnapshot(new AbortController().signal).catch((found: unknown) => found);
    expect(error).toMatchObject({ code: 'WC-SOURCE-001' });
    expect(passingKind(error)).toBe('connection lost');
  });

  it('without the table that the config names does not pass', async () => {
    const database = type === 'postgres' ? finance : sales;
    const source = await openSource(contextOf(type, database.url));
    const snapshot = await source.openSnapshot(new AbortController().signal);
    const error = await snapshot.describe(requestOf('no_such_table')).catch((found: unknown) => found);
    await snapshot.close();
    expect(error).toMatchObject({ code: 'WC-SOURCE-004' });
    expect(passingKind(error)).toBeNull();
  });
});
