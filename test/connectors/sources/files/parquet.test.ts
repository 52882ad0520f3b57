import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../../connectors/engines/engine.ts';
import { type EngineUnderTest, engines } from '../../engines/engines.ts';
import { ExportFolder, readTable, textRows } from './export-folder.ts';
import { loadedRows } from './loaded-rows.ts';

/**
 * The five moments of the test, which DuckDB cannot write so; written by PyArrow 25: `pq.write_table(table, file,
 * use_deprecated_int96_timestamps=True, compression='none', use_dictionary=False, write_statistics=False,
 * store_schema=False)`.
 */
const int96File =
  'UEFSMRUAFWwVbCwVChUAFQYVBhwAAAACAAAAAxsAABBdlE4AANKKJQAA6FibckIAAOc8JQAAAAAAAAAAAFJEGgAY/E6RlE4AACz+UQAVBBksNQAY' +
  'BnNjaGVtYRUCABUGJQIYAmF0ABYKGRwZHCYAHBUGGSUGABkYAmF0FQAWChaSARaSASYISRwVABUAFQIAPCkGGSYCCAAAABaSARYKJggWkgEAKCBw' +
  'YXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI1LjAuMRkcHAAAAIAAAABQQVIx';

let folder: ExportFolder;
beforeEach(async () => {
  folder = await ExportFolder.create();
});
afterEach(() => folder.remove());

/** By DuckDB, as many programs write it. */
async function write(name: string, select: string): Promise<string> {
  const path = join(folder.path, name);
  await textRows(`copy (${select}) to '${path}' (format parquet)`);
  return path;
}

describe.each(engines)('on $name, the values of a Parquet file', ({ start }) => {
  let under: EngineUnderTest;
  let engine: Engine;
  beforeAll(async () => {
    under = await start();
    engine = await under.open();
  });
  afterAll(async () => {
    await engine.close();
    await under.end();
  });

  it('arrive as they are: decimals, unsigned integers of 64 bits, nested ones as JSON, bytes as hex', async () => {
    await write(
      'a.parquet',
      `select 123456789012345678901234567.1234567890::decimal(38, 10) as exact, 18446744073709551615::ubigint as big,
         (-9223372036854775808)::bigint as low, {'city': 'Köln', 'tags': ['a', 'b']} as address, map {'k': 1} as counts,
         '\\x00\\xFF'::blob as bytes, null::integer as nothing, '' as empty, 'a,"b"\nc' as text, true as yes,
         date '2024-02-29' as day`,
    );
    const { rows } = await loadedRows(under, engine, folder, 'a.parquet');
    expect(rows).toEqual([
      [
        '123456789012345678901234567.1234567890',
        '18446744073709551615',
        '-9223372036854775808',
        '{"city":"Köln","tags":["a","b"]}',
        '{"k":1}',
        '00ff',
        null,
        '',
        'a,"b"\nc',
        'true',
        '2024-02-29',
      ],
    ]);
  });

  it('may be moments of 96 bits, as Spark and Impala write them', async () => {
    await folder.write('a.parquet', Buffer.from(int96File, 'base64'));
    const { columns, rows } = await loadedRows(under, engine, folder, 'a.parquet');
    expect(columns).toMatchObject([{ name: 'at', type: 'timestamp' }]);
    expect(rows).toEqual([
      ['2024-02-29 23:59:59.123456'],
      ['1969-07-20 20:17:40'],
      [null],
      ['0001-01-01 00:00:00'],
      ['9999-12-31 23:59:59.999999'],
    ]);
  });

  it('of several files come together, also where one lacks a column or has a wider number', async () => {
    await write('a.parquet', `select 1::integer as id, 'Ann' as name`);
    await write('b.parquet', `select 5000000000::bigint as id, 7 as extra`);
    const { columns, rows } = await loadedRows(under, engine, folder, '*.parquet');
    expect(columns.map(({ name }) => name)).toEqual(['id', 'name', 'extra']);
    expect(rows).toEqual([
      ['1', 'Ann', null],
      ['5000000000', null, '7'],
    ]);
  });
});

describe('a Parquet file', () => {
  it.each([
    ['where a number is a text', `select 'x' as id, 'b' as name`, 'id is VARCHAR, and INTEGER in a.parquet'],
    ['of another table', `select 1 as price`, 'it has none of their columns'],
  ])('in a glob of others, %s, is refused by name', async (_, select, difference) => {
    await write('a.parquet', `select 1::integer as id, 'a' as name`);
    await write('b.parquet', select);
    await expect(readTable(folder, '*.parquet')).rejects.toMatchObject({
      code: 'WC-FILE-004',
      message: `b.parquet has another schema than the files before it: ${difference}`,
      where: 'b.parquet',
    });
  });

  it.each([0.1, 0.5, 0.9, 0.999])('cut at %d of its length is refused', async (share) => {
    const path = await write(
      'a.parquet',
      'select range as id, md5(range::varchar) as text from range(20000)',
    );
    const whole = await readFile(path);
    await folder.write('a.parquet', whole.subarray(0, Math.floor(whole.length * share)));
    await expect(readTable(folder, 'a.parquet')).rejects.toMatchObject({
      code: 'WC-FILE-002',
      where: 'a.parquet',
    });
  });

  it('whose middle is damaged is refused, and never read in part', async () => {
    const path = await write(
      'a.parquet',
      'select range as id, md5(range::varchar) as text from range(20000)',
    );
    const bytes = await readFile(path);
    const middle = Math.floor(bytes.length / 2);
    bytes.fill(0xaa, middle, middle + 4000);
    await folder.write('a.parquet', bytes);
    await expect(readTable(folder, 'a.parquet')).rejects.toMatchObject({ code: 'WC-FILE-002' });
  });

  it('without rows gives its columns', async () => {
    await write('a.parquet', `select 1 as id, 'a' as name where false`);
    const { columns, rows } = await readTable(folder, 'a.parquet');
    expect(columns.map(({ name }) => name)).toEqual(['id', 'name']);
    expect(rows).toEqual([]);
  });
});
