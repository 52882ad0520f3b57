import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Source } from '../../../../connectors/sources/source.ts';
import type { TestDatabase } from '../../../servers/postgres.ts';
import { readText, requestOf, withSnapshot } from '../database-source.ts';
import { databaseServers } from './servers.ts';

describe.each(databaseServers)('a snapshot of $name', (server) => {
  let database: TestDatabase;
  let source: Source;

  beforeAll(async () => {
    database = await server.createDatabase();
    source = server.sourceOf(database.url);
    await database.run(`
      create table invoices (id integer primary key); insert into invoices values (1);
      create table payments (id integer primary key); insert into payments values (1);
      create table large as select n as id, repeat('x', 1000) as filler from ${server.numbers(100_000)}`);
  });
  afterAll(() => database.drop());

  it('does not see what others commit after it was opened, in any of its tables', async () => {
    await withSnapshot(source, async (snapshot) => {
      await database.run('insert into invoices values (2); insert into payments values (2)');
      expect((await readText(snapshot, requestOf('invoices'))).text).toBe('1\n');
      await database.run('delete from payments where id = 1');
      expect((await readText(snapshot, requestOf('payments'))).text).toBe('1\n');
      expect((await snapshot.control(requestOf('payments'), [])).rows).toBe(1n);
    });
    expect((await withSnapshot(source, (next) => readText(next, requestOf('payments')))).text).toBe('2\n');
  });

  it('refuses to write, also for a query of the config that calls a writing function', async () => {
    await database.run(server.createSneak);
    await withSnapshot(source, (snapshot) =>
      expect(readText(snapshot, requestOf('q', { query: 'select sneak() as id' }))).rejects.toMatchObject({
        code: 'WC-SOURCE-006',
        message: expect.stringContaining(server.readOnlyWords),
      }),
    );
  });

  it('ends the bytes with an error when the server ends the connection in the middle', async () => {
    await withSnapshot(source, async (snapshot) => {
      for await (const part of snapshot.read(requestOf('large'))) {
        if (part.kind !== 'csv') throw new Error('a database sends CSV');
        let length = 0;
        const consume = async () => {
          for await (const chunk of part.bytes) {
            if (length === 0) await server.endConnections(database.url);
            length += chunk.length;
          }
        };
        await expect(consume()).rejects.toMatchObject({ code: 'WC-SOURCE-006', where: 'finance.large' });
        expect(length).toBeLessThan(100_000_000);
      }
      await expect(snapshot.describe(requestOf('invoices'))).rejects.toMatchObject({ code: 'WC-SOURCE-006' });
    });
  });

  it('stops at the server too when the run is cancelled', async () => {
    const stop = new AbortController();
    const snapshot = await source.openSnapshot(stop.signal);
    const query = `select ${server.sleep(300)} as id from payments`;
    const reading = readText(snapshot, requestOf('slow', { query }));
    while (!(await server.isActive(database.url, server.sleep(300)))) {}
    stop.abort();
    await expect(reading).rejects.toMatchObject({
      code: 'WC-SOURCE-006',
      message: 'reading slow was cancelled',
    });
    await snapshot.close();
    while (await server.isActive(database.url, server.sleep(300))) {}
  });

  it('ends the bytes with an error when the run is cancelled between two of them', async () => {
    const stop = new AbortController();
    const snapshot = await source.openSnapshot(stop.signal);
    for await (const part of snapshot.read(requestOf('large'))) {
      if (part.kind !== 'csv') throw new Error('a database sends CSV');
      const consume = async () => {
        for await (const _ of part.bytes) stop.abort();
      };
      await expect(consume()).rejects.toMatchObject({ code: 'WC-SOURCE-006' });
    }
    await snapshot.close();
  });

  it('is not opened for a run that is cancelled already', async () => {
    await expect(source.openSnapshot(AbortSignal.abort())).rejects.toMatchObject({ code: 'WC-SOURCE-006' });
  });

  it('closes in peace when its consumer stops in the middle', async () => {
    await withSnapshot(source, async (snapshot) => {
      for await (const part of snapshot.read(requestOf('large'))) {
        if (part.kind !== 'csv') throw new Error('a database sends CSV');
        for await (const _ of part.bytes) break;
      }
    });
  });

  it('gives up a statement that takes longer than statement_timeout', async () => {
    const hasty = server.sourceOf(database.url, { statement_timeout: 1 });
    await withSnapshot(hasty, (snapshot) =>
      expect(
        readText(snapshot, requestOf('slow', { query: `select ${server.sleep(30)} as id from payments` })),
      ).rejects.toMatchObject({
        code: 'WC-SOURCE-006',
        message: expect.stringContaining(server.timeoutWords),
      }),
    );
  });
});
