import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '../../../servers/postgres.ts';
import { requestOf, withSnapshot } from '../database-source.ts';
import { databaseServers } from './servers.ts';

describe.each(databaseServers)('the primary key of a table of $name', (server) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await server.createDatabase();
    await database.run(`
      create table payments (invoice_no varchar(20), line integer, primary key (line, invoice_no));
      create view open_customers as select 'a' as customer_no`);
  });
  afterAll(() => database.drop());

  it('is given in its own order, and is empty for views and queries', async () => {
    await withSnapshot(server.sourceOf(database.url), async (snapshot) => {
      const path = `${server.schemaOf(database.url)}.payments`;
      expect(await snapshot.primaryKey(requestOf('payments'))).toEqual(['line', 'invoice_no']);
      expect(await snapshot.primaryKey(requestOf(path))).toEqual(['line', 'invoice_no']);
      expect(await snapshot.primaryKey(requestOf('open_customers'))).toEqual([]);
      expect(await snapshot.primaryKey(requestOf('q', { query: 'select 1 as id' }))).toEqual([]);
    });
  });
});
