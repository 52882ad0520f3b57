import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mysql from 'mysql2/promise';
import { mysqlSource } from '../../../../connectors/sources/mysql/mysql-source.ts';
import type { Source } from '../../../../connectors/sources/source.ts';
import { createMariadbDatabase } from '../../../servers/mariadb.ts';
import type { TestDatabase } from '../../../servers/postgres.ts';
import { contextOf, readText, requestOf, withSnapshot } from '../database-source.ts';

let database: TestDatabase;
let source: Source;

beforeAll(async () => {
  database = await createMariadbDatabase();
  source = mysqlSource(contextOf('mysql', database.url));
  await database.run(`
    create table invoices (id int primary key); insert into invoices values (1);
    create table payments (id int primary key); insert into payments values (1);
    create table large as select seq as id, repeat('x', 1000) as filler from seq_1_to_100000`);
});
afterAll(() => database.drop());

describe('a snapshot of MySQL', () => {
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
    await database.run(`create function sneak() returns int modifies sql data
      begin insert into invoices values (99); return 1; end`);
    await withSnapshot(source, (snapshot) =>
      expect(readText(snapshot, requestOf('q', { query: 'select sneak() as id' }))).rejects.toMatchObject({
        code: 'WC-SOURCE-006',
        message: expect.stringContaining('READ ONLY transaction'),
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
            if (length === 0) await endOtherConnections(database.url);
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
    const query = 'select sleep(id * 300) as id from payments';
    const reading = readText(snapshot, requestOf('slow', { query }));
    while (!(await isActive(database.url, 'sleep(id * 300)'))) {}
    stop.abort();
    await expect(reading).rejects.toMatchObject({
      code: 'WC-SOURCE-006',
      message: 'reading slow was cancelled',
    });
    await snapshot.close();
    while (await isActive(database.url, 'sleep(id * 300)')) {}
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
    const hasty = mysqlSource(contextOf('mysql', database.url, { statement_timeout: 1 }));
    await withSnapshot(hasty, (snapshot) =>
      expect(
        readText(snapshot, requestOf('slow', { query: 'select sleep(id * 30) as id from payments' })),
      ).rejects.toMatchObject({
        code: 'WC-SOURCE-006',
        message: expect.stringContaining('max_statement_time'),
      }),
    );
  });

  it('fails, and loses nothing in silence, where the server gives no line for a row', async () => {
    // 300 columns of 64 KB make a line of 19.7 MB, above the 16 MB that max_allowed_packet is by default.
    const columns = Array.from({ length: 300 }, (_, index) => `words as c${index}`);
    await database.run(`
      create table endless (id int, words text); insert into endless values (1, repeat('x', 65535))`);
    await withSnapshot(source, (snapshot) =>
      expect(
        readText(snapshot, requestOf('endless', { query: `select ${columns.join(', ')} from endless` })),
      ).rejects.toMatchObject({
        code: 'WC-SOURCE-006',
        message: expect.stringContaining('max_allowed_packet'),
      }),
    );
  });
});

async function endOtherConnections(url: string): Promise<void> {
  for (const { id } of await ask(
    url,
    'select id from information_schema.processlist where db = database() and id <> connection_id()',
  )) {
    await ask(url, `kill connection ${id}`);
  }
}

async function isActive(url: string, words: string): Promise<boolean> {
  const rows = await ask(
    url,
    `select id from information_schema.processlist
      where db = database() and id <> connection_id() and command = 'Query' and info like '%${words}%'`,
  );
  return rows.length > 0;
}

async function ask(url: string, sql: string): Promise<mysql.RowDataPacket[]> {
  const connection = await mysql.createConnection(url);
  try {
    const [rows] = await connection.query<mysql.RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
}
