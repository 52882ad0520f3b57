import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { openDuckdb } from '../../../connectors/engines/duckdb/duckdb-engine.ts';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { readPrelude } from '../../../transforms/prelude/read-prelude.ts';
import { createPostgresDatabase, type TestDatabase } from '../../servers/postgres.ts';

let duckdb: Engine;
let database: TestDatabase;
let postgres: pg.Client;

beforeAll(async () => {
  duckdb = await openDuckdb({
    databasePath: ':memory:',
    warehousePath: ':memory:',
    memoryLimit: '1GB',
    prelude: await readPrelude('duckdb'),
  });
  database = await createPostgresDatabase();
  postgres = new pg.Client({ connectionString: database.url });
  await postgres.connect();
  await postgres.query("create schema whalecurve; set time zone 'UTC'");
  await postgres.query('set search_path = whalecurve, pg_catalog');
  await postgres.query(await readPrelude('postgres'));
});

afterAll(async () => {
  await duckdb.close();
  await postgres.end();
  await database.drop();
});

/** What an expression gives on each engine, as text. */
async function onBoth(expression: string): Promise<{ duckdb: unknown; postgres: unknown }> {
  const sql = `select cast(${expression} as text) as result`;
  const [row] = await duckdb.query(sql);
  const result = await postgres.query<{ result: string | null }>(sql);
  return { duckdb: row?.result, postgres: result.rows[0]?.result };
}

async function expectBoth(expression: string, expected: string | null): Promise<void> {
  expect({ expression, ...(await onBoth(expression)) }).toEqual({
    expression,
    duckdb: expected,
    postgres: expected,
  });
}

const decimal = (amount: string) => `cast(${amount} as numeric(18, 4))`;

