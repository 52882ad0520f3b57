import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { WhalecurveError } from '../../../config/error.ts';
import type { TableConfig } from '../../../config/schema.ts';
import { readWhenArrived } from '../../../connectors/engines/duckdb/byte-pipe.ts';
import { openDuckdb } from '../../../connectors/engines/duckdb/duckdb-engine.ts';
import { duckdbLanding } from '../../../connectors/engines/duckdb/duckdb-landing.ts';
import type { LandedTable } from '../../../connectors/engines/engine.ts';
import {
  type Column,
  type CsvDialect,
  canonicalDialect,
  type RawType,
  type StreamPart,
  type TableRequest,
} from '../../../connectors/sources/source.ts';
import { keptLanding } from './kept-landing.ts';

const home = await mkdtemp(join(tmpdir(), 'whalecurve-landing-'));
/** Of the session that is kept; empty at the beginning of each test. */
const folder = join(home, 'source');
await mkdir(folder);
const landing = keptLanding(duckdbLanding({ memoryLimit: '1GB', threads: 2 }), home);

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
});
afterAll(async () => {
  await landing.close();
  await rm(home, { recursive: true, force: true });
});

describe('landing the bytes of a database', () => {
  it('keeps every type exactly as the source wrote it', async () => {
    const columns = columnsOf({
      id: 'bigint',
      small: 'integer',
      amount: { precision: 18, scale: 4 },
      ratio: 'double',
      isOpen: 'boolean',
      day: 'date',
      at: 'time',
      local: 'timestamp',
      moment: 'timestamptz',
      note: 'text',
    });
    const line =
      '9007199254740993,-5,12345678901234.5678,0.1,true,2024-02-29,23:59:59.5,2024-02-29 12:00:00.123456,2024-02-29 12:00:00+02,"a ""b"", c\nd"\n';
    const landed = await land([csvPart(columns, line)]);
    expect(await rowsOf(landed)).toEqual([
      {
        id: '9007199254740993',
        small: -5,
        amount: '12345678901234.5678',
        ratio: 0.1,
        isOpen: true,
        day: '2024-02-29',
        at: '23:59:59.5',
        local: '2024-02-29T12:00:00.123456Z',
        moment: '2024-02-29T10:00:00Z',
        note: 'a "b", c\nd',
        _row: '1',
        _extracted_at: '2024-03-01T01:02:03Z',
        _run_id: 'run-1',
      },
    ]);
  });

  it('tells NULL, an unquoted empty field, from the empty text, a quoted one', async () => {
    const landed = await land([csvPart(columnsOf({ a: 'text', b: 'text' }), ',""\n"",\n')]);
    expect(await rowsOf(landed)).toMatchObject([
      { a: null, b: '' },
      { a: '', b: null },
    ]);
  });
});

