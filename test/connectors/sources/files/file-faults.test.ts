import { chmod, rename, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { allParts, ExportFolder, readTable, requestFor } from './export-folder.ts';

let folder: ExportFolder | undefined;
afterEach(async () => {
  await folder?.remove();
  folder = undefined;
});

async function reading(files: Record<string, string | Buffer>, name: string, table = {}): Promise<unknown> {
  folder = await ExportFolder.create(files);
  return await readTable(folder, name, table);
}

/** 20,000 rows, so that what comes after them lies behind the sample. */
const manyRows = Array.from({ length: 20_000 }, (_, index) => `${index},Ann Smith\n`).join('');

describe('a file that breaks its format', () => {
  it('cut inside a quoted field is refused with the line where the quote opens', async () => {
    await expect(reading({ 'a.csv': 'id,name\n1,Ann\n2,"Bob\nand so on' }, 'a.csv')).rejects.toMatchObject({
      code: 'WC-FILE-002',
      message: 'a.csv ends inside a quoted field',
      where: 'a.csv:3',
    });
  });

  it('cut inside a quoted field far behind the sample is refused with its line', async () => {
    const text = `id,name\n${manyRows}x,"Bob\nand so on`;
    await expect(reading({ 'a.csv': text }, 'a.csv')).rejects.toMatchObject({
      code: 'WC-FILE-002',
      where: 'a.csv:20002',
    });
  });

  it.each([
    ['too few', 'x', 1],
    ['too many', 'x,y,z', 3],
  ])('with %s fields in a row is refused with the line of the row', async (_, row, fields) => {
    // The quoted newline makes record 3 stand on line 5.
    const text = `id,name\n1,"Ann\nSmith"\n2,Bob\n${row}\n`;
    await expect(reading({ 'a.csv': text }, 'a.csv')).rejects.toMatchObject({
      code: 'WC-FILE-003',
      message: `a row of a.csv has ${fields} fields where 2 are expected`,
      where: 'a.csv:5',
    });
  });

  it('with a NUL byte is refused with its line and column', async () => {
    await expect(reading({ 'a.csv': 'id,name\n1,Ann\n2,B\0b\n' }, 'a.csv')).rejects.toMatchObject({
      code: 'WC-FILE-002',
      where: 'a.csv:3:4',
    });
  });

  it('that is not the UTF-8 that the config says is refused with its line', async () => {
    const bytes = Buffer.from('id,name\n1,Ann\n2,J\u00fcrgen\n', 'latin1');
    const table = { format: { encoding: 'utf-8' } };
    await expect(reading({ 'a.csv': bytes }, 'a.csv', table)).rejects.toMatchObject({
      code: 'WC-FILE-002',
      message: 'a.csv is not valid UTF-8: byte 0xFC',
      where: 'a.csv:3',
    });
  });

  it('that changes its encoding half-way is refused with its line', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`id,name\nu,J\u00fcrgen\n${manyRows}`),
      Buffer.from('x,J\u00fcrgen\n', 'latin1'),
    ]);
    await expect(reading({ 'a.csv': bytes }, 'a.csv')).rejects.toMatchObject({
      code: 'WC-FILE-002',
      where: 'a.csv:20003',
    });
  });

  it('without a byte is refused, since it has no header', async () => {
    await expect(reading({ 'a.csv': '' }, 'a.csv')).rejects.toMatchObject({ code: 'WC-FILE-002' });
  });

  it('that is a gzip cut short is refused', async () => {
    const whole = gzipSync(`id,name\n${manyRows}`);
    const cut = whole.subarray(0, whole.length - 100);
    await expect(reading({ 'a.csv.gz': cut }, 'a.csv.gz')).rejects.toMatchObject({
      code: 'WC-FILE-002',
      message: expect.stringContaining('a.csv.gz cannot be unpacked'),
    });
  });

  it('that is JSONL cut inside a line is refused with its line', async () => {
    await expect(reading({ 'a.jsonl': '{"id":1}\n{"id":2}\n{"id":' }, 'a.jsonl')).rejects.toMatchObject({
      code: 'WC-FILE-002',
      where: 'a.jsonl:3',
    });
  });

  it('that is JSONL with keys that differ only in case is refused', async () => {
    await expect(reading({ 'a.jsonl': '{"id":1,"ID":2}\n' }, 'a.jsonl')).rejects.toMatchObject({
      code: 'WC-FILE-002',
      message: expect.stringContaining('differ only in case'),
    });
  });

  it('that is no Parquet in spite of its name is refused', async () => {
    await expect(reading({ 'a.parquet': 'id,name\n' }, 'a.parquet')).rejects.toMatchObject({
      code: 'WC-FILE-002',
      where: 'a.parquet',
    });
  });

  it('whose first row never ends is refused at its first line', async () => {
    await expect(reading({ 'a.csv': `"id,name\n${manyRows}` }, 'a.csv')).rejects.toMatchObject({
      code: 'WC-FILE-002',
      where: 'a.csv:1',
    });
  });

  it('that this user may not read is refused', async () => {
    folder = await ExportFolder.create({ 'a.csv': 'id\n1\n' });
    if (process.getuid?.() === 0) {
      console.log('skipped: root may read every file');
      return;
    }
    await chmod(join(folder.path, 'a.csv'), 0o000);
    await expect(readTable(folder, 'a.csv')).rejects.toMatchObject({ code: 'WC-SOURCE-003' });
  });

  it('in an encoding that nobody knows is refused as a mistake of the config', async () => {
    const table = { format: { encoding: 'utf-7000' } };
    await expect(reading({ 'a.csv': 'id\n' }, 'a.csv', table)).rejects.toMatchObject({
      code: 'WC-CONFIG-002',
    });
  });
});

