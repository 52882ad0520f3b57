import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import { ExportFolder, readTable } from './export-folder.ts';

let folder: ExportFolder | undefined;
afterEach(async () => {
  await folder?.remove();
  folder = undefined;
});

/** The rows of one file, without `_file`, and its column names. */
async function rowsOf(contents: string | Buffer, table: Record<string, unknown> = {}, name = 'file.csv') {
  folder = await ExportFolder.create({ [name]: contents });
  const { columns, rows, control } = await readTable(folder, name, table);
  expect(control.rows).toBe(BigInt(rows.length));
  return { names: columns.map((column) => column.name), rows: rows.map((row) => row.slice(0, -1)) };
}

const people = [
  ['1', 'Ann'],
  ['2', 'Bob'],
];

describe('a CSV file of an unknown program', () => {
  it.each([
    ['commas', ','],
    ['semicolons', ';'],
    ['tabs', '\t'],
    ['pipes', '|'],
    ['double pipes', '||'],
  ])('is read with %s between its fields', async (_, delimiter) => {
    const lines = [['id', 'name'], ...people].map((row) => row.join(delimiter));
    expect(await rowsOf(`${lines.join('\n')}\n`)).toEqual({ names: ['id', 'name'], rows: people });
  });

  it.each([
    ['LF', '\n'],
    ['CR LF', '\r\n'],
    ['CR', '\r'],
  ])('is read with rows ended by %s, also without one at the end', async (_, newline) => {
    const lines = ['id,name', '1,Ann', '2,Bob'];
    expect(await rowsOf(lines.join(newline))).toEqual({ names: ['id', 'name'], rows: people });
    await folder?.remove();
    expect((await rowsOf(lines.join(newline) + newline)).rows).toEqual(people);
  });

  it('is read when its rows end in different ways', async () => {
    expect((await rowsOf('id,name\r\n1,Ann\n2,Bob\r3,Cem\r\n')).rows).toEqual([...people, ['3', 'Cem']]);
  });

  it('keeps every newline inside quotes as it is', async () => {
    const { rows } = await rowsOf('id,note\n1,"a\r\nb"\n2,"c\nd"\n3,"e\rf"\n"4\r\n",g\n');
    expect(rows).toEqual([
      ['1', 'a\r\nb'],
      ['2', 'c\nd'],
      ['3', 'e\rf'],
      ['4\r\n', 'g'],
    ]);
  });

  it('tells no value from the empty text', async () => {
    expect((await rowsOf('id,name\n1,\n2,""\n')).rows).toEqual([
      ['1', null],
      ['2', ''],
    ]);
  });

  it('is read with doubled quotes, single quotes and backslashes before quotes', async () => {
    expect((await rowsOf('id,note\n1,"say ""hi"""\n')).rows).toEqual([['1', 'say "hi"']]);
    await folder?.remove();
    expect((await rowsOf("id,note\n1,'a, b'\n2,'it''s'\n")).rows).toEqual([
      ['1', 'a, b'],
      ['2', "it's"],
    ]);
    await folder?.remove();
    const escaped = 'id,note\n1,"say \\"hi\\""\n2,"C:\\temp\\\\"\n';
    expect((await rowsOf(escaped)).rows).toEqual([
      ['1', 'say "hi"'],
      ['2', 'C:\\temp\\'],
    ]);
  });

  it('keeps a backslash that ends a quoted field', async () => {
    expect((await rowsOf('id,path\n1,"C:\\temp\\"\n2,"D:\\"\n')).rows).toEqual([
      ['1', 'C:\\temp\\'],
      ['2', 'D:\\'],
    ]);
  });

  it('may have blanks between its delimiters and quotes', async () => {
    const { rows } = await rowsOf('id, name, note\n1, "Smith, Ann",  "a\nb" \n2, "Bob", c\n');
    expect(rows).toEqual([
      ['1', 'Smith, Ann', 'a\nb'],
      ['2', 'Bob', ' c'],
    ]);
  });

  it('loses its blank lines, also those before the header', async () => {
    expect(await rowsOf('\n\nid,name\n\n1,Ann\n\n2,Bob\n\n')).toEqual({
      names: ['id', 'name'],
      rows: people,
    });
  });

  it('is read below the line sep=; that a spreadsheet puts first', async () => {
    expect(await rowsOf('sep=;\r\nid;name\r\n1;Ann\r\n2;Bob\r\n')).toEqual({
      names: ['id', 'name'],
      rows: people,
    });
  });

  it('without a header has columns by their place', async () => {
    expect(await rowsOf('1,Ann\n2,Bob\n')).toEqual({ names: ['column_1', 'column_2'], rows: people });
  });

  it('with a header only has columns and no rows', async () => {
    expect(await rowsOf('id,name\n')).toEqual({ names: ['id', 'name'], rows: [] });
  });

  it('has trimmed and unique column names', async () => {
    expect((await rowsOf(' id ,name,,name,NAME\n1,a,b,c,d\n')).names).toEqual([
      'id',
      'name',
      'column_3',
      'name_2',
      'NAME_3',
    ]);
  });

  it('of one column keeps its rows without a value', async () => {
    expect(await rowsOf('name\nAnn\n\nBob\n')).toEqual({ names: ['name'], rows: [['Ann'], [null], ['Bob']] });
  });

  it('is read as the config says, where it says something', async () => {
    const format = { delimiter: ':', quote: '~', header: false, null_text: 'NA' };
    expect(await rowsOf('id:~a:b~\nNA:~NA~\n:~~\n', { format })).toEqual({
      names: ['column_1', 'column_2'],
      rows: [
        ['id', 'a:b'],
        [null, 'NA'],
        [null, ''],
      ],
    });
  });

  it('named .tsv is read with tabs, named .dat as the config says', async () => {
    expect((await rowsOf('id\tname, first\n1\tAnn\n2\tBob\n', {}, 'file.tsv')).names).toEqual([
      'id',
      'name, first',
    ]);
    await folder?.remove();
    expect((await rowsOf('id,name\n1,Ann\n', { format: { type: 'csv' } }, 'file.dat')).rows).toEqual([
      ['1', 'Ann'],
    ]);
  });

  it('may say \\N for no value, as MySQL does', async () => {
    expect((await rowsOf('id,name\n1,\\N\n2,Bob\n')).rows).toEqual([
      ['1', null],
      ['2', 'Bob'],
    ]);
  });

  it('is read out of gzip', async () => {
    expect((await rowsOf(gzipSync('id,name\n1,Ann\n2,Bob\n'), {}, 'file.csv.gz')).rows).toEqual(people);
  });
});