describe('landing files', () => {
  it('numbers the rows of each file from 1 and keeps the file beside them', async () => {
    const columns = columnsOf({ a: 'text' });
    const landed = await land([
      csvPart(columns, 'a\nx\ny\n', { hasHeader: true, file: 'one.csv' }),
      csvPart(columns, 'a\nz\n', { hasHeader: true, file: 'sub/two.csv' }),
    ]);
    expect(await rowsOf(landed)).toMatchObject([
      { a: 'x', _row: '1', _file: 'one.csv' },
      { a: 'y', _row: '2', _file: 'one.csv' },
      { a: 'z', _row: '1', _file: 'sub/two.csv' },
    ]);
    expect(await readdir(folder)).toEqual([
      'finance__billing_payments-0001.parquet',
      'finance__billing_payments-0002.parquet',
    ]);
  });

  it('brings files with different columns together by name, without regard to case', async () => {
    const landed = await land([
      csvPart(columnsOf({ id: 'integer', Name: 'text' }), '1,Ann\n', { file: '1.csv' }),
      csvPart(columnsOf({ NAME: 'text', id: 'text', age: 'integer' }), 'Bob,x2,40\n', { file: '2.csv' }),
    ]);
    expect(landed.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id text',
      'Name text',
      'age integer',
    ]);
    expect(await rowsOf(landed)).toMatchObject([
      { id: '1', Name: 'Ann', age: null },
      { id: 'x2', Name: 'Bob', age: 40 },
    ]);
  });

  it('reads semicolons, another NULL text and backslash escapes where the dialect says so', async () => {
    const dialect = { delimiter: ';', escape: '\\', nullText: 'NULL', hasHeader: true, file: 'a.csv' };
    const landed = await land([
      csvPart(columnsOf({ a: 'text', b: 'text' }), 'a;b\n"say \\"hi\\"; ok";NULL\n', dialect),
    ]);
    expect(await rowsOf(landed)).toMatchObject([{ a: 'say "hi"; ok', b: null }]);
  });

  it('reads rows that end by CR LF, and keeps line ends inside quotes as they are', async () => {
    const text = 'a,b\r\n1,"x\r\ny"\r\n2,"lone \n and "" \r"\r\n3,it"s\r\n4,last\r\n';
    const options = { newline: '\r\n', hasHeader: true, file: 'windows.csv' } as const;
    const expected = [
      { a: '1', b: 'x\r\ny' },
      { a: '2', b: 'lone \n and " \r' },
      { a: '3', b: 'it"s' },
      { a: '4', b: 'last' },
    ];
    const columns = columnsOf({ a: 'text', b: 'text' });
    expect(await rowsOf(await land([csvPart(columns, text, options)]))).toMatchObject(expected);
    // The same when the bytes come one at a time, so that each pair is cut apart.
    const single = Readable.from([...Buffer.from(text)].map((byte) => Buffer.from([byte])));
    expect(await rowsOf(await land([csvPart(columns, single, options)]))).toMatchObject(expected);
  });

  it('makes an empty table with its columns of an empty file, and of one with only a header', async () => {
    const columns = columnsOf({ a: 'text', b: 'integer' });
    const landed = await land([
      csvPart(columns, '', { file: 'empty.csv' }),
      csvPart(columns, 'a,b\n', { hasHeader: true, file: 'header.csv' }),
    ]);
    expect(landed.totals.rows).toBe(0n);
    expect(await rowsOf(landed)).toEqual([]);
  });

  it('reads Parquet, nested values as JSON text and bytes in hexadecimal', async () => {
    const path = join(home, 'source.parquet');
    const engine = await memoryEngine();
    await engine.run(`copy (select 1::bigint as Id, [1, 2] as list, {'a': 'x'} as struct, '\\xAB'::blob as raw,
      1.25::decimal(10, 2) as amount) to '${path}' (format parquet)`);
    await engine.close();
    const columns = columnsOf({
      id: 'bigint',
      list: 'text',
      struct: 'text',
      raw: 'text',
      amount: { precision: 10, scale: 2 },
    });
    const landed = await land([{ kind: 'file', columns, format: 'parquet', path, file: 'source.parquet' }]);
    expect(await rowsOf(landed)).toMatchObject([
      { id: '1', list: '[1,2]', struct: '{"a":"x"}', raw: 'ab', amount: '1.25' },
    ]);
  });

  it('reads many rows in the order in which they stand in the file', async () => {
    const lines = Array.from({ length: 300_000 }, (_, index) => `${index + 1},some text to fill the row\n`);
    const landed = await land([
      csvPart(columnsOf({ n: 'bigint', t: 'text' }), lines.join(''), { file: 'long.csv' }),
    ]);
    const engine = await memoryEngine();
    await engine.load(landed, { schema: 'raw', table: 't' }, stamp());
    expect(await engine.query('select count(*) as wrong from raw.t where n <> _row')).toEqual([
      { wrong: '0' },
    ]);
    expect(landed.totals.rows).toBe(300_000n);
    await engine.close();
  });
});

describe('what the landed rows add up to', () => {
  it('sums money exactly and integer keys as they are', async () => {
    const columns = columnsOf({
      Id: 'bigint',
      amount: { precision: 18, scale: 4 },
      ratio: 'double',
      note: 'text',
    });
    const landed = await land([csvPart(columns, '1,0.1000,0.3,a\n2,0.2000,2.00005,b\n40,,nan,c\n')], {
      table: { ...table, key: ['id'] },
      moneyColumns: ['AMOUNT', 'ratio', 'note'],
    });
    // 1 + 2 + 40 = 43; 0.1 + 0.2 = 0.3, which doubles would make 0.30000000000000004; 0.3000 + 2.0001 = 2.3001.
    // The text has no sum; its checksum is that of its length and itself.
    expect(landed.totals).toEqual({
      rows: 3n,
      sums: { amount: '0.3000', ratio: '2.3001' },
      keyChecksum: '43',
      moneyChecksum: String(md5('1:a') + md5('1:b') + md5('1:c')),
      rowChecksum: null,
    });
  });

  it('sums the first eight digits of the MD5 of any other key', async () => {
    const columns = columnsOf({ a: 'text', b: 'text' });
    const landed = await land([csvPart(columns, 'x,y\nz,\n')], { table: { ...table, key: ['a', 'b'] } });
    expect(landed.totals.keyChecksum).toBe(String(md5('x|y') + md5('z|')));
  });

  it('takes the number of the row as a part of the key, and has no checksum without a key', async () => {
    const columns = columnsOf({ a: 'text' });
    const keyed = await land([csvPart(columns, 'x\ny\n', { file: 'f' })], {
      table: { ...table, key: ['_row'] },
    });
    expect(keyed.totals.keyChecksum).toBe('3');
    expect((await land([csvPart(columns, 'x\n')])).totals.keyChecksum).toBeNull();
  });

  it('names a key column that the table does not have', async () => {
    const landed = land([csvPart(columnsOf({ a: 'text' }), 'x\n')], { table: { ...table, key: ['b'] } });
    await expect(landed).rejects.toMatchObject({ code: 'WC-SOURCE-005', where: 'billing.payments' });
  });
});

