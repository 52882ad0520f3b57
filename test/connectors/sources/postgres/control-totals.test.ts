import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { postgresSource } from '../../../../connectors/sources/postgres/postgres-source.ts';
import { createPostgresDatabase, postgresServerUrl, type TestDatabase } from '../../../servers/postgres.ts';
import { contextOf, readText, requestOf, withSnapshot } from '../database-source.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createPostgresDatabase();
});
afterAll(() => database.drop());

describe('the control totals of PostgreSQL', () => {
  it('hash UTF-8 also in a database of another encoding', async () => {
    const name = `${new URL(database.url).pathname.slice(1)}_latin1`;
    const admin = new pg.Client(postgresServerUrl());
    await admin.connect();
    await admin.query(
      `create database ${name} template template0 encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'`,
    );
    try {
      const url = new URL(database.url);
      url.pathname = `/${name}`;
      const client = new pg.Client(url.href);
      await client.connect();
      await client.query("create table t (id text); insert into t values ('Straße')");
      await client.end();
      await withSnapshot(postgresSource(contextOf('postgres', url.href)), async (snapshot) => {
        const request = requestOf('t', { key: ['id'] });
        const { columns, text } = await readText(snapshot, request);
        expect(text).toBe('Straße\n');
        // printf Straße | md5sum → a763ca07…
        expect((await snapshot.control(request, columns)).keyChecksum).toBe(String(0xa763ca07));
      });
    } finally {
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    }
  });
});
