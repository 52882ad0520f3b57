import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { CheckVerdict } from '../../../../connectors/sources/source.ts';
import {
  allParts,
  countOfPart,
  ExportFolder,
  readTable,
  requestFor,
  rowsOfPart,
  textRows,
} from './export-folder.ts';

let folder: ExportFolder | undefined;
afterEach(async () => {
  await folder?.remove();
  folder = undefined;
});

describe('a folder in which other programs work', () => {
  it('is listed all the same while files beside the data come and go', async () => {
    folder = await ExportFolder.create({ 'a.csv': 'id\n1\n' });
    const passing = Array.from({ length: 20 }, (_, index) =>
      join(String(folder?.path), `passing-${index}.lock`),
    );
    for (let round = 0; round < 30; round += 1) {
      await Promise.all(passing.map((path) => mkdir(path)));
      const gone = Promise.all(passing.map((path) => rm(path, { recursive: true })));
      expect((await readTable(folder, 'a.csv')).rows).toEqual([['1', 'a.csv']]);
      await gone;
    }
  });
});

describe('a table of several files', () => {
  const files = {
    '2024/b.csv': 'id,name\n3,Cem\n',
    '2024/a.csv': 'id;city\n1;Köln\n2;Łódź\n',
    '2024/more/c.csv.gz': gzipSync('name,id\nDora,4\n'),
    '2024/README.md': 'not data',
    '2023/old.csv': 'id\n0\n',
  };

  it.each(['2024', '2024/', './2024', '2024/**/*.csv{,.gz}'])(
    'named %s is read in the order of their names, column by column',
    async (name) => {
      folder = await ExportFolder.create(files);
      const { columns, rows, control } = await readTable(folder, name);
      expect(columns.map((column) => column.name)).toEqual(['id', 'city', 'name']);
      expect(rows).toEqual([
        ['1', 'Köln', null, '2024/a.csv'],
        ['2', 'Łódź', null, '2024/a.csv'],
        ['3', null, 'Cem', '2024/b.csv'],
        ['4', null, 'Dora', '2024/more/c.csv.gz'],
      ]);
      expect(control.rows).toBe(4n);
    },
  );

  it('is described without reading it, in order of first appearance', async () => {
    folder = await ExportFolder.create(files);
    const snapshot = await folder.source().openSnapshot(new AbortController().signal);
    const columns = await snapshot.describe(requestFor('2024/*.csv'));
    expect(columns).toEqual([
      { name: 'id', type: 'text', sourceType: 'csv' },
      { name: 'city', type: 'text', sourceType: 'csv' },
      { name: 'name', type: 'text', sourceType: 'csv' },
    ]);
    expect(await snapshot.primaryKey(requestFor('2024/*.csv'))).toEqual([]);
  });

  it('has its values read alike, whichever file shows how they are written', async () => {
    folder = await ExportFolder.create({
      'a.csv': 'id;day;price\n1;01.02.2024;5\n',
      'b.csv': 'id;day;price\n2;31.12.2024;1.234,50\n',
    });
    const snapshot = await folder.source().openSnapshot(new AbortController().signal);
    const parts = await allParts(snapshot, requestFor('*.csv'));
    for (const part of parts) {
      expect(part.columns.map(({ valueFormat }) => valueFormat)).toEqual([
        undefined,
        { dateFormat: '%d.%m.%Y' },
        { decimal: ',' },
      ]);
    }
  });

  it('gives a preview of the first rows of each', async () => {
    folder = await ExportFolder.create({ 'a.csv': 'id,note\n1,"a\nb"\n2,c\n3,d\n' });
    const snapshot = await folder.source().openSnapshot(new AbortController().signal);
    for (const limit of [1, 2, 5]) {
      const [part] = await allParts(snapshot, requestFor('a.csv'), limit);
      if (part?.kind !== 'csv') throw new Error('no CSV');
      const rows = await rowsOfPart(part, folder);
      expect(rows).toEqual(
        [
          ['1', 'a\nb'],
          ['2', 'c'],
          ['3', 'd'],
        ].slice(0, limit),
      );
    }
  });
});

