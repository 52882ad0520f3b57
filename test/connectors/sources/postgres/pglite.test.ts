import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postgresSource } from '../../../../connectors/sources/postgres/postgres-source.ts';
import { freePort } from '../../../servers/own-postgres.ts';
import { contextOf, readText, requestOf, verdicts, withSnapshot } from '../database-source.ts';

let database: PGlite;
let server: PGLiteSocketServer;
let url: string;

beforeAll(async () => {
  database = await PGlite.create();
  await database.exec(`create table payments (id integer primary key, amount numeric(10, 2));
    insert into payments select n, n / 2.0 from generate_series(1, 5000) as n`);
  const port = await freePort();
  server = new PGLiteSocketServer({ db: database, port, host: '127.0.0.1' });
  await server.start();
  url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
});
afterAll(async () => {
  await server.stop();
  await database.close();
});

describe('the embedded PostgreSQL of the demo', () => {
  it('is checked, discovered and read over its one connection, again and again', async () => {
    const source = postgresSource(contextOf('postgres', url));
    for (let round = 0; round < 2; round++) {
      expect((await verdicts(source, [requestOf('payments')])).map(({ isOk }) => isOk)).toEqual([true, true]);
      expect((await source.discover()).map(({ name }) => name)).toEqual(['public.payments']);
      await withSnapshot(source, async (snapshot) => {
        const request = requestOf('payments', { key: ['id'] }, ['amount']);
        const { columns, text } = await readText(snapshot, request);
        expect(text.split('\n').length - 1).toBe(5000);
        // 1 + … + 5000 = 12,502,500, and half of that.
        expect(await snapshot.control(request, columns)).toEqual({
          rows: 5000n,
          sums: { amount: '6251250.00' },
          keyChecksum: '12502500',
          moneyChecksum: null,
          rowChecksum: null,
        });
      });
    }
  });

  it('can be read again after a run was cancelled', async () => {
    const source = postgresSource(contextOf('postgres', url));
    const stop = new AbortController();
    const snapshot = await source.openSnapshot(stop.signal);
    for await (const part of snapshot.read(requestOf('payments'))) {
      if (part.kind !== 'csv') throw new Error('a database sends CSV');
      const consume = async () => {
        stop.abort();
        for await (const _ of part.bytes);
      };
      await expect(consume()).rejects.toMatchObject({ code: 'WC-SOURCE-006' });
    }
    await snapshot.close();
    const { text } = await withSnapshot(source, (next) =>
      readText(next, requestOf('payments'), { limit: 1 }),
    );
    expect(text).toBe('1,0.50\n');
  });
});
