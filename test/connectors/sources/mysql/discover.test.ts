import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mysqlSource } from '../../../../connectors/sources/mysql/mysql-source.ts';
import { createMariadbDatabase } from '../../../servers/mariadb.ts';
import type { TestDatabase } from '../../../servers/postgres.ts';
import { contextOf } from '../database-source.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createMariadbDatabase();
  await database.run(`
    create table payments (paid_at datetime, invoice_no varchar(20), line int, amount decimal(10, 2), method text,
      primary key (line, invoice_no));
    insert into payments select now(), seq, seq, seq, 'card' from seq_1_to_500;
    analyze table payments;
    create table gone (id int); create view broken as select id from gone; drop table gone;
    create view open_customers as select 'a' as customer_no, 'b' as email, 'c' as phone, 'd' as city`);
});
afterAll(() => database.drop());

describe('discover of a MySQL source', () => {
  it('gives every table and view that can be read, with columns, key, size and the entity that it looks like', async () => {
    const tables = await mysqlSource(contextOf('mysql', database.url)).discover();
    const own = tables.filter(({ name }) => !name.includes('.'));
    expect(own).toMatchObject([
      { name: 'open_customers', key: [], estimatedRows: null, bytes: null, looksLike: 'accounts' },
      {
        name: 'payments',
        columns: [
          { name: 'paid_at', type: 'timestamp', sourceType: 'datetime' },
          { name: 'invoice_no', type: 'text', sourceType: 'varchar(20)' },
          { name: 'line', type: 'integer', sourceType: 'int' },
          { name: 'amount', type: { precision: 10, scale: 2 }, sourceType: 'decimal(10,2)' },
          { name: 'method', type: 'text', sourceType: 'text' },
        ],
        key: ['line', 'invoice_no'],
        estimatedRows: 500,
        bytes: expect.any(Number),
        looksLike: 'payments',
      },
    ]);
  });
});
