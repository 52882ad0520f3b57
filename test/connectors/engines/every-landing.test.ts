import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WhalecurveError } from '../../../config/error.ts';
import type { TableConfig } from '../../../config/schema.ts';
import type { Engine, LandedTable } from '../../../connectors/engines/engine.ts';
import {
  type Column,
  type CsvDialect,
  canonicalDialect,
  type RawType,
  type StreamPart,
  type TableRequest,
} from '../../../connectors/sources/source.ts';
import { type EngineUnderTest, engines } from './engines.ts';

const table = { map: {}, types: {}, format: {} } as TableConfig;
const raw = { schema: 'raw', table: 'finance__billing_payments' };

describe.each(engines)('landing on $name', ({ start }) => {
  let under: EngineUnderTest;
  let engine: Engine;
  let landings = 0;

  beforeAll(async () => {
    under = await start();
    engine = await under.open();
  });
  afterAll(() => under.end());

  async function land(
    parts: readonly StreamPart[] | AsyncIterable<StreamPart>,
    { signal, ...asked }: Partial<TableRequest> & { signal?: AbortSignal } = {},
  ): Promise<LandedTable> {
    landings += 1;
    const request = { name: 'billing.payments', table, moneyColumns: [], ...asked };
    return under.landing.land(Symbol.asyncIterator in parts ? parts : Readable.from(parts), request, {
      fileName: `finance__${landings}`,
      ...(signal && { signal, subfolder: 'stopped' }),
    });
  }

  async function load(landed: LandedTable): Promise<number> {
    return engine.transaction(() =>
      engine.load(landed, raw, {
        runId: 'r_1',
        extractedAt: '2024-03-01T01:02:03.000Z',
        folder: under.folder,
      }),
    );
  }

  async function rowsOf(landed: LandedTable) {
    await load(landed);
    const order = landed.hasFile ? '_file, _row' : '_row';
    return engine.query(`select * from raw.finance__billing_payments order by ${order}`);
  }

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
      'a "note"': 'text',
    });
    const line =
      '9007199254740993,-5,12345678901234.5678,0.1,true,2024-02-29,23:59:59.5,2024-02-29 12:00:00.123456,2024-02-29 12:00:00+02,"a ""b"", c\r\nd\\ 😀"\n';
    const landed = await land([csvPart(columns, line)]);
    const [row = {}] = await rowsOf(landed);
    expect(row).toEqual({
      id: '9007199254740993',
      small: -5,
      amount: '12345678901234.5678',
      ratio: 0.1,
      isOpen: true,
      day: '2024-02-29',
      at: '23:59:59.5',
      local: '2024-02-29T12:00:00.123456Z',
      moment: '2024-02-29T10:00:00Z',
      'a "note"': 'a "b", c\r\nd\\ 😀',
      _row: '1',
      _extracted_at: '2024-03-01T01:02:03Z',
      _run_id: 'r_1',
    });
    expect(Object.keys(row)).toEqual([
      ...columns.map(({ name }) => name),
      '_row',
      '_extracted_at',
      '_run_id',
    ]);
    expect(landed.bytes).toBe(Buffer.byteLength(line));
  });

  it('tells NULL, an unquoted empty field, from the empty text, a quoted one', async () => {
    const landed = await land([csvPart(columnsOf({ a: 'text', b: 'text' }), ',""\n"",\n')]);
    expect(await rowsOf(landed)).toMatchObject([
      { a: null, b: '' },
      { a: '', b: null },
    ]);
  });

  it('puts a mark where a text holds a NUL', async () => {
    const landed = await land([csvPart(columnsOf({ a: 'text' }), '"x\0y"\n')]);
    expect(await rowsOf(landed)).toMatchObject([{ a: 'x\uFDD0y' }]);
  });

  it('loads what was landed in the place of what was there, in texts of byte order', async () => {
    await load(await land([csvPart(columnsOf({ old: 'text' }), 'x\n')]));
    const landed = await land([csvPart(columnsOf({ a: 'text' }), 'a\nB\n_\n')]);
    expect(await load(landed)).toBe(3);
    const sorted = await engine.query('select a from raw.finance__billing_payments order by a');
    expect(sorted.map(({ a }) => a)).toEqual(['B', '_', 'a']);
  });

  it('leaves what was there when the transaction of the load fails, and can load again', async () => {
    await load(await land([csvPart(columnsOf({ a: 'text' }), 'old\n')]));
    const landed = await land([csvPart(columnsOf({ a: 'text' }), 'new\n')]);
    await expect(
      engine.transaction(async () => {
        await engine.load(landed, raw, {
          runId: 'r',
          extractedAt: '2024-03-01T00:00:00Z',
          folder: under.folder,
        });
        throw new Error('the gate');
      }),
    ).rejects.toThrow('the gate');
    expect(await engine.query('select a from raw.finance__billing_payments')).toEqual([{ a: 'old' }]);
    expect(await rowsOf(landed)).toMatchObject([{ a: 'new' }]);
  });

  it('numbers the rows of each file from 1 and keeps the file beside them', async () => {
    const columns = columnsOf({ a: 'text' });
    const landed = await land([
      csvPart(columns, 'a\nx\ny\n', { hasHeader: true, file: 'one.csv' }),
      csvPart(columns, 'a\nz\n', { hasHeader: true, file: "sub/it's two.csv" }),
    ]);
    expect(await rowsOf(landed)).toMatchObject([
      { a: 'x', _row: '1', _file: 'one.csv' },
      { a: 'y', _row: '2', _file: 'one.csv' },
      { a: 'z', _row: '1', _file: "sub/it's two.csv" },
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
    const rows = await rowsOf(landed);
    expect(rows).toMatchObject([
      { id: '1', Name: 'Ann', age: null, _row: '1' },
      { id: 'x2', Name: 'Bob', age: 40, _row: '1' },
    ]);
    expect(Object.keys(rows[0] ?? {})).toEqual([
      'id',
      'Name',
      'age',
      '_row',
      '_file',
      '_extracted_at',
      '_run_id',
    ]);
  });

  it('reads files as their dialect says: semicolons, a NULL text, backslashes, CR LF', async () => {
    const dialect = {
      delimiter: ';',
      escape: '\\',
      nullText: 'NULL',
      hasHeader: true,
      newline: '\r\n',
      file: 'a.csv',
    } as const;
    const text = 'a;b\r\n"say \\"hi\\"; ok";NULL\r\nit"s;\r\n"x\r\ny";"NULL"\r\n';
    const landed = await land([csvPart(columnsOf({ a: 'text', b: 'text' }), text, dialect)]);
    expect(await rowsOf(landed)).toMatchObject([
      { a: 'say "hi"; ok', b: null },
      { a: 'it"s', b: null },
      { a: 'x\r\ny', b: 'NULL' },
    ]);
  });

  it('reads Parquet, nested values as JSON text', async () => {
    const parquet = join(under.folder, 'rows.parquet');
    await writeParquet(
      parquet,
      "select 1 as id, {'a': 1} as tags, cast('2024-02-29 10:00:00.5' as timestamp) as at, 1.5::decimal(9,2) as amount, 'inf'::double as ratio",
    );
    const types = columnsOf({
      id: 'bigint',
      tags: 'text',
      at: 'timestamp',
      amount: { precision: 9, scale: 2 },
      ratio: 'double',
    });
    expect(
      await rowsOf(
        await land([
          { kind: 'file', columns: types, format: 'parquet', path: parquet, file: 'rows.parquet' },
        ]),
      ),
    ).toMatchObject([
      { id: '1', tags: '{"a":1}', at: '2024-02-29T10:00:00.5Z', amount: '1.50', ratio: 'Infinity' },
    ]);
  });

  it('keeps the order of many rows, also of a file', async () => {
    const columns = columnsOf({ i: 'integer', text: 'text' });
    const rows = 300_000;
    const bytes = () =>
      Readable.from(
        (function* () {
          for (let at = 0; at < rows; at += 1000) {
            yield Buffer.from(
              Array.from({ length: 1000 }, (_, index) => `${at + index},"row ${at + index}"\n`).join(''),
            );
          }
        })(),
      );
    for (const part of [csvPart(columns, bytes()), csvPart(columns, bytes(), { file: 'many.csv' })]) {
      await load(await land([part]));
      expect(
        await engine.query('select count(*) as n from raw.finance__billing_payments where i + 1 = _row'),
      ).toEqual([{ n: String(rows) }]);
    }
  });

  describe('gives totals', () => {
    const types = columnsOf({
      Id: 'bigint',
      amount: { precision: 18, scale: 4 },
      ratio: 'double',
      note: 'text',
    });
    const lines = '1,0.1000,0.3,a\n2,0.2000,2.00005,ä\n40,,nan,\n';

    it('of rows, keys and money', async () => {
      const landed = await land([csvPart(types, lines)], {
        table: { ...table, key: ['id'] },
        moneyColumns: ['AMOUNT', 'ratio', 'note'],
      });
      // 1 + 2 + 40 = 43; 0.1 + 0.2 = 0.3; 0.3000 + 2.0001 = 2.3001. ä has two bytes.
      const expected = {
        rows: 3n,
        sums: { amount: '0.3000', ratio: '2.3001' },
        keyChecksum: '43',
        moneyChecksum: String(md5('1:a') + md5('2:ä') + md5('')),
        rowChecksum: null,
      };
      expect(landed.totals).toEqual(expected);
      await load(landed);
      const asked = { key: ['id'], moneyColumns: ['AMOUNT', 'ratio', 'note'], verify: 'keys' as const };
      expect(await engine.totals(raw, landed.columns, asked)).toEqual(expected);
    });

    it('of whole rows, where they are asked for', async () => {
      const columns = columnsOf({
        id: 'integer',
        amount: { precision: 9, scale: 2 },
        isOpen: 'boolean',
        at: 'timestamp',
        note: 'text',
        ratio: 'double',
      });
      const text = '1,0.50,true,2024-02-29 12:00:00.5,"x, y",-0\n2,,false,,,nan\n';
      const landed = await land([csvPart(columns, text)], { verify: 'rows' });
      expect(landed.totals.rowChecksum).toBe(
        String(
          md5('1,0.50,true,2024-02-29 12:00:00.5,4:x, y,0000000000000000') +
            md5('2,,false,,,7ff8000000000000'),
        ),
      );
    });

    it('of a key of several columns, and of the number of the row', async () => {
      const columns = columnsOf({ a: 'text', b: 'date' });
      const landed = await land([csvPart(columns, 'x,2024-02-29\nz,\n')], {
        table: { ...table, key: ['a', 'b'] },
      });
      expect(landed.totals.keyChecksum).toBe(String(md5('x|2024-02-29') + md5('z|')));
      const numbered = await land([csvPart(columns, 'x,\ny,\n', { file: 'f' })], {
        table: { ...table, key: ['_row'] },
      });
      expect(numbered.totals.keyChecksum).toBe('3');
    });

    it('and names a key column that the table does not have', async () => {
      const landed = land([csvPart(columnsOf({ a: 'text' }), 'x\n')], { table: { ...table, key: ['b'] } });
      await expect(landed).rejects.toMatchObject({ code: 'WC-SOURCE-005', where: 'billing.payments' });
    });
  });

  describe('refuses', () => {
    const columns = columnsOf({ a: 'integer', b: 'text' });

    it.each([
      ['too few fields', '1,x\n2\n', 'WC-FILE-003', 'the row has 1 fields where 2 belong'],
      ['too many fields', '1,x\n2,y,z\n', 'WC-FILE-003', 'the row has 3 fields where 2 belong'],
      [
        'a text that is not UTF-8',
        Buffer.from('1,x\n2,\xe9\n', 'latin1'),
        'WC-FILE-002',
        'a text is not UTF-8',
      ],
      ['a value of another type', '1,x\nzz,y\n', 'WC-FILE-002', 'column a holds "zz", which is not INTEGER'],
    ])('%s in a file, naming file and line', async (_case, text, code, message) => {
      await expect(land([csvPart(columns, text, { file: 'in.csv' })])).rejects.toMatchObject({
        code,
        message,
        where: 'in.csv:2',
      });
    });

    it.each([
      ['too few fields', '1,x\n2\n', 'WC-FILE-003'],
      ['too many fields', '1,x\n2,y,z\n', 'WC-FILE-003'],
      ['a text that is not UTF-8', Buffer.from('1,x\n2,\xe9\n', 'latin1'), 'WC-FILE-002'],
      ['a value of another type', '1,x\nzz,y\n', 'WC-FILE-002'],
    ])('%s from a database, naming table and line', async (_case, text, code) => {
      await expect(land([csvPart(columns, text)])).rejects.toMatchObject({
        code,
        where: 'billing.payments:2',
      });
    });

    it('a row that was cut off', async () => {
      await expect(land([csvPart(columns, '1,x\n2,y')])).rejects.toMatchObject({ code: 'WC-SOURCE-006' });
    });

    it('a broken Parquet file', async () => {
      const path = join(under.folder, 'broken');
      await writeFile(path, 'PAR1 and no more');
      const part = { kind: 'file', columns, format: 'parquet', path, file: 'broken' } as const;
      await expect(land([part])).rejects.toMatchObject({ code: 'WC-FILE-002', where: 'broken' });
    });

    it('columns that differ only in case, or have the name of ours', async () => {
      for (const names of [['Id', 'ID'], ['_Row']]) {
        const part = csvPart(
          names.map((name) => ({ name, type: 'text', sourceType: 'text' })),
          '',
        );
        await expect(land([part])).rejects.toMatchObject({ code: 'WC-SOURCE-008' });
        expect(part.kind === 'csv' && part.bytes.destroyed).toBe(true);
      }
    });

    it('a source that gives no part at all', async () => {
      await expect(land([])).rejects.toMatchObject({ code: 'WC-SOURCE-006' });
    });
  });

  describe('gives up', () => {
    const columns = columnsOf({ a: 'integer', b: 'text' });

    it.each([undefined, 'in.csv'])('with the error of the source as it is (file: %s)', async (file) => {
      const refused = new WhalecurveError('WC-SOURCE-006', 'the server closed the connection');
      const broken = Readable.from(
        (async function* () {
          yield Buffer.from('1,x\n2,"half of a fi');
          throw refused;
        })(),
      );
      await expect(land([csvPart(columns, broken, file === undefined ? {} : { file })])).rejects.toBe(
        refused,
      );
    });

    it('with the error of a source that failed before its first byte', async () => {
      const refused = new WhalecurveError('WC-SOURCE-006', 'no rows today');
      const broken = new Readable({ read() {} });
      async function* parts() {
        broken.destroy(refused);
        yield csvPart(columns, broken);
      }
      await expect(land(parts())).rejects.toBe(refused);
    });

    it('when the source closes before its end', async () => {
      const bytes = new Readable({ read() {} });
      bytes.push('1,x\n');
      setTimeout(() => bytes.destroy(), 100);
      await expect(land([csvPart(columns, bytes)])).rejects.toMatchObject({
        code: 'WC-SOURCE-006',
        where: 'billing.payments',
      });
    });

    it.each([undefined, 'in.csv'])(
      'early, which ends a source that would go on for ever (file: %s)',
      async (file) => {
        const endless = new Readable({
          read() {
            this.push(Buffer.alloc(66_000, '1,x,y\n'));
          },
        });
        await expect(
          land([csvPart(columns, endless, file === undefined ? {} : { file })]),
        ).rejects.toMatchObject({ code: 'WC-FILE-003' });
        expect(endless.destroyed).toBe(true);
      },
    );

    it.each([undefined, 'in.csv'])(
      'when it is stopped while the source is silent (file: %s)',
      async (file) => {
        const stop = new AbortController();
        let isBegun = false;
        const silent = new Readable({
          read() {
            // The first byte is on its way, and no other comes.
            if (isBegun) return stop.abort(new Error('stopped by the user'));
            isBegun = true;
            this.push('1,x\n');
          },
        });
        const landing = land([csvPart(columns, silent, file === undefined ? {} : { file })], {
          signal: stop.signal,
        });
        await expect(landing).rejects.toThrow('stopped by the user');
        expect(silent.destroyed).toBe(true);
      },
    );
  });
});

/** The first eight hex digits, as a number. */
function md5(text: string): number {
  return Number.parseInt(createHash('md5').update(text).digest('hex').slice(0, 8), 16);
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

async function writeParquet(path: string, select: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`copy (${select}) to '${path}' (format parquet)`);
  connection.closeSync();
  instance.closeSync();
}
