import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examineWarehouse, openEngine, openLock } from '../../../connectors/engines/open-engine.ts';
import type { PostgresWarehouse } from '../../../connectors/engines/warehouse-config.ts';
import type { CheckVerdict } from '../../../connectors/sources/source.ts';
import { freePort, type OwnPostgres, startOwnPostgres } from '../../servers/own-postgres.ts';
import { postgresWarehouse } from './engines.ts';

let server: OwnPostgres;

beforeAll(async () => {
  server = await startOwnPostgres();
  await server.run("create role whalecurve login password 'secret'");
  await server.run("create database owned owner whalecurve encoding 'UTF8' template template0");
  await server.run("create database latin owner whalecurve encoding 'LATIN1' locale 'C' template template0");
  await server.run("create database foreign_owned encoding 'UTF8' template template0");
});
afterAll(() => server.stop());

type UrlParts = Partial<Pick<URL, 'hostname' | 'port' | 'password' | 'pathname'>>;

function at(parts: UrlParts, more: Partial<PostgresWarehouse> = {}): PostgresWarehouse {
  const url = new URL(server.url);
  Object.assign(url, { username: 'whalecurve', password: 'secret', pathname: '/owned', ...parts });
  return { ...postgresWarehouse(url.href, ''), connect_timeout: 5, ...more };
}

const open = (warehouse: PostgresWarehouse) => openEngine(warehouse, { prelude: '' });

async function verdicts(warehouse: PostgresWarehouse): Promise<CheckVerdict[]> {
  const found: CheckVerdict[] = [];
  for await (const verdict of examineWarehouse(warehouse)) found.push(verdict);
  return found;
}

describe('a server that cannot be used is WC-ENGINE-005', () => {
  it.each([
    ['a wrong password', { password: 'wrong' }, 'refused the login of whalecurve'],
    ['no password', { password: '' }, 'refused the login of whalecurve'],
    ['a database that is not there', { pathname: '/nowhere' }, '/nowhere is not there'],
    ['a database in another encoding', { pathname: '/latin' }, 'is in encoding LATIN1'],
    ['a host that has no name', { hostname: 'nowhere.invalid' }, 'cannot be reached'],
    [
      'a database where the login may make nothing',
      { pathname: '/foreign_owned' },
      'whalecurve may not do in',
    ],
  ])('for %s', async (_case, change, message) => {
    const error = await open(at(change)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'WC-ENGINE-005', message: expect.stringContaining(message) });
    expect(String((error as Error).message)).not.toContain('secret');
    expect(error).toHaveProperty('hint', expect.any(String));
  });

  it('for a port where nobody listens', async () => {
    const port = await freePort();
    const warehouse = at({ port: String(port) });
    await expect(open(warehouse)).rejects.toMatchObject({ code: 'WC-ENGINE-005' });
    await expect(openLock(warehouse, 'run').acquire('r_1', new Date())).rejects.toMatchObject({
      code: 'WC-ENGINE-005',
    });
    expect(await verdicts(warehouse)).toMatchObject([{ isOk: false, code: 'WC-ENGINE-005' }]);
  });

  it('for a url that is none, which is not repeated', async () => {
    const error = await open({ ...at({}), url: 'postgres//whalecurve:secret' }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'WC-ENGINE-005', message: 'the url of the warehouse is not a URL' });
  });

  it('for a certificate that nobody vouches for, and not for one of a known authority', async () => {
    if (server.certificate === null) return;
    await expect(open(at({}, { tls: true }))).rejects.toMatchObject({
      code: 'WC-ENGINE-005',
      message: expect.stringContaining('no trusted TLS connection'),
    });
    const trusting = at({}, { tls: { ca: server.certificate, reject_unauthorized: true } });
    const engine = await open(trusting);
    expect(await engine.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()')).toEqual([
      { ssl: true },
    ]);
    // A second connection, which is as safe as the first.
    await engine.interrupt();
    await engine.close();
    const missing = at({}, { tls: { ca: '/nowhere/ca.pem', reject_unauthorized: true } });
    await expect(open(missing)).rejects.toMatchObject({ code: 'WC-ENGINE-005' });
  });
});

describe('check', () => {
  it('says how it connected, and what the login may do', async () => {
    expect(await verdicts(at({}))).toMatchObject([
      {
        isOk: true,
        message: expect.stringMatching(/^connected to PostgreSQL 18\.\d+ at .*\/owned as whalecurve$/),
      },
      { isOk: true, message: 'whalecurve may make schemas and tables' },
    ]);
    expect(await verdicts(at({ pathname: '/foreign_owned' }))).toMatchObject([
      { isOk: true },
      { isOk: false, code: 'WC-ENGINE-005', hint: expect.stringContaining('grant create') },
    ]);
  });

  it('says that there is no cluster to spread tables over', async () => {
    expect((await verdicts(at({}, { distribute: true }))).at(-1)).toMatchObject({
      isOk: false,
      code: 'WC-ENGINE-006',
    });
  });
});
