import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Source } from '../../connectors/sources/source.ts';
import { readText, requestOf, withSnapshot } from '../connectors/sources/database-source.ts';
import { databaseServers } from '../connectors/sources/databases/servers.ts';
import type { TestDatabase } from '../servers/postgres.ts';
import { type FaultProxy, startProxy } from './proxy.ts';

describe.each(databaseServers)('a connection to $name', (server) => {
  let database: TestDatabase;
  let proxy: FaultProxy;
  let source: Source;

  beforeAll(async () => {
    database = await server.createDatabase();
    await database.run(
      `create table payments as select n as id, repeat('x', 100) as filler from ${server.numbers(20_000)}`,
    );
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    proxy = await startProxy(database.url);
    source = server.sourceOf(proxy.url, { statement_timeout: 60, stall_timeout: 30 });
  });
  afterEach(() => proxy.close());

  const wholeRead = () => withSnapshot(source, (snapshot) => readText(snapshot, requestOf('payments')));

  it('cut by a proxy at any byte is an error with a code, and never a shorter table', async () => {
    const whole = await wholeRead();
    const bytes = proxy.bytesPassed;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes - 1 }), async (afterBytes) => {
        proxy.mischief = { kind: 'cut', afterBytes };
        const outcome = await wholeRead().catch((error: unknown) => error);
        // The goodbye after the last row may be cut without harm.
        if (typeof outcome === 'object' && outcome !== null && 'text' in outcome) {
          expect(outcome).toEqual(whole);
          return;
        }
        const code = expect.stringMatching(/^WC-SOURCE-00[16]$/);
        expect(outcome).toMatchObject({ code, hint: expect.stringMatching(/./) });
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('that stalls in the middle of the rows is given up after stall_timeout: WC-SOURCE-006', async () => {
    source = server.sourceOf(proxy.url, { stall_timeout: 1 });
    proxy.mischief = { kind: 'stall', afterBytes: 500_000 };
    await expect(wholeRead()).rejects.toMatchObject({
      code: 'WC-SOURCE-006',
      where: 'finance.payments',
      message: 'reading payments failed: the server has sent nothing for 1 s',
      hint: expect.stringContaining('`stall_timeout`'),
    });
  });

  it('that stalls before the answer of a statement is given up, too', async () => {
    source = server.sourceOf(proxy.url, { statement_timeout: 1, stall_timeout: 1 });
    await withSnapshot(source, async (snapshot) => {
      proxy.mischief = { kind: 'stall', afterBytes: 0 };
      await expect(snapshot.describe(requestOf('payments'))).rejects.toMatchObject({
        code: expect.stringMatching(/^WC-SOURCE-00[16]$/),
        message: expect.stringContaining('the server has sent nothing for 2 s'),
      });
    });
  });

  it('that stalls while it is opened is given up after connect_timeout: WC-SOURCE-001', async () => {
    source = server.sourceOf(proxy.url, { connect_timeout: 1 });
    proxy.mischief = { kind: 'stall', afterBytes: 120 };
    await expect(source.openSnapshot(new AbortController().signal)).rejects.toMatchObject({
      code: 'WC-SOURCE-001',
      message: expect.stringContaining('cannot be reached'),
    });
  });

  it('to a host that takes the connection and says nothing is given up: WC-SOURCE-001', async () => {
    const mute = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((listening) => mute.once('listening', listening));
    const url = new URL(database.url);
    url.host = `127.0.0.1:${(mute.address() as { port: number }).port}`;
    const impatient = server.sourceOf(url.href, { connect_timeout: 1 });
    const opening = impatient.openSnapshot(new AbortController().signal);
    await expect(opening).rejects.toMatchObject({
      code: 'WC-SOURCE-001',
      message: expect.stringContaining('cannot be reached'),
      hint: expect.stringContaining('check the host'),
    });
    mute.close();
  });

  it('with a slow reader is not taken for a stalled one', async () => {
    source = server.sourceOf(proxy.url, { stall_timeout: 2 });
    await withSnapshot(source, async (snapshot) => {
      for await (const part of snapshot.read(requestOf('payments'))) {
        if (part.kind !== 'csv') throw new Error('a database sends CSV');
        let length = 0;
        for await (const chunk of part.bytes) {
          if (length === 0) await new Promise((resolve) => setTimeout(resolve, 2500));
          length += chunk.length;
        }
        expect(length).toBeGreaterThan(2_000_000);
      }
    });
  });
});
