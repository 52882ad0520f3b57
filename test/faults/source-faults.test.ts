import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { openSource } from '../../connectors/sources/registry.ts';
import { requestOf, verdicts } from '../connectors/sources/database-source.ts';
import { makeWorkplace, type Workplace } from '../pipelines/workplace.ts';
import { type OwnPostgres, startOwnPostgres } from '../servers/own-postgres.ts';
import { startOwnStandby } from '../servers/own-standby.ts';
import { expectFailedNight, expectGoodNight, paymentsYaml } from './night.ts';
import { startProxy } from './proxy.ts';

/** A server of its own, whose nights fail by what happens to it. */
let server: OwnPostgres;
let place: Workplace;
const yamlOf = (url: string, more = '') =>
  paymentsYaml(
    `type: postgres\n    url: "${url}"\n    stall_timeout: 2\n    connect_timeout: 5\n    ${more}`,
  );
let readerUrl = '';

beforeAll(async () => {
  server = await startOwnPostgres({
    settings: {
      max_connections: '12',
      superuser_reserved_connections: '3',
      wal_level: 'replica',
      // Its snapshot would keep the dead rows that a test wants removed.
      autovacuum: 'off',
    },
  });
  await server.run(`
    create role reader login password 'open sesame';
    create table payments (id int primary key, client text, amount numeric(12, 2), filler text);
    alter table payments alter column filler set storage external;
    insert into payments select n, 'c' || n % 7, n * 1.5, repeat(md5(n::text), 200) from generate_series(1, 3000) as n;
    grant select on payments to reader`);
  readerUrl = `postgres://reader:open%20sesame@localhost:${server.port}/postgres`;
  place = await makeWorkplace(yamlOf(readerUrl));
  await expectGoodNight(place);
}, 300_000);
afterEach(async () => {
  await place.write({ 'whalecurve.yml': yamlOf(readerUrl) });
  // What a failed test may have left.
  await server.run('alter table if exists payment rename to payments; grant select on payments to reader');
});
afterAll(async () => {
  await place.remove();
  await server.stop();
});

/** What `check` says of the table. */
async function checkOf(): Promise<string> {
  const config = await place.config();
  const settings = config.sources.finance;
  if (settings === undefined) throw new Error('no source finance');
  const found = await verdicts(
    await openSource({ name: 'finance', config: settings, folder: config.folder }),
    [requestOf('payments')],
  );
  return found.map(({ isOk, code }) => (isOk ? 'ok' : code)).join(' ');
}

describe('a night whose source changed since check found it good', () => {
  it('the permission was taken away: WC-SOURCE-003 with the grant that is missing', async () => {
    expect(await checkOf()).toBe('ok ok');
    await server.run('revoke select on payments from reader');
    const told = await expectFailedNight(place, 'WC-SOURCE-003');
    expect(told).toMatchObject({
      where: 'finance.payments',
      hint: 'as the owner: grant select on "payments" to "reader"',
    });
  }, 240_000);

  it('the table was dropped: WC-SOURCE-004', async () => {
    expect(await checkOf()).toBe('ok ok');
    await server.run('alter table payments rename to payment');
    const told = await expectFailedNight(place, 'WC-SOURCE-004');
    expect(told).toMatchObject({ where: 'finance.payments', hint: 'did you mean payment?' });
  }, 240_000);

  it('a column was renamed: WC-MAP-002', async () => {
    await server.run('alter table payments rename column amount to total');
    expect(await checkOf()).toBe('ok ok');
    const told = await expectFailedNight(place, 'WC-MAP-002');
    expect(told.message).toContain('amount');
    await server.run('alter table payments rename column total to amount');
  }, 240_000);

  it('cannot be altered while it is read: who alters it waits until the last row was sent', async () => {
    const opened = await openSource({
      name: 'finance',
      config: (await place.config()).sources.finance as never,
      folder: '.',
    });
    const snapshot = await opened.openSnapshot(new AbortController().signal);
    const columns = await snapshot.describe(requestOf('payments'));
    let isAltered = false;
    const altering = server.run('alter table payments add column late int').then(() => {
      isAltered = true;
    });
    let length = 0;
    for await (const part of snapshot.read(requestOf('payments'))) {
      if (part.kind !== 'csv') throw new Error('a database sends CSV');
      expect(part.columns).toEqual(columns);
      for await (const chunk of part.bytes) length += chunk.length;
    }
    expect([isAltered, length > 15_000_000]).toEqual([false, true]);
    await snapshot.close();
    await altering;
    await server.run('alter table payments drop column late');
  }, 240_000);
});