describe('on both engines', () => {
  it('a whole quotient is cut towards zero, and nothing is divided by zero', async () => {
    await expectBoth('div(7, 2)', '3');
    await expectBoth('div(-7, 2)', '-3');
    await expectBoth('div(7, 0)', null);
    await expectBoth('div(cast(9000000000000000000 as bigint), 2)', '4500000000000000000');
  });

  it('doubles beyond 10^15 keep their fraction without an exponent', async () => {
    await expectBoth(`double_as_text(cast('1539803487996699.8' as double precision))`, '1539803487996699.8');
    await expectBoth(
      `double_as_text(cast('-4503599627370495.5' as double precision))`,
      '-4503599627370495.5',
    );
  });

  it('amounts are divided exactly, halves away from zero', async () => {
    await expectBoth(`divide_money(${decimal('10')}, 3)`, '3.3333');
    await expectBoth(`divide_money(${decimal('20')}, 3)`, '6.6667');
    await expectBoth(`divide_money(${decimal('-20')}, 3)`, '-6.6667');
    // 0.0001 / 2 = 0.00005
    await expectBoth(`divide_money(${decimal('0.0001')}, 2)`, '0.0001');
    await expectBoth(`divide_money(${decimal('-0.0001')}, 2)`, '-0.0001');
    await expectBoth(`divide_money(${decimal('0.0001')}, 3)`, '0.0000');
    await expectBoth(`divide_money(${decimal('1')}, ${decimal('0.0003')})`, '3333.3333');
    await expectBoth(`divide_money(${decimal('99999999999999.9999')}, 1)`, '99999999999999.9999');
    await expectBoth(`divide_money(${decimal('99999999999999.9999')}, 7)`, '14285714285714.2857');
    await expectBoth(`divide_money(${decimal('1')}, 0)`, null);
    await expectBoth(`divide_money(cast(null as numeric(18, 4)), 2)`, null);
    await expectBoth(`divide_money(0, ${decimal('-5')})`, '0.0000');
  });

  it('money has four decimals, halves away from zero', async () => {
    await expectBoth('money(cast(2.00005 as numeric(18, 5)))', '2.0001');
    await expectBoth('money(cast(-2.00005 as numeric(18, 5)))', '-2.0001');
    await expectBoth('money(3)', '3.0000');
    // Doubles that their shortest text writes with an exponent.
    await expectBoth('money(cast(0.00005 as double precision))', '0.0001');
    await expectBoth('money(cast(-0.00005 as double precision))', '-0.0001');
    await expectBoth('money(cast(0.00004999999 as double precision))', '0.0000');
    await expectBoth('money(cast(0.0000999 as double precision))', '0.0001');
    await expectBoth('fit_money(cast(1e15 as double precision))', null);
    await expectBoth('fit_money(cast(-9.24e-178 as double precision))', '0.0000');
    await expectBoth('money(1999 * cast(0.01 as numeric(18, 4)))', '19.9900');
  });

  it('a number without room in its type is null', async () => {
    await expectBoth('fit_money(cast(99999999999999.99994 as numeric(30, 5)))', '99999999999999.9999');
    await expectBoth('fit_money(cast(100000000000000 as numeric(30, 5)))', null);
    await expectBoth('fit_integer(cast(2.5 as numeric(18, 4)))', null);
    await expectBoth('fit_integer(cast(2.0 as numeric(18, 4)))', '2');
    await expectBoth('fit_integer(cast(13085 as double precision))', '13085');
    await expectBoth('fit_rate(cast(0.123456785 as numeric(18, 9)))', '0.12345679');
  });

  it.each([
    ['1234.56', '1234.5600', null],
    ['1,234.56', '1234.5600', null],
    ['1.234,56', null, '1234.5600'],
    ['1234,56', null, '1234.5600'],
    ['1 234.5', '1234.5000', null],
    [' -12 ', '-12.0000', '-12.0000'],
    ['1e3', '1000.0000', '1000.0000'],
    ['.5', '0.5000', null],
    ['2.00005', '2.0001', null],
    ['1_000', null, null],
    ['0x10', null, null],
    ['NaN', null, null],
    ['Infinity', null, null],
    ['', null, null],
    ['12,34', null, '12.3400'],
    ['99999999999999.99995', null, null],
  ])('the text %j as an amount is %s, with a decimal comma %s', async (text, point, comma) => {
    await expectBoth(`try_money('${text}')`, point);
    await expectBoth(`try_money_comma('${text}')`, comma);
  });

  it('text is a whole number only if it writes one', async () => {
    await expectBoth("try_integer('12')", '12');
    await expectBoth("try_integer('12.0')", '12');
    await expectBoth("try_integer('12.5')", null);
    await expectBoth("try_integer('1,234')", '1234');
    await expectBoth("try_integer('9223372036854775807')", '9223372036854775807');
    await expectBoth("try_integer('9223372036854775808')", null);
    await expectBoth("try_integer_comma('1.234')", '1234');
    await expectBoth("try_double('1,234.5')", '1234.5');
    await expectBoth("try_double('many')", null);
    await expectBoth("try_rate('0.12345678')", '0.12345678');
  });

  it('text is true or false in the words of several tools', async () => {
    for (const word of ['true', 'T', 'yes', 'Y', 'ja', '1'])
      await expectBoth(`try_boolean('${word}')`, 'true');
    for (const word of ['false', 'f', 'No', 'n', 'Nein', '0'])
      await expectBoth(`try_boolean('${word}')`, 'false');
    await expectBoth("try_boolean('maybe')", null);
  });

  it.each([
    ['2024-07-01', '2024-06-30 23:00:00'],
    ['2024-07-01 10:00', '2024-07-01 09:00:00'],
    ['2024-07-01T10:00:00.25', '2024-07-01 09:00:00.25'],
    ['2024-07-01T10:00:00Z', '2024-07-01 10:00:00'],
    ['2024-07-01T10:00Z', '2024-07-01 10:00:00'],
    ['2024-07-01T10:00:00+02:00', '2024-07-01 08:00:00'],
    ['2024-07-01 10:00:00 +0230', '2024-07-01 07:30:00'],
    ['2024-07-01 10:00:00-05', '2024-07-01 15:00:00'],
    ['2024-02-30', null],
    ['0000-00-00', null],
    ['2024-07-01 25:00', null],
    ['infinity', null],
    ['01/07/2024', null],
  ])('the time %j on the clock of London is %s in UTC', async (text, expected) => {
    await expectBoth(`try_timestamp('${text}', 'Europe/London')`, expected);
  });

  it('an hour that happens twice is the second one, and a time that is skipped is an hour later', async () => {
    // Clocks in London went back at 02:00 summer time on 27 October 2024 and forward at 01:00 on 31 March.
    await expectBoth("try_timestamp('2024-10-27 01:30', 'Europe/London')", '2024-10-27 01:30:00');
    await expectBoth("try_timestamp('2024-10-27 00:30', 'Europe/London')", '2024-10-26 23:30:00');
    await expectBoth("try_timestamp('2024-03-31 01:30', 'Europe/London')", '2024-03-31 01:30:00');
  });

  it('dates in the pattern of a file are read by it', async () => {
    await expectBoth("try_date_format('31/12/2024', '%d/%m/%Y')", '2024-12-31');
    await expectBoth("try_date_format('12/31/2024', '%d/%m/%Y')", null);
    await expectBoth("try_timestamp_format('31/12/2024 23:59', '%d/%m/%Y', 'UTC')", '2024-12-31 23:59:00');
    await expectBoth(
      "try_timestamp_format('1.2.2024 7:05:09', '%d.%m.%Y %H:%M:%S', 'UTC')",
      '2024-02-01 07:05:09',
    );
    await expectBoth("try_timestamp_format('30/02/2024', '%d/%m/%Y', 'UTC')", null);
    await expectBoth("try_timestamp_format('31/12/2024 late', '%d/%m/%Y', 'UTC')", null);
  });

  it('a day is that of the zone, and days are counted whole', async () => {
    await expectBoth("local_date(timestamp '2024-06-30 23:30:00', 'Europe/London')", '2024-07-01');
    await expectBoth("local_date(timestamp '2024-06-30 23:30:00', 'UTC')", '2024-06-30');
    await expectBoth("try_date('2024-07-01T23:59:00')", '2024-07-01');
    await expectBoth("days_between(date '2024-02-28', date '2024-03-01')", '2');
  });

  it.each([
    ['Élodie', 'elodie'],
    ['STRASSE', 'strasse'],
    ['Straße', 'straße'],
    ['ØRSTED', 'ørsted'],
    ['İstanbul', 'istanbul'],
    ['Й', 'и'],
  ])('%s is compared as %s', async (text, expected) => {
    await expectBoth(`unaccent_lower('${text}')`, expected);
  });

  it('what has no value gives none', async () => {
    for (const name of [
      'try_money',
      'try_integer',
      'try_rate',
      'try_double',
      'try_boolean',
      'try_date',
      'unaccent_lower',
    ]) {
      await expectBoth(`${name}(cast(null as text))`, null);
    }
    await expectBoth("try_timestamp(cast(null as text), 'Europe/London')", null);
  });

  it('rounding, order and sums agree where the rules of the dialect are kept', async () => {
    await expectBoth('round(cast(2.5 as numeric(18, 4)), 0)', '3');
    await expectBoth(
      "(select string_agg(v, ',' order by v desc nulls last) from (values ('b'), (null), ('a')) as t(v))",
      'b,a',
    );
    await expectBoth('(select cast(sum(cast(v as bigint)) as bigint) from (values (1), (2)) as t(v))', '3');
  });
});
