import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parse } from 'dotenv';
import pg from 'pg';
import { to } from 'pg-copy-streams';
import { serveDatabases } from '../../demo/serve.ts';
import { writeDemoFolder } from '../../demo/write-demo-folder.ts';
import { rowsOfCompany } from './rows-of-company.ts';

// Making a data directory takes WebAssembly its time, the first time.
jest.setTimeout(180_000);

const size = { seed: 3, customers: 60 };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-serve-'));
  await writeDemoFolder(size, folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the databases of the demo', () => {
  it('answer over the wire: COPY in a read-only, repeatable-read transaction, with keys and types', async () => {
    const servers = await serveDatabases(folder, { keepsLiveAddresses: false });
    try {
      const client = new pg.Client({ connectionString: servers.urls.SALES_URL });
      await client.connect();
      await client.query('begin transaction isolation level repeatable read read only');
      const copied = await text(
        client.query(
          to('copy (select order_id from shop."order" order by order_id) to stdout with (format csv)'),
        ),
      );
      const types = await client.query(
        `select data_type from information_schema.columns
         where table_schema = 'shop' and table_name = 'order_lines' and column_name in ('net', 'updated_at')
         order by column_name`,
      );
      await client.query('commit');
      await client.end();
      const ids = rowsOfCompany(size).shopOrders.map(({ order_id }) => Number(order_id));
      expect(copied.trimEnd().split('\n').map(Number)).toEqual(ids.sort((a, b) => a - b));
      expect(types.rows.map(({ data_type }) => data_type)).toEqual(['numeric', 'timestamp with time zone']);
      expect(parse(await readFile(join(folder, '.env'), 'utf8'))).toEqual(servers.urls);
    } finally {
      await servers.stop();
    }
  });

  it('come back on the ports of last time, and on another where one of these is taken', async () => {
    const first = parse(await readFile(join(folder, '.env'), 'utf8'));
    const port = Number(new URL(first.FINANCE_URL ?? '').port);
    const squatter = createServer().listen(port, '127.0.0.1');
    const elsewhere = await serveDatabases(folder, { keepsLiveAddresses: true });
    await elsewhere.stop();
    expect(elsewhere.urls.FINANCE_URL).not.toBe(first.FINANCE_URL);
    expect(elsewhere.urls.SALES_URL).toBe(first.SALES_URL);
    // A `demo serve` may be what listens there: its addresses stay.
    expect(parse(await readFile(join(folder, '.env'), 'utf8'))).toEqual(first);

    const moved = await serveDatabases(folder, { keepsLiveAddresses: false });
    await moved.stop();
    squatter.close();
    expect(parse(await readFile(join(folder, '.env'), 'utf8'))).toEqual(moved.urls);
  });
});
