import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postgresSource } from '../../../../connectors/sources/postgres/postgres-source.ts';
import type { Source } from '../../../../connectors/sources/source.ts';
import { createPostgresDatabase, type TestDatabase } from '../../../servers/postgres.ts';
import { contextOf, readText, requestOf, typesOf, withSnapshot } from '../database-source.ts';

let database: TestDatabase;
let source: Source;

beforeAll(async () => {
  database = await createPostgresDatabase();
  source = postgresSource(contextOf('postgres', database.url));
});
afterAll(() => database.drop());

const read = (name: string) => withSnapshot(source, (snapshot) => readText(snapshot, requestOf(name)));

describe('the rows of a PostgreSQL table', () => {
  it('come with a type for each column, and what no raw type holds comes as text', async () => {
    await database.run(`
      create type mood as enum ('good', 'bad');
      create domain pence as integer;
      create table kinds (
        small smallint, whole integer, big bigint, exact numeric(12, 2), free numeric, long numeric(50, 2),
        single real, double double precision, flag boolean, day date, clock time, at timestamp, instant timestamptz,
        id uuid, document jsonb, list integer[], bytes bytea, span interval, price money, code char(5), feeling mood,
        cents pence, address inet, range int4range);
      insert into kinds values (
        -1, 2147483647, 9007199254740993, -0.50, 1.123456789, 1, 0.1, 0.30000000000000004, true, '2024-02-29',
        '23:59:59.5', '2024-01-01 10:00:00.5', '2024-06-01 12:00:00+02', '00000000-0000-0000-0000-00000000000a',
        '{"a": 1}', '{1,2}', '\\xdead', '1 day 2 hours', 1234.5, 'ab', 'good', 7, '10.0.0.1', '[1,5)')`);
    const { columns, text } = await read('kinds');
    expect(typesOf(columns)).toEqual({
      small: 'integer',
      whole: 'integer',
      big: 'bigint',
      exact: { precision: 12, scale: 2 },
      free: { precision: 18, scale: 10 },
      long: { precision: 18, scale: 4 },
      single: 'double',
      double: 'double',
      flag: 'boolean',
      day: 'date',
      clock: 'time',
      at: 'timestamp',
      instant: 'timestamptz',
      id: 'text',
      document: 'text',
      list: 'text',
      bytes: 'text',
      span: 'text',
      price: { precision: 18, scale: 4 },
      code: 'text',
      feeling: 'text',
      cents: 'integer',
      address: 'text',
      range: 'text',
    });
    expect(text).toBe(
      '-1,2147483647,9007199254740993,-0.50,1.1234567890,1.0000,0.1,0.30000000000000004,true,2024-02-29,' +
        '23:59:59.5,2024-01-01 10:00:00.5,2024-06-01 10:00:00+00,00000000-0000-0000-0000-00000000000a,' +
        '"{""a"": 1}","{1,2}",\\xdead,P1DT2H,1234.5000,ab,good,7,10.0.0.1,"[1,5)"\n',
    );
  });

  it('come from a schema of any name, found in any case', async () => {
    await database.run('create schema "Büro"; create table "Büro"."order" as select 7 as id');
    expect((await read('büro.ORDER')).text).toBe('7\n');
  });

  it('prefer the table that is spelled exactly so', async () => {
    await database.run(`
      create table "Twin" (id integer); create table twin (id integer);
      insert into "Twin" values (1); insert into twin values (2)`);
    expect((await read('Twin')).text).toBe('1\n');
    expect((await read('twin')).text).toBe('2\n');
  });

  it('come as text where a column holds infinity, a year before Christ or NaN, and typed where it does not', async () => {
    await database.run(`
      create table beyond (day date, other_day date, at timestamp, instant timestamptz, amount numeric(10, 2));
      insert into beyond values ('0044-03-15 BC', '2024-01-01', '-infinity', 'infinity', 'NaN'),
        ('2024-01-01', '2024-01-01', '2024-01-01', '2024-01-01', 1)`);
    const { columns, text } = await read('beyond');
    expect(typesOf(columns)).toEqual({
      day: 'text',
      other_day: 'date',
      at: 'text',
      instant: 'text',
      amount: 'text',
    });
    expect(text).toBe(
      '0044-03-15 BC,2024-01-01,-infinity,infinity,NaN\n' +
        '2024-01-01,2024-01-01,2024-01-01 00:00:00,2024-01-01 00:00:00+00,1.00\n',
    );
  });

  it('come from a query of the config, whatever stands at its end', async () => {
    await database.run(`create table events (id integer, body jsonb);
      insert into events values (1, '{"kind": "sale"}'), (2, '{}')`);
    const query = `with sales as (select id, body from events where body ? 'kind')
      select id, body ->> 'kind' as "what?" from sales -- the sales
      ;`;
    const { columns, text } = await withSnapshot(source, (snapshot) =>
      readText(snapshot, requestOf('sales', { query })),
    );
    expect(typesOf(columns)).toEqual({ id: 'integer', 'what?': 'text' });
    expect(text).toBe('1,sale\n');
  });
});
