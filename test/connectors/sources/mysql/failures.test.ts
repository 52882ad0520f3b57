import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mysqlSource } from '../../../../connectors/sources/mysql/mysql-source.ts';
import type { Source } from '../../../../connectors/sources/source.ts';
import { createMariadbDatabase } from '../../../servers/mariadb.ts';
import { freePort } from '../../../servers/own-postgres.ts';
import type { TestDatabase } from '../../../servers/postgres.ts';
import { contextOf, readText, requestOf, verdicts, withSnapshot } from '../database-source.ts';

let database: TestDatabase;
let source: Source;
const reader = `wc_${randomBytes(4).toString('hex')}`;
const urlOf = (user: string, password: string) => {
  const url = new URL(database.url);
  url.username = user;
  url.password = password;
  return url.href;
};

beforeAll(async () => {
  database = await createMariadbDatabase();
  const name = new URL(database.url).pathname.slice(1);
  await database.run(`
    create table invoices (invoice_no int primary key, amount decimal(10, 2)); insert into invoices values (1, 1);
    create table payments (id int);
    create user ${reader} identified by 'open sesame';
    grant select on ${name}.invoices to ${reader}`);
  source = mysqlSource(contextOf('mysql', urlOf(reader, 'open sesame')));
});
afterAll(async () => {
  await database.run(`drop user ${reader}`);
  await database.drop();
});

const opening = (url: string, options = {}) =>
  mysqlSource(contextOf('mysql', url, options)).openSnapshot(new AbortController().signal);

describe('check of a MySQL source', () => {
  it('says as whom it is connected and gives one verdict for each table', async () => {
    const found = await verdicts(source, [
      requestOf('invoices', { key: ['Invoice_No'] }),
      requestOf('payments'),
      requestOf('invoices', { key: ['invoice_nr'] }),
      requestOf('big', { query: 'select amount frm invoices' }),
      requestOf('wrong', { query: 'select amounts from invoices' }),
      requestOf('twice', { query: 'select invoice_no, invoice_no from invoices' }),
    ]);
    expect(found[0]).toMatchObject({
      subject: 'finance',
      isOk: true,
      message: expect.stringMatching(
        new RegExp(`^connected to (MariaDB|MySQL) \\d+\\.\\S+ as ${reader}@%, read-only$`),
      ),
    });
    expect(found.slice(1)).toMatchObject([
      { subject: 'finance.invoices', isOk: true },
      { code: 'WC-SOURCE-003', hint: `as the owner: grant select on \`payments\` to '${reader}'@'%'` },
      { code: 'WC-SOURCE-005', hint: 'did you mean invoice_no?' },
      { code: 'WC-SOURCE-007', message: expect.stringContaining('syntax') },
      { code: 'WC-SOURCE-007', message: expect.stringContaining("Unknown column 'amounts'") },
      { code: 'WC-SOURCE-007', message: expect.stringContaining('Duplicate column name') },
    ]);
  });

  it('suggests the table that was meant', async () => {
    const found = await verdicts(mysqlSource(contextOf('mysql', database.url)), [requestOf('invoice')]);
    expect(found[1]).toMatchObject({ code: 'WC-SOURCE-004', hint: 'did you mean invoices?' });
  });
});

describe('a MySQL source that cannot be read', () => {
  it('says where nobody listens', async () => {
    const port = await freePort();
    const failure = await opening(`mysql://reader:hush@127.0.0.1:${port}/sales`).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({
      code: 'WC-SOURCE-001',
      message: expect.stringMatching(
        new RegExp(`^127.0.0.1:${port}/sales cannot be reached: .*ECONNREFUSED`),
      ),
    });
    expect(`${failure}${JSON.stringify(failure)}`).not.toContain('hush');
  });

  it('says that a host has no address, and that a database does not exist', async () => {
    await expect(opening('mysql://reader@no-such-host.invalid/sales')).rejects.toMatchObject({
      code: 'WC-SOURCE-001',
    });
    const url = new URL(database.url);
    url.pathname = '/nowhere_at_all';
    await expect(opening(url.href)).rejects.toMatchObject({
      code: 'WC-SOURCE-001',
      message: expect.stringContaining("Unknown database 'nowhere_at_all'"),
    });
  });

  it('says that the login was refused, and shows no password', async () => {
    const failure = await opening(urlOf(reader, 'wrong-guess')).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'WC-SOURCE-002', message: expect.stringContaining(reader) });
    expect(`${failure}${JSON.stringify(failure)}`).not.toContain('wrong-guess');
  });

  it('says that the server has no TLS where the config wants it', async () => {
    await expect(opening(database.url, { tls: true })).rejects.toMatchObject({
      code: 'WC-SOURCE-001',
      message: expect.stringContaining('no trusted TLS connection'),
    });
  });

  it.each([
    ['payments', {}, 'WC-SOURCE-003'],
    ['q', { query: 'select nothing_such from invoices' }, 'WC-SOURCE-007'],
    ['q', { query: 'select * from invoices where invoice_no = (select 1 union select 2)' }, 'WC-SOURCE-006'],
  ])('reading %s %j fails with %s', async (name, table, code) => {
    await withSnapshot(source, (snapshot) =>
      expect(readText(snapshot, requestOf(name, table))).rejects.toMatchObject({
        code,
        where: `finance.${name}`,
      }),
    );
  });
});
