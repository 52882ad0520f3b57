import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postgresSource } from '../../../../connectors/sources/postgres/postgres-source.ts';
import type { Source } from '../../../../connectors/sources/source.ts';
import { freePort, type OwnPostgres, startOwnPostgres } from '../../../servers/own-postgres.ts';
import { contextOf, readText, requestOf, verdicts, withSnapshot } from '../database-source.ts';

let server: OwnPostgres;
let source: Source;
const readerUrl = (password: string) => `postgres://reader:${password}@localhost:${server.port}/postgres`;

beforeAll(async () => {
  server = await startOwnPostgres();
  await server.run(`
    create role reader login password 'open sesame';
    create schema billing; grant usage on schema billing to reader;
    create table billing.invoices (invoice_no integer primary key, amount numeric(10, 2));
    grant select on billing.invoices to reader;
    create table billing.payments (id integer);
    create schema vault; create table vault.secrets (id integer)`);
  source = postgresSource(contextOf('postgres', readerUrl('open%20sesame')));
});
afterAll(() => server.stop());

const opening = (url: string, options = {}) =>
  postgresSource(contextOf('postgres', url, options)).openSnapshot(new AbortController().signal);

describe('check of a PostgreSQL source', () => {
  it('says as whom it is connected and gives one verdict for each table', async () => {
    const found = await verdicts(source, [
      requestOf('billing.invoices', { key: ['Invoice_No'] }),
      requestOf('billing.payments'),
      requestOf('vault.secrets'),
      requestOf('billing.invoice'),
      requestOf('billing.invoices', { key: ['invoice_nr'] }),
      requestOf('big', { query: 'select amount frm billing.invoices' }),
      requestOf('gone', { query: 'select * from billing.gone' }),
      requestOf('twice', { query: 'select invoice_no, invoice_no from billing.invoices' }),
    ]);
    expect(found[0]).toMatchObject({
      subject: 'finance',
      isOk: true,
      message: expect.stringMatching(/^connected to PostgreSQL \d+\.\S+ as reader, read-only$/),
    });
    expect(found.slice(1)).toMatchObject([
      { subject: 'finance.billing.invoices', isOk: true },
      { code: 'WC-SOURCE-003', hint: 'as the owner: grant select on "billing"."payments" to "reader"' },
      { code: 'WC-SOURCE-003', hint: 'as the owner: grant usage on schema "vault" to "reader"' },
      { code: 'WC-SOURCE-004', hint: 'did you mean billing.invoices?' },
      { code: 'WC-SOURCE-005', hint: 'did you mean invoice_no?' },
      { code: 'WC-SOURCE-007', message: expect.stringContaining('syntax error at or near') },
      { code: 'WC-SOURCE-007', message: expect.stringContaining('"billing.gone" does not exist') },
      { code: 'WC-SOURCE-007', message: expect.stringContaining('two columns named invoice_no') },
    ]);
  });

  it('is one verdict when the server cannot be reached', async () => {
    const port = await freePort();
    const down = postgresSource(contextOf('postgres', `postgres://reader:hush@127.0.0.1:${port}/sales`));
    const found = await verdicts(down, [requestOf('billing.invoices')]);
    expect(found).toMatchObject([{ subject: 'finance', isOk: false, code: 'WC-SOURCE-001' }]);
    expect(JSON.stringify(found)).not.toContain('hush');
  });
});

describe('a PostgreSQL source that cannot be read', () => {
  it('says where nobody listens', async () => {
    const port = await freePort();
    await expect(opening(`postgres://reader:hush@localhost:${port}/sales`)).rejects.toMatchObject({
      code: 'WC-SOURCE-001',
      message: expect.stringMatching(
        new RegExp(`^localhost:${port}/sales cannot be reached: .*ECONNREFUSED`),
      ),
    });
  });

  it('says that a host has no address', async () => {
    await expect(opening('postgres://reader@no-such-host.invalid/sales')).rejects.toMatchObject({
      code: 'WC-SOURCE-001',
    });
  });

  it('says that a database does not exist', async () => {
    await expect(opening(readerUrl('open%20sesame').replace(/postgres$/, 'nowhere'))).rejects.toMatchObject({
      code: 'WC-SOURCE-001',
      message: expect.stringContaining('"nowhere" does not exist'),
    });
  });

  it('says that the login was refused, and shows no password', async () => {
    const failure = await opening(readerUrl('wrong-guess')).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'WC-SOURCE-002', message: expect.stringContaining('reader') });
    expect(`${failure}${JSON.stringify(failure)}`).not.toContain('wrong-guess');
    const noPassword = `postgres://reader@localhost:${server.port}/postgres`;
    await expect(opening(noPassword)).rejects.toMatchObject({ code: 'WC-SOURCE-002' });
  });

  it('says that a URL is none, without showing it', async () => {
    const failure = await opening('postgres://reader:hush#1@host:port/x').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'WC-SOURCE-001', message: 'the url of finance is not a URL' });
    expect(`${failure}${JSON.stringify(failure)}`).not.toContain('hush');
  });

  it.each([
    ['billing.payments', {}, 'WC-SOURCE-003'],
    ['billing.missing', {}, 'WC-SOURCE-004'],
    ['q', { query: 'select nothing_such from billing.invoices' }, 'WC-SOURCE-007'],
    ['q', { query: 'select 1 / (invoice_no - invoice_no) as x from billing.invoices' }, 'WC-SOURCE-006'],
  ])('reading %s %j fails with %s', async (name, table, code) => {
    await server.run('insert into billing.invoices values (1, 1) on conflict do nothing');
    await withSnapshot(source, (snapshot) =>
      expect(readText(snapshot, requestOf(name, table))).rejects.toMatchObject({
        code,
        where: `finance.${name}`,
      }),
    );
  });
});

describe('TLS to PostgreSQL', () => {
  it('trusts the authority that the config names and no other', async () => {
    if (server.certificate === null) {
      console.log('not tried: no openssl to make a certificate with');
      return;
    }
    const url = readerUrl('open%20sesame');
    await expect(opening(url, { tls: true })).rejects.toMatchObject({
      code: 'WC-SOURCE-001',
      message: expect.stringContaining('no trusted TLS connection'),
    });
    await (await opening(url, { tls: { ca: server.certificate, reject_unauthorized: true } })).close();
    await (await opening(url, { tls: { reject_unauthorized: false } })).close();
    await expect(
      opening(url, { tls: { ca: 'no-such-file.pem', reject_unauthorized: true } }),
    ).rejects.toMatchObject({ code: 'WC-SOURCE-001', message: expect.stringContaining('no-such-file.pem') });
  });
});
