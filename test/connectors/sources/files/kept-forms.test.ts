import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import type { FoundForm, TableForm } from '../../../../connectors/sources/source.ts';
import { ExportFolder, requestFor, rowsOfPart } from './export-folder.ts';

let folder: ExportFolder;
beforeEach(async () => {
  folder = await ExportFolder.create();
});
afterEach(() => folder.remove());

interface Night {
  rows: (string | null)[][];
  found: FoundForm;
}

/** Reads a table as one night does, with what the night before kept. */
async function night(name: string, kept?: TableForm, format: object = {}): Promise<Night> {
  const knownForms = kept === undefined ? undefined : { [name]: kept };
  const snapshot = await folder.source(knownForms).openSnapshot(new AbortController().signal);
  const request = requestFor(name, { format });
  const rows: (string | null)[][] = [];
  for await (const part of snapshot.read(request)) {
    if (part.kind === 'csv') rows.push(...(await rowsOfPart(part, folder)));
  }
  await rm(join(folder.path, '.part'), { force: true });
  const found = await snapshot.form?.(request);
  if (found === undefined) throw new Error('files have a form');
  return { rows, found };
}

/** The kept form goes through JSON, as it does through the state. */
async function twoNights(
  first: string | Buffer,
  second: string | Buffer,
  format: object = {},
): Promise<Night> {
  await folder.write('a.csv', first);
  const { found } = await night('a.csv');
  await folder.write('a.csv', second);
  return await night('a.csv', JSON.parse(JSON.stringify(found.form)), format);
}

describe('on the next night a file is read as on the first', () => {
  it('with its delimiter, although another cuts these rows as evenly', async () => {
    const { rows } = await twoNights('a;b\n1;x\n2;y\n', 'a;b\n1,5;"x,y"\n2,5;"y,z"\n');
    expect(rows).toEqual([
      ['1,5', 'x,y'],
      ['2,5', 'y,z'],
    ]);
  });

  it('with its header, although the names could be values', async () => {
    const { rows } = await twoNights('id,name\n1,Ann\n2,Bob\n', 'id,2019\n1,7\n');
    expect(rows).toEqual([['1', '7']]);
  });

  it('without a header, although nothing in its first row looks like a value', async () => {
    const { rows } = await twoNights('1,Ann\n2,Bob\n', 'x,Ann\ny,Bob\n');
    expect(rows).toEqual([
      ['x', 'Ann'],
      ['y', 'Bob'],
    ]);
  });

  it('in its encoding, although no byte shows it', async () => {
    const first = iconv.encode('id,name\n1,Jürgen\n', 'windows-1252');
    const { found } = await twoNights(first, 'id,name\n1,Ann\n');
    expect(found.form.forms).toMatchObject([{ encoding: 'windows-1252' }]);
  });

  it('with its decimal sign and its order of day and month, where values could be read either way', async () => {
    const { found } = await twoNights('day;price\n31/12/2025;1.234,50\n', 'day;price\n01/02/2026;1.234\n');
    expect(found.described.slice(1)).toEqual(['day: dates as %d/%m/%Y', 'price: decimal comma']);
    expect(found.notices).toEqual([]);
  });

  it('with its order of day and month also where a time comes to stand behind it', async () => {
    const { found } = await twoNights('day\n12/31/2025\n', 'day\n01/02/2026 08:15\n03/04/2026 09:30\n');
    expect(found.described[1]).toBe('day: dates as %m/%d/%Y %H:%M');
  });

  it('and what it did not show before is found when it does', async () => {
    const { found } = await twoNights('id\n1\n', 'id;note\n1;"a"\n2;"b"\n');
    expect(found.form.forms).toMatchObject([{ delimiter: ';', quote: '"', header: ['id', 'note'] }]);
  });
});

