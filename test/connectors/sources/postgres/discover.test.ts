import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postgresSource } from '../../../../connectors/sources/postgres/postgres-source.ts';
import { createPostgresDatabase, type TestDatabase } from '../../../servers/postgres.ts';
import { contextOf } from '../database-source.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createPostgresDatabase();
  await database.run(`
    create schema billing;
    create domain pence as numeric(10, 2);
    create domain fee as pence;
    create table billing.payments (paid_at timestamptz, invoice_no text, line integer, amount fee, method text,
      primary key (line, invoice_no));
    insert into billing.payments select now(), n, n, n, 'card' from generate_series(1, 500) as n;
    analyze billing.payments;
    create view billing.open_customers as select 'a' as customer_no, 'b' as email, 'c' as phone, 'd' as city;
    create table readings (taken date, value integer) partition by range (taken);
    create table readings_2024 partition of readings for values from ('2024-01-01') to ('2025-01-01')`);
});
afterAll(() => database.drop());

describe('discover of a PostgreSQL source', () => {
  it('gives every table and view with columns, key, size and the entity that it looks like', async () => {
    const tables = await postgresSource(contextOf('postgres', database.url)).discover();
    expect(tables).toEqual([
      {
        name: 'billing.open_customers',
        columns: ['customer_no', 'email', 'phone', 'city'].map((name) => ({
          name,
          type: 'text',
          sourceType: 'text',
        })),
        key: [],
        estimatedRows: null,
        bytes: null,
        looksLike: 'accounts',
      },
      {
        name: 'billing.payments',
        columns: [
          { name: 'paid_at', type: 'timestamptz', sourceType: 'timestamp with time zone' },
          { name: 'invoice_no', type: 'text', sourceType: 'text' },
          { name: 'line', type: 'integer', sourceType: 'integer' },
          { name: 'amount', type: { precision: 10, scale: 2 }, sourceType: 'fee' },
          { name: 'method', type: 'text', sourceType: 'text' },
        ],
        key: ['line', 'invoice_no'],
        estimatedRows: 500,
        bytes: expect.any(Number),
        looksLike: 'payments',
      },
      expect.objectContaining({ name: 'public.readings', key: [], looksLike: null }),
    ]);
  });

  it('leaves out what the login cannot read', async () => {
    const role = `${new URL(database.url).pathname.slice(1)}_reader`;
    await database.run(`create role ${role} login; grant select on readings to ${role}`);
    try {
      const url = new URL(database.url);
      url.username = role;
      const tables = await postgresSource(contextOf('postgres', url.href)).discover();
      expect(tables.map(({ name }) => name)).toEqual(['public.readings']);
    } finally {
      await database.run(`drop owned by ${role}; drop role ${role}`);
    }
  });
});
