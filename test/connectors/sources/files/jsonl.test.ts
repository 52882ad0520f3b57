import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BrokenLine, jsonFields } from '../../../../connectors/sources/files/json-line.ts';
import { ExportFolder, readTable } from './export-folder.ts';

let folder: ExportFolder | undefined;
afterEach(async () => {
  await folder?.remove();
  folder = undefined;
});

async function read(text: string | Buffer, name = 'a.jsonl') {
  folder = await ExportFolder.create({ [name]: text });
  const { columns, rows } = await readTable(folder, name);
  return { names: columns.map((column) => column.name), rows: rows.map((row) => row.slice(0, -1)) };
}

describe('the values of a JSONL file', () => {
  it('keep every digit of a number, however many, as they are written', async () => {
    const numbers = [
      '0.1',
      '100.10',
      '-0',
      '1e400',
      '12345678901234567890',
      '0.1234567890123456789012345',
      '1E+2',
    ];
    const { rows } = await read(numbers.map((number) => `{"n": ${number}}\n`).join(''));
    expect(rows).toEqual(numbers.map((number) => [number]));
  });

  it('keep nested ones as JSON without blanks', async () => {
    const { rows } = await read('{"a": {"b": [1, 2.50, "x  y"], "c": {}}, "d": [ ]}\n');
    expect(rows).toEqual([['{"b":[1,2.50,"x  y"],"c":{}}', '[]']]);
  });

  it('tell no value, no key and the empty text apart as far as a table can', async () => {
    expect(await read('{"a": null, "b": ""}\n{"b": "x"}\n{}\n')).toEqual({
      names: ['a', 'b'],
      rows: [
        [null, ''],
        [null, 'x'],
        [null, null],
      ],
    });
  });

  it('may hold anything that CSV could trip over', async () => {
    const texts = [
      'a,b',
      '"',
      'x"y',
      '\n',
      '\r\n',
      '\\.',
      '\\N',
      ' x ',
      '\t',
      '\u00a0',
      'NULL',
      '😀',
      '\u2028',
      "'",
    ];
    const { rows } = await read(texts.map((text) => `${JSON.stringify({ text, n: 1 })}\n`).join(''));
    expect(rows).toEqual(texts.map((text) => [text, '1']));
  });

  it('have U+FDD0 for what no text can hold: NUL, and half a surrogate pair', async () => {
    const { rows } = await read('{"a": "x\\u0000y", "b": "\\ud83d", "c": "\\ud83d\\ude00"}\n');
    expect(rows).toEqual([['x\ufdd0y', '\ufdd0', '😀']]);
  });

  it('are those of the keys, in any order and with any escapes', async () => {
    const { rows } = await read('{"id":1,"näme":"a"}\r\n  {"n\\u00e4me":"b","id":2}  \n\n\t\n');
    expect(rows).toEqual([
      ['1', 'a'],
      ['2', 'b'],
    ]);
  });

  it('are what JSON.parse says of them, whatever the object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 1, 2), (object, blanks) => {
        const line = JSON.stringify(object, null, blanks).replaceAll('\n', ' ');
        const fields = jsonFields(line);
        if (fields instanceof BrokenLine) throw new Error(fields.message);
        const mark = (text: string) => text.replaceAll('\0', '\ufdd0').replace(/\p{Surrogate}/gu, '\ufdd0');
        expect(fields.map(([name]) => name)).toEqual(Object.keys(object).map(mark));
        for (const [index, value] of Object.values(object).entries()) {
          const found = fields[index]?.[1];
          if (typeof value === 'string') expect(found).toBe(mark(value));
          else if (value === null) expect(found).toBeNull();
          else expect(found).toBe(JSON.stringify(value));
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a JSONL file is refused with its line', () => {
  it.each([
    ['that is cut', '{"id":1}\n{"id":', 'a.jsonl:2', 'it ends within a value'],
    ['that is no JSON', '{"id":1}\n{"id":NaN}\n', 'a.jsonl:2', 'it is no JSON'],
    ['that is no object', '{"id":1}\n\n[2]\n', 'a.jsonl:3', 'it is no object'],
    ['with a key twice', '{"id":1,"id":2}\n', 'a.jsonl:1:9', 'it has the key "id" twice'],
    ['with a raw NUL', '{"id":1}\n{"id":"\0"}\n', 'a.jsonl:2:8', 'it is no JSON'],
    ['with two objects', '{"id":1} {"id":2}\n', 'a.jsonl:1:10', 'it is no JSON'],
  ])('%s', async (_, text, where, message) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'WC-FILE-002',
      where,
      message: `a line of a.jsonl is no record: ${message}`,
    });
  });

  it('in bytes that are not UTF-8', async () => {
    await expect(read(Buffer.from('{"id":1}\n{"id":"J\xfcrgen"}\n', 'latin1'))).rejects.toMatchObject({
      code: 'WC-FILE-002',
      where: 'a.jsonl:2',
    });
  });

  it('cut within its gzip, though not with the line', async () => {
    const whole = gzipSync(Array.from({ length: 9999 }, (_, id) => `{"id":${id}}\n`).join(''));
    await expect(read(whole.subarray(0, -20), 'a.jsonl.gz')).rejects.toMatchObject({
      code: 'WC-FILE-002',
      where: 'a.jsonl.gz',
      message: expect.stringContaining('cannot be unpacked'),
    });
  });
});