describe('a JSONL file', () => {
  const lines = [
    '{"id": 1, "price": 0.1, "note": "a", "paid": true, "at": "2024-01-02T03:04:05+02:00", "tags": ["x"]}',
    '',
    '{"id": 2, "price": 100.10, "address": {"city": "Köln"}, "late": 12345678901234567890}',
  ];

  it.each([
    ['a.jsonl', Buffer.from(`${lines.join('\n')}\n`)],
    ['a.ndjson', Buffer.from(lines.join('\r\n'))],
    ['a.jsonl.gz', gzipSync(lines.join('\n'))],
  ])('named %s has the keys of all lines as columns, and keeps every digit', async (name, bytes) => {
    folder = await ExportFolder.create({ [name]: bytes });
    const { columns, rows, control } = await readTable(folder, name);
    expect(columns.map((column) => [column.name, column.type])).toEqual([
      ['id', 'text'],
      ['price', 'text'],
      ['note', 'text'],
      ['paid', 'text'],
      ['at', 'text'],
      ['tags', 'text'],
      ['address', 'text'],
      ['late', 'text'],
    ]);
    expect(rows).toEqual([
      ['1', '0.1', 'a', 'true', '2024-01-02T03:04:05+02:00', '["x"]', null, null, name],
      ['2', '100.10', null, null, null, null, '{"city":"Köln"}', '12345678901234567890', name],
    ]);
    expect(control.rows).toBe(2n);
  });

  it('without lines gives no rows beside another that has some', async () => {
    folder = await ExportFolder.create({ 'a.jsonl': '', 'b.jsonl': '{"id": 1}\n' });
    const { rows, control } = await readTable(folder, '*.jsonl');
    expect(rows).toEqual([['1', 'b.jsonl']]);
    expect(control.rows).toBe(1n);
  });

  it('may have json as the name of its only key', async () => {
    folder = await ExportFolder.create({ 'a.jsonl': '{"json": 1}\n' });
    expect((await readTable(folder, 'a.jsonl')).rows).toEqual([['1', 'a.jsonl']]);
  });

  it.each(['1\n2\n', '[1]\n[2]\n', '{"id":1}\n2\n'])(
    'whose lines are no objects is refused',
    async (text) => {
      folder = await ExportFolder.create({ 'a.jsonl': text });
      await expect(readTable(folder, 'a.jsonl')).rejects.toMatchObject({
        code: 'WC-FILE-002',
        message: 'a line of a.jsonl is no record: it is no object',
      });
    },
  );
});

describe('a Parquet file', () => {
  it('keeps its types, and says its rows itself', async () => {
    folder = await ExportFolder.create();
    const path = join(folder.path, 'a.parquet');
    await textRows(
      `copy (select 1::integer as id, 2::bigint as big, 1.25::decimal(18,2) as price, 0.5::double as share,
        date '2024-01-02' as day, timestamp '2024-01-02 03:04:05' as at,
        timestamptz '2024-01-02 03:04:05+00' as at_utc, true as paid, 'a' as note, {'city': 'Köln'} as address
        from range(3)) to '${path}' (format parquet)`,
    );
    const { columns, rows, control } = await readTable(folder, 'a.parquet');
    expect(columns.map((column) => [column.name, column.type])).toEqual([
      ['id', 'integer'],
      ['big', 'bigint'],
      ['price', { precision: 18, scale: 2 }],
      ['share', 'double'],
      ['day', 'date'],
      ['at', 'timestamp'],
      ['at_utc', 'timestamptz'],
      ['paid', 'boolean'],
      ['note', 'text'],
      ['address', 'text'],
    ]);
    expect(rows.length).toBe(3);
    expect(rows[0]?.slice(8)).toEqual(['a', '{"city":"Köln"}', 'a.parquet']);
    expect(control.rows).toBe(3n);
  });
});

