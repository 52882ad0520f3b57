import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { postgresSource } from '../../../../connectors/sources/postgres/postgres-source.ts';
import type { Source } from '../../../../connectors/sources/source.ts';
import { createPostgresDatabase, postgresServerUrl, type TestDatabase } from '../../../servers/postgres.ts';
import { asDuckdbReads, contextOf, readText, requestOf, withSnapshot } from '../database-source.ts';

let database: TestDatabase;
let source: Source;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-control-'));
  database = await createPostgresDatabase();
  source = postgresSource(contextOf('postgres', database.url));
  await database.run(`
    create table lines (
      order_no varchar(10), line smallint, ordered_at timestamp, shipped_at timestamptz, day date, at_clock time,
      weight numeric(10, 3), is_gift boolean, code char(6), reference uuid, birthday date, amount numeric(12, 2),
      pieces integer, points bigint, rate double precision, free numeric, primary key (order_no, line));
    insert into lines
    select 'O' || n / 3, n % 3, timestamp '2024-01-01' + n * interval '1.25 seconds',
           case when n % 7 > 0 then timestamptz '2024-01-01 00:00+02' + n * interval '1 hour' end,
           date '2024-01-01' + n, time '00:00' + n * interval '0.5 second', n / 8.0, n % 2 = 0, 'é' || n,
           md5(n::text)::uuid, case when n = 5 then date '0044-03-15 BC' else date '1970-01-01' + n end,
           n * 1.11 - 500, n, 9007199254740993, n / 10.0, n / 7.0
      from generate_series(1, 1000) as n`);
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** What the source says, and what DuckDB finds in the bytes. */
async function bothSides(name: string, key: string[] | undefined, money: string[]) {
  return withSnapshot(source, async (snapshot) => {
    const request = requestOf(name, key === undefined ? {} : { key }, money);
    const { columns, text } = await readText(snapshot, request);
    const control = await snapshot.control(request, columns);
    const file = join(folder, 'rows.csv');
    await writeFile(file, text);
    const parts = (key ?? ['order_no', 'line']).map((part) => `coalesce("${part}"::varchar, '')`);
    const hash = `sum(('0x' || substr(md5(concat_ws('|', ${parts.join(', ')})), 1, 8))::bigint)::varchar`;
    return { control, found: (select: string) => asDuckdbReads(file, columns, select), hash };
  });
}

describe('the control totals of PostgreSQL', () => {
  it('sum rows, money and the parts of a compound key as the bytes do', async () => {
    const { control, found, hash } = await bothSides('lines', undefined, [
      'AMOUNT',
      'pieces',
      'points',
      'rate',
      'free',
      'order_no',
    ]);
    const [rows, amount, pieces, points, rate, checksum] = await found(
      `count(*)::varchar, sum(amount)::varchar, sum(pieces)::varchar, sum(points)::varchar,
       sum(rate::decimal(38, 4))::varchar, ${hash}`,
    );
    // Text, and numeric without limits, which travels as text, have no sum.
    expect(control).toEqual({
      rows: BigInt(String(rows)),
      sums: { amount, pieces, points, rate },
      keyChecksum: checksum,
    });
    // Σ 1.11 n - 500 over 1 … 1000 = 1.11 × 500,500 - 500,000; Σ n / 10 = 50,050.
    expect(control.sums).toMatchObject({ amount: '55555.00', pieces: '500500', rate: '50050.0000' });
  });

  it.each([
    'order_no',
    'ordered_at',
    'shipped_at',
    'day',
    'at_clock',
    'weight',
    'is_gift',
    'code',
    'reference',
    'birthday',
  ])('write a key of %s as the engine does', async (column) => {
    const { control, found, hash } = await bothSides('lines', [column, 'line'], []);
    const keyText = hash;
    expect([control.keyChecksum]).toEqual(await found(keyText));
  });

  it('sum an integer key itself', async () => {
    const { control } = await bothSides('lines', ['POINTS'], []);
    expect(control.keyChecksum).toBe(String(1000n * 9007199254740993n));
  });

  it('are zero with the digits of the column for an empty table, without a checksum where there is no key', async () => {
    await database.run('create table nothing (amount numeric(12, 2), pieces integer, rate real)');
    await withSnapshot(source, async (snapshot) => {
      const request = requestOf('nothing', {}, ['amount', 'pieces', 'rate']);
      const { columns } = await readText(snapshot, request);
      expect(await snapshot.control(request, columns)).toEqual({
        rows: 0n,
        sums: { amount: '0.00', pieces: '0', rate: '0.0000' },
        keyChecksum: null,
      });
    });
  });

  it('hash UTF-8 also in a database of another encoding', async () => {
    const name = `${new URL(database.url).pathname.slice(1)}_latin1`;
    const admin = new pg.Client(postgresServerUrl());
    await admin.connect();
    await admin.query(
      `create database ${name} template template0 encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'`,
    );
    try {
      const url = new URL(database.url);
      url.pathname = `/${name}`;
      const client = new pg.Client(url.href);
      await client.connect();
      await client.query("create table t (id text); insert into t values ('Straße')");
      await client.end();
      await withSnapshot(postgresSource(contextOf('postgres', url.href)), async (snapshot) => {
        const request = requestOf('t', { key: ['id'] });
        const { columns, text } = await readText(snapshot, request);
        expect(text).toBe('Straße\n');
        // printf Straße | md5sum → a763ca07…
        expect((await snapshot.control(request, columns)).keyChecksum).toBe(String(0xa763ca07));
      });
    } finally {
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    }
  });
});