describe('bytes that break', () => {
  const columns = columnsOf({ a: 'integer', b: 'text' });

  it.each([
    ['too few fields', '1,x\n2\n', 'WC-FILE-003', 'the row has 1 fields where 2 belong'],
    ['too many fields', '1,x\n2,y,z\n', 'WC-FILE-003', 'the row has 3 fields where 2 belong'],
    ['a cut inside a quoted field', '1,x\n2,"y', 'WC-FILE-002', 'a quoted field does not end'],
    [
      'a text that is not UTF-8',
      Buffer.from('1,x\n2,\xe9\n', 'latin1'),
      'WC-FILE-002',
      'a text is not UTF-8',
    ],
    ['a value of another type', '1,x\nzz,y\n', 'WC-FILE-002', 'column a holds "zz", which is not INTEGER'],
  ])('%s: the error names file and line, and nothing is left', async (_case, text, code, message) => {
    const error = await land([csvPart(columns, text, { file: 'in.csv' })]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message, where: 'in.csv:2' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('a broken Parquet file is named', async () => {
    const path = join(home, 'broken');
    await writeFile(path, 'PAR1 and no more');
    const part = { kind: 'file', columns, format: 'parquet', path, file: 'broken' } as const;
    await expect(land([part])).rejects.toMatchObject({
      code: 'WC-FILE-002',
      message: 'the file is no Parquet file, or not all of it is there',
      where: 'broken',
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('a line that is too long is refused with the limit', async () => {
    const text = `1,x\n2,"${'y'.repeat(40_000_000)}"\n`;
    const error = await land([csvPart(columns, text, { file: 'in.csv' })]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'WC-FILE-002', hint: expect.stringContaining('16 MB') });
    expect((error as WhalecurveError).message.length).toBeLessThan(300);
  });

  it('a line of 100 MB passes where the limit allows it', async () => {
    const patient = duckdbLanding({ memoryLimit: '1GB', threads: 2, maxLineBytes: 120 * 1024 * 1024 });
    const part = csvPart(
      columns,
      Buffer.concat([Buffer.from('1,'), Buffer.alloc(100_000_000, 'y'), Buffer.from('\n')]),
    );
    const landed = await keptLanding(patient, home).land(Readable.from([part]), request(), {
      subfolder: 'patient',
    });
    expect(landed.totals.rows).toBe(1n);
  });

  it('an error of the source is thrown as it is, also when the reader fails after it', async () => {
    const refused = new WhalecurveError('WC-SOURCE-006', 'the server closed the connection');
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('1,x\n2,"half of a fi');
        throw refused;
      })(),
    );
    await expect(land([csvPart(columns, broken)])).rejects.toBe(refused);
    expect(await readdir(folder)).toEqual([]);
  });

  it('an error of the source before its first byte is thrown as it is', async () => {
    const refused = new WhalecurveError('WC-SOURCE-006', 'no rows today');
    async function* parts() {
      const broken = new Readable({ read() {} });
      broken.destroy(refused);
      yield csvPart(columns, broken);
    }
    await expect(landing.land(parts(), request())).rejects.toBe(refused);
  });

  it('a stream that closes before its end is an error, whatever came before', async () => {
    const bytes = new Readable({ read() {} });
    bytes.push('1,x\n');
    setTimeout(() => bytes.destroy(), 100);
    await expect(land([csvPart(columns, bytes)])).rejects.toMatchObject({
      code: 'WC-SOURCE-006',
      where: 'billing.payments',
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('a reader that fails early ends the source, which would otherwise go on for ever', async () => {
    const endless = new Readable({
      read() {
        this.push(Buffer.alloc(65_536, '1,x,y\n'));
      },
    });
    await expect(land([csvPart(columns, endless)])).rejects.toMatchObject({ code: 'WC-FILE-003' });
    expect(endless.destroyed).toBe(true);
  });

  it('a reader that fails ends a source that has fallen silent', async () => {
    const silent = new Readable({ read() {} });
    // More than the reader's first buffer, so that it parses before the source ends.
    silent.push(Buffer.alloc(70_000_000, '1,x,y\n'));
    await expect(land([csvPart(columns, silent)])).rejects.toMatchObject({ code: 'WC-FILE-003' });
    expect(silent.destroyed).toBe(true);
  });

  it('can be stopped while the source is silent', async () => {
    const stop = new AbortController();
    const silent = new Readable({ read() {} });
    silent.push('1,x\n');
    const landing = land([csvPart(columns, silent)], { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('stopped by the user')), 200);
    await expect(landing).rejects.toThrow('stopped by the user');
    expect(silent.destroyed).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  });

  it('the second part fails: the first stays, the second leaves nothing that looks complete', async () => {
    await expect(land([csvPart(columns, '1,x\n'), csvPart(columns, '1\n')])).rejects.toMatchObject({
      code: 'WC-FILE-003',
    });
    expect(await readdir(folder)).toEqual(['finance__billing_payments-0001.parquet']);
  });

  it('many tables landed at once do not wait for each other for ever', async () => {
    const rows = Array.from({ length: 8 }, async (_, index) => {
      const path = join(folder, `${index}.csv`);
      await writeFile(path, '1,some text\n'.repeat(100_000));
      const part = csvPart(columns, createReadStream(path));
      const target = { subfolder: `source-${index}`, fileName: `table-${index}` };
      return (await landing.land(Readable.from([part]), request(), target)).totals.rows;
    });
    expect(await Promise.all(rows)).toEqual(Array.from({ length: 8 }, () => 100_000n));
  });
});

describe('columns that a raw table cannot hold', () => {
  it.each([
    ['names that differ only in case', ['Id', 'ID'], 'the columns Id and ID differ only in case'],
    [
      'a name that every raw table gets',
      ['_Row'],
      'the column _Row has the name of one that every raw table gets',
    ],
  ])('%s are refused', async (_case, names, message) => {
    const columns = names.map((name) => ({ name, type: 'text' as const, sourceType: 'text' }));
    const part = csvPart(columns, '');
    await expect(land([part])).rejects.toMatchObject({ code: 'WC-SOURCE-008', message });
    expect(part.kind === 'csv' && part.bytes.destroyed).toBe(true);
  });

  it('a source that gives no part at all is an error', async () => {
    await expect(land([])).rejects.toMatchObject({ code: 'WC-SOURCE-006' });
  });
});

describe('a system without named pipes', () => {
  it('reads the bytes from a temporary file', async () => {
    const bytes = Readable.from([Buffer.from('some '), Buffer.from('bytes')]);
    let counted = 0;
    const pipeOptions = {
      signal: new AbortController().signal,
      onBytes: (more: number) => {
        counted += more;
      },
    };
    const read = (path: string) => readFile(path, 'utf8');
    expect(await readWhenArrived(join(folder, 'bytes'), bytes, read, pipeOptions)).toBe('some bytes');
    expect(counted).toBe(10);
  });
});

const table = { map: {}, types: {}, format: {} } as TableConfig;
const stamp = () => ({ extractedAt: '2024-03-01T01:02:03.000Z', runId: 'run-1', folder: home });

/** The first eight hex digits, as a number. */
function md5(text: string): number {
  return Number.parseInt(createHash('md5').update(text).digest('hex').slice(0, 8), 16);
}

function request(overrides: Partial<TableRequest> = {}): TableRequest {
  return { name: 'billing.payments', table, moneyColumns: [], ...overrides };
}

function columnsOf(types: Record<string, RawType>): Column[] {
  return Object.entries(types).map(([name, type]) => ({ name, type, sourceType: String(type) }));
}

function csvPart(
  columns: readonly Column[],
  text: string | Buffer | Readable,
  options: Partial<CsvDialect> & { file?: string } = {},
): StreamPart {
  const { file, ...dialect } = options;
  const bytes = text instanceof Readable ? text : Readable.from([Buffer.from(text)]);
  const part = { kind: 'csv' as const, columns, dialect: { ...canonicalDialect, ...dialect }, bytes };
  return file === undefined ? part : { ...part, file };
}

async function land(
  parts: readonly StreamPart[],
  { signal, ...overrides }: Partial<TableRequest> & { signal?: AbortSignal } = {},
): Promise<LandedTable> {
  return landing.land(Readable.from(parts), request(overrides), {
    fileName: 'finance__billing_payments',
    ...(signal && { signal }),
  });
}

function memoryEngine() {
  return openDuckdb({ databasePath: ':memory:', warehousePath: '', memoryLimit: '1GB', prelude: '' });
}

/** As they arrived: a table has no order of its own. */
async function rowsOf(landed: LandedTable) {
  const engine = await memoryEngine();
  try {
    await engine.load(landed, { schema: 'raw', table: 'finance__payments' }, stamp());
    const order = landed.hasFile ? '_file, _row' : '_row';
    return await engine.query(`select * from raw.finance__payments order by ${order}`);
  } finally {
    await engine.close();
  }
}