describe('a file that is not written as before', () => {
  it.each([
    [
      'another delimiter',
      'id,name,note\n1,Ann,x\n2,Bob,y\n',
      'id;name;note\n1;Ann;x\n2;Bob;y\n',
      '{ delimiter: ";" }',
    ],
    ['no header', 'id,name\n1,Ann\n2,Bob\n', '3,Cem\n4,Dora\n', '{ header: false }'],
    ['a header', '1,Ann\n2,Bob\n', 'id,name\n1,Ann\n2,Bob\n', '{ header: true }'],
    [
      'UTF-8 in place of Windows-1252',
      Buffer.from('id,name\n1,J\xfcrgen\n', 'latin1'),
      'id,name\n1,Jürgen\n',
      '{ encoding: "utf-8" }',
    ],
    [
      'Windows-1252 in place of UTF-8',
      'id,name\n1,Jürgen\n',
      Buffer.from('id,name\n1,J\xfcrgen\n', 'latin1'),
      '{ encoding: "windows-1252" }',
    ],
  ])('but with %s is refused, with what to write if it is meant', async (_, first, second, setting) => {
    await expect(twoNights(first, second)).rejects.toMatchObject({
      code: 'WC-FILE-004',
      where: 'a.csv',
      hint: expect.stringContaining(`\`format: ${setting}\``),
    });
    await expect(folder.source().openSnapshot(new AbortController().signal)).resolves.toBeDefined();
  });

  it('is read as the config says, which is kept from then on', async () => {
    const format = { delimiter: ';' };
    const { rows, found } = await twoNights('id,name,note\n1,Ann,x\n', 'id;name;note\n1;Ann;x\n', format);
    expect(rows).toEqual([['1', 'Ann', 'x']]);
    expect((await night('a.csv', found.form)).rows).toEqual([['1', 'Ann', 'x']]);
  });

  it('is read by its byte order mark, which is no guess', async () => {
    const { rows } = await twoNights(
      Buffer.from('id,name\n1,J\xfcrgen\n', 'latin1'),
      iconv.encode('id,name\n1,Jürgen\n', 'utf-16le', { addBOM: true }),
    );
    expect(rows).toEqual([['1', 'Jürgen']]);
  });

  it.each([
    ['dates with the month first', 'day\n31/12/2025\n', 'day\n12/31/2025\n', 'the dates of day'],
    ['a decimal point', 'price;id\n1,5;1\n', 'price;id\n1.5;1\n', 'the numbers of price'],
  ])('but with %s is refused', async (_, first, second, message) => {
    await expect(twoNights(first, second)).rejects.toMatchObject({
      code: 'WC-FILE-004',
      message: expect.stringContaining(message),
    });
  });
});

describe('a table of several files', () => {
  it('reads a new file as the others before it, where that could be', async () => {
    await folder.write('day-1.csv', 'id;amount\n1;5,5\n2;6,5\n');
    const { found } = await night('*.csv');
    await folder.write('day-2.csv', 'id;amount\n1,5;7\n2,5;8\n');
    expect((await night('*.csv', found.form)).rows.slice(2)).toEqual([
      ['1,5', '7'],
      ['2,5', '8'],
    ]);
  });

  it('also when the file that showed it is gone', async () => {
    await folder.write('day-1.csv', 'id;day\n1;31/12/2025\n');
    const { found } = await night('*.csv');
    await rm(join(folder.path, 'day-1.csv'));
    await folder.write('day-2.csv', 'id;day\n1;01/02/2026\n');
    const next = await night('*.csv', found.form);
    expect(next.found.described[1]).toBe('day: dates as %d/%m/%Y');
    expect(next.found.form.files).toEqual({ 'day-2.csv': 0 });
  });

  it('takes a new file that is written in another way for what it is, and says so', async () => {
    await folder.write('day-1.csv', 'id,name,note\n1,Ann,x\n');
    const { found } = await night('*.csv');
    await folder.write('day-2.csv', 'id;name;note\n2;Bob;y\n');
    const next = await night('*.csv', found.form);
    expect(next.rows).toEqual([
      ['1', 'Ann', 'x'],
      ['2', 'Bob', 'y'],
    ]);
    expect(next.found.notices).toEqual(['day-2.csv is written in another way than the files before it']);
  });

  it('is refused where two files contradict each other in how they write dates or numbers', async () => {
    await folder.write('a.csv', 'id,day\n1,31/12/2025\n');
    await folder.write('b.csv', 'id,day\n1,12/31/2025\n');
    await expect(night('*.csv')).rejects.toMatchObject({
      code: 'WC-FILE-004',
      message:
        'the dates of day are written with the month before the day in b.csv, and the day before the month in a.csv',
    });
  });

  it('names dates that could be read either way', async () => {
    await folder.write('a.csv', 'id,day\n1,01/02/2026\n');
    expect((await night('a.csv')).found.notices).toEqual([
      'the dates of day could be day/month or month/day: say `format: { date_format: … }`',
    ]);
  });
});