async function verdicts(name: string, table: Record<string, unknown> = {}): Promise<CheckVerdict[]> {
  const found: CheckVerdict[] = [];
  for await (const verdict of folder?.source().check([requestFor(name, table)]) ?? []) found.push(verdict);
  return found;
}

describe('check', () => {
  it('says how a file was found to be written', async () => {
    const bytes = Buffer.from('id;name\r\n1;J\u00fcrgen\r\n', 'latin1');
    folder = await ExportFolder.create({ 'tickets.csv': bytes });
    expect(await verdicts('tickets.csv', { key: ['ID', '_row', '_file'] })).toEqual([
      { subject: 'exports', isOk: true, message: `${folder.path} holds 1 file` },
      {
        subject: 'exports.tickets.csv',
        isOk: true,
        message: 'tickets.csv: CSV, ";", windows-1252, header, CRLF, 19 bytes; 2 columns',
      },
    ]);
  });

  it('warns of dates that could be day/month or month/day', async () => {
    folder = await ExportFolder.create({ 'a.csv': 'id,day\n1,01/02/2024\n2,03/04/2024\n' });
    expect((await verdicts('a.csv'))[1]).toMatchObject({
      isOk: true,
      hint: 'the dates of day could be day/month or month/day: say `format: { date_format: … }`',
    });
    expect((await verdicts('a.csv', { format: { date_format: '%d/%m/%Y' } }))[1]?.hint).toBeUndefined();
  });

  it('says what is wrong with a table, without throwing', async () => {
    folder = await ExportFolder.create({ 'a.csv': 'id,name\n1,Ann\n', 'b.csv': '' });
    expect((await verdicts('c.csv'))[1]).toMatchObject({ isOk: false, code: 'WC-FILE-001' });
    expect((await verdicts('b.csv'))[1]).toMatchObject({ isOk: false, code: 'WC-FILE-002' });
    expect((await verdicts('a.csv', { key: 'nome' }))[1]).toMatchObject({
      isOk: false,
      code: 'WC-SOURCE-005',
      hint: 'did you mean name?',
    });
  });
});

describe('discover', () => {
  it('lists every data file with its columns, an estimate of its rows and what it looks like', async () => {
    const orders = Array.from({ length: 20_000 }, (_, id) => `${id},7,2024-03-01,SKU1,2,9.99\n`).join('');
    const header = 'order_id,customer_id,ordered_at,sku,quantity,net_amount\n';
    folder = await ExportFolder.create({
      'orders.csv': header + orders,
      'orders.csv.gz': gzipSync(header + orders),
      'sub/broken.csv': '',
      'README.md': '# no data',
    });
    const tables = await folder.source().discover();
    expect(tables.map(({ name }) => name)).toEqual(['orders.csv', 'orders.csv.gz', 'sub/broken.csv']);
    const [plain, zipped, broken] = tables;
    for (const table of [plain, zipped]) {
      expect(table?.looksLike).toBe('purchases');
      expect(table?.columns.length).toBe(6);
      expect(Math.abs((table?.estimatedRows ?? 0) - 20_000)).toBeLessThan(1_000);
    }
    expect(broken).toMatchObject({ columns: [], estimatedRows: null, looksLike: null });
  });
});

const retail = resolve('../shared/data/online_retail');

describe('the Online Retail export', () => {
  it('has 541,909 records by the count of the scanner and of the engine', async () => {
    if (!existsSync(retail)) {
      console.log('skipped: the Online Retail data is not here');
      return;
    }
    const signal = new AbortController().signal;
    const request = requestFor('online_retail.csv.gz');
    const snapshot = await new ExportFolder(retail).source().openSnapshot(signal);
    const [part] = await allParts(snapshot, request);
    if (part?.kind !== 'csv') throw new Error('no CSV');
    expect(part.columns.length).toBe(8);
    folder = await ExportFolder.create();
    expect(await countOfPart(part, folder)).toBe('541909');
    const control = await snapshot.control(request, part.columns);
    expect(control.rows).toBe(541_909n);
  });
});