describe('the name of a table', () => {
  it('that matches no file is refused with the nearest name', async () => {
    await expect(reading({ 'tickets.csv': 'id\n', 'x.csv': 'id\n' }, 'ticket.csv')).rejects.toMatchObject({
      code: 'WC-FILE-001',
      hint: 'did you mean tickets.csv?',
    });
  });

  it.each(['../secret.csv', '/etc/passwd', 'sub/../../secret.csv'])('%s cannot lead out', async (name) => {
    await expect(reading({ 'a.csv': 'id\n' }, name)).rejects.toMatchObject({
      code: 'WC-FILE-001',
      message: expect.stringContaining('leads out of'),
    });
  });

  it('cannot reach a file elsewhere through a link', async () => {
    const elsewhere = await ExportFolder.create({ 'secret.csv': 'id\n1\n' });
    try {
      folder = await ExportFolder.create({ 'a.csv': 'id\n1\n' });
      await symlink(join(elsewhere.path, 'secret.csv'), join(folder.path, 'link.csv'));
      await symlink(elsewhere.path, join(folder.path, 'sub'));
      await symlink(folder.path, join(folder.path, 'round'));
      for (const name of ['link.csv', 'sub/secret.csv', 'sub']) {
        await expect(readTable(folder, name)).rejects.toMatchObject({ code: 'WC-FILE-001' });
      }
    } finally {
      await elsewhere.remove();
    }
  });

  it('means each file once, also where links in the folder lead to it', async () => {
    folder = await ExportFolder.create({ '2024/a.csv': 'id\n1\n' });
    await symlink(join(folder.path, '2024'), join(folder.path, 'latest'));
    await symlink(join(folder.path, '2024/a.csv'), join(folder.path, '2024/b.csv'));
    expect((await readTable(folder, '.')).rows).toEqual([['1', '2024/a.csv']]);
    expect((await readTable(folder, 'latest')).rows).toEqual([['1', 'latest/a.csv']]);
    expect((await readTable(folder, '2024/b.csv')).rows).toEqual([['1', '2024/b.csv']]);
  });

  it('in a folder that does not exist is refused', async () => {
    folder = await ExportFolder.create();
    const source = folder.source();
    await folder.remove();
    await expect(source.openSnapshot(new AbortController().signal)).rejects.toMatchObject({
      code: 'WC-SOURCE-001',
    });
  });
});

describe('a snapshot of files', () => {
  const text = `id,name\n${manyRows}`;

  it.each([
    ['rewritten', (path: string) => utimes(path, 1, 1)],
    ['taken away', (path: string) => rename(path, `${path}.bak`)],
  ])('refuses a file that is %s before it is read', async (_, change) => {
    folder = await ExportFolder.create({ 'a.csv': text });
    const snapshot = await folder.source().openSnapshot(new AbortController().signal);
    await snapshot.describe(requestFor('a.csv'));
    await change(join(folder.path, 'a.csv'));
    const [part] = await allParts(snapshot, requestFor('a.csv'));
    if (part?.kind !== 'csv') throw new Error('no CSV');
    await expect(part.bytes.toArray()).rejects.toMatchObject({ code: 'WC-SOURCE-006' });
  });

  it('refuses a file that is rewritten while it is read', async () => {
    folder = await ExportFolder.create({ 'a.csv': text });
    const snapshot = await folder.source().openSnapshot(new AbortController().signal);
    const [part] = await allParts(snapshot, requestFor('a.csv'));
    if (part?.kind !== 'csv') throw new Error('no CSV');
    const read = part.bytes[Symbol.asyncIterator]();
    await read.next();
    await utimes(join(folder.path, 'a.csv'), 1, 1);
    const rest = async () => {
      while (!(await read.next()).done);
    };
    await expect(rest()).rejects.toMatchObject({
      code: 'WC-SOURCE-006',
      message: 'a.csv changed while the source was read',
    });
  });

  it('ends its streams when the run is cancelled', async () => {
    folder = await ExportFolder.create({ 'a.csv': text.repeat(3) });
    const run = new AbortController();
    const snapshot = await folder.source().openSnapshot(run.signal);
    const [part] = await allParts(snapshot, requestFor('a.csv'));
    if (part?.kind !== 'csv') throw new Error('no CSV');
    run.abort();
    await expect(part.bytes.toArray()).rejects.toMatchObject({ name: 'AbortError' });
    await expect(allParts(snapshot, requestFor('a.csv'))).rejects.toMatchObject({ name: 'AbortError' });
  });
});