describe('the encoding of a CSV file', () => {
  const text = 'id;name;city\r\n1;Jürgen Groß;Köln\r\n2;Zoë – “Z”;Łódź\r\n';
  const rows = [
    ['1', 'Jürgen Groß', 'Köln'],
    ['2', 'Zoë – “Z”', 'Łódź'],
  ];

  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 LE', iconv.encode(text, 'utf-16le', { addBOM: true })],
    ['UTF-16 BE', iconv.encode(text, 'utf-16be', { addBOM: true })],
    ['UTF-16 LE without a mark', iconv.encode(text, 'utf-16le', { addBOM: false })],
  ])('is found where it is %s', async (_, bytes) => {
    expect(await rowsOf(bytes)).toEqual({ names: ['id', 'name', 'city'], rows });
  });

  it('is Windows-1252 where it is not valid UTF-8', async () => {
    const western = 'id;name\n1;Jürgen – “Groß” €\n';
    expect((await rowsOf(iconv.encode(western, 'windows-1252'))).rows).toEqual([['1', 'Jürgen – “Groß” €']]);
  });

  it('is what the config says', async () => {
    const bytes = iconv.encode('id;name\n1;Łódź\n', 'iso-8859-2');
    expect((await rowsOf(bytes, { format: { encoding: 'iso-8859-2' } })).rows).toEqual([['1', 'Łódź']]);
  });

  it('is found although the first letter outside ASCII stands far behind the sample', async () => {
    const plain = Array.from({ length: 40_000 }, (_, index) => `${index},Ann Smith\n`).join('');
    const late = `id,name\n${plain}x,Jürgen\n`;
    for (const encoding of ['utf-8', 'windows-1252']) {
      const { rows: read } = await rowsOf(iconv.encode(late, encoding));
      expect(read.length).toBe(40_001);
      expect(read.at(-1)).toEqual(['x', 'Jürgen']);
      await folder?.remove();
    }
  });
});