describe('a night whose server', () => {
  it('is restarted in the middle of the COPY: WC-SOURCE-006, and the next night reads it again', async () => {
    const proxy = await startProxy(readerUrl);
    proxy.mischief = { kind: 'stall', afterBytes: 3_000_000 };
    await place.write({
      'whalecurve.yml': yamlOf(proxy.url, 'tls: false').replace('stall_timeout: 2', 'stall_timeout: 30'),
    });
    const failed = expectFailedNight(place, 'WC-SOURCE-006');
    while (proxy.bytesPassed < 3_000_000) await new Promise((resolve) => setTimeout(resolve, 10));
    await server.restart();
    const told = await failed;
    expect(told).toMatchObject({
      where: 'finance.payments',
      hint: 'the next run reads the source again from its beginning',
    });
    await proxy.close();
    await place.write({ 'whalecurve.yml': yamlOf(readerUrl) });
    await expectGoodNight(place);
  }, 240_000);

  it('falls silent in the middle of the rows: WC-SOURCE-006 after stall_timeout', async () => {
    const proxy = await startProxy(readerUrl);
    proxy.mischief = { kind: 'stall', afterBytes: 3_000_000 };
    await place.write({ 'whalecurve.yml': yamlOf(proxy.url) });
    const told = await expectFailedNight(place, 'WC-SOURCE-006');
    expect(told).toMatchObject({
      message: 'reading payments failed: the server has sent nothing for 2 s',
      hint: expect.stringContaining('`stall_timeout`'),
    });
    await proxy.close();
  }, 240_000);

  it('is cut off by a proxy in the middle of the rows: WC-SOURCE-006', async () => {
    const proxy = await startProxy(readerUrl);
    proxy.mischief = { kind: 'cut', afterBytes: 3_000_000 };
    await place.write({ 'whalecurve.yml': yamlOf(proxy.url) });
    expect((await expectFailedNight(place, 'WC-SOURCE-006')).where).toBe('finance.payments');
    await proxy.close();
  }, 240_000);

  it('takes no more connections: WC-SOURCE-001 in the words of the server', async () => {
    const clients: pg.Client[] = [];
    try {
      for (;;) {
        const client = new pg.Client(readerUrl);
        client.on('error', () => {});
        await client.connect();
        clients.push(client);
      }
    } catch {
      const told = await expectFailedNight(place, 'WC-SOURCE-001');
      expect(told.message).toMatch(/too many clients|remaining connection slots/);
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
    expect(clients.length).toBeGreaterThan(3);
  }, 240_000);

  it('has a name that nobody knows: WC-SOURCE-001', async () => {
    await place.write({ 'whalecurve.yml': yamlOf('postgres://reader@no-such-host.invalid/finance') });
    const told = await expectFailedNight(place, 'WC-SOURCE-001');
    expect(told).toMatchObject({ message: expect.stringContaining('no-such-host.invalid') });
  }, 240_000);

  it('has a certificate that the config does not trust: WC-SOURCE-001', async () => {
    if (server.certificate === null) return console.log('not tried: no openssl to make a certificate with');
    await place.write({ 'whalecurve.yml': yamlOf(readerUrl, 'tls: true') });
    const told = await expectFailedNight(place, 'WC-SOURCE-001');
    expect(told).toMatchObject({
      message: expect.stringContaining('TLS'),
      hint: expect.stringContaining('tls.ca'),
    });
  }, 240_000);

  it('takes longer for a statement than statement_timeout: WC-SOURCE-006', async () => {
    await place.write({
      'whalecurve.yml': yamlOf(readerUrl, 'statement_timeout: 1').replace(
        '        entity: payments',
        '        query: select *, pg_sleep(id) from payments order by id\n        key: id\n        entity: payments',
      ),
    });
    const told = await expectFailedNight(place, 'WC-SOURCE-006');
    expect(told.message).toContain('statement timeout');
  }, 240_000);

  it('is a replica that must go on without us: WC-SOURCE-006, and says that it is a conflict with recovery', async () => {
    const standby = await startOwnStandby(server, {
      max_standby_streaming_delay: '100ms',
      hot_standby_feedback: 'off',
    });
    if (standby === null) return console.log('not tried: no standby could be started');
    const proxy = await startProxy(readerUrl.replace(String(server.port), String(standby.port)));
    try {
      proxy.mischief = { kind: 'stall', afterBytes: 3_000_000 };
      await place.write({
        'whalecurve.yml': yamlOf(proxy.url).replace('stall_timeout: 2', 'stall_timeout: 30'),
      });
      const failed = expectFailedNight(place, 'WC-SOURCE-006');
      while (proxy.bytesPassed < 3_000_000) await new Promise((resolve) => setTimeout(resolve, 10));
      // The standby must remove rows that our snapshot still sees. A vacuum leaves those that any other
      // transaction of the primary may still see, so once may not be enough.
      let hasEnded = false;
      const ended = failed.then((told) => {
        hasEnded = true;
        return told;
      });
      for (let first = 2900; !hasEnded; first -= 10) {
        await server.run(`delete from payments where id > ${first}`);
        await server.run('vacuum (freeze, truncate off) payments');
        await standby.untilReplayed();
        await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 500))]);
      }
      const told = await ended;
      expect(told).toMatchObject({ where: 'finance.payments', hint: expect.stringMatching(/./) });
      expect(told.message).toMatch(/conflict with recovery|terminated/);
    } finally {
      await proxy.close();
      await standby.stop();
    }
  }, 240_000);
});
