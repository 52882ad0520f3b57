import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDuckdb } from '../../connectors/engines/duckdb/duckdb-engine.ts';
import { duckdbLanding } from '../../connectors/engines/duckdb/duckdb-landing.ts';
import type { Engine } from '../../connectors/engines/engine.ts';
import { canonicalDialect } from '../../connectors/sources/source.ts';
import { keptLanding } from '../connectors/engines/kept-landing.ts';
import { requestOf } from '../connectors/sources/database-source.ts';
import { mountSmallDisk, notMounted } from './small-disk.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-engine-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const optionsIn = (place: string, more: { spillPrefix?: string; memoryLimit?: string } = {}) => ({
  databasePath: join(place, 'state.duckdb'),
  warehousePath: join(place, 'warehouse.duckdb'),
  memoryLimit: '200MB',
  threads: 2,
  spillPrefix: join(folder, 'spill'),
  prelude: '',
  ...more,
});
const customers = { schema: 'value', table: 'customers' };
const published = { from: customers, name: 'customers', key: ['id'], comment: '', columnComments: {} };
/** Of a file's bytes: to compare two large buffers takes a minute. */
const fingerprint = async (path: string) =>
  createHash('md5')
    .update(await readFile(path))
    .digest('hex');
const many = (rows: number) => `select range as id, md5(cast(range as varchar)) as name from range(${rows})`;

async function publishFew(engine: Engine): Promise<void> {
  await engine.transaction(() => engine.buildTable(customers, many(10)));
  await engine.publish([published]);
}

describe('a disk that is full', () => {
  it('where the state is: WC-ENGINE-002 with what to do, the transaction leaves nothing, and the warehouse is as it was', async () => {
    const disk = await mountSmallDisk(12);
    if (disk === null) return console.log(notMounted);
    const engine = await openDuckdb(optionsIn(disk.folder));
    try {
      await publishFew(engine);
      const before = await fingerprint(join(disk.folder, 'warehouse.duckdb'));
      const building = engine.transaction(() => engine.buildTable(customers, many(1_000_000)));
      await expect(building).rejects.toMatchObject({
        code: 'WC-ENGINE-002',
        message: expect.stringMatching(/No space left on device/),
        hint: expect.stringContaining('the disk is full'),
      });
      expect(await fingerprint(join(disk.folder, 'warehouse.duckdb'))).toBe(before);
      expect(await engine.query('select cast(count(*) as integer) as n from value.customers')).toEqual([
        { n: 10 },
      ]);
      // A small write goes on: the history can be written.
      await engine.run('create table small as select 1 as n');
    } finally {
      await engine.close();
      await disk.remove();
    }
  }, 120_000);

  it('where the warehouse is published: WC-ENGINE-002, the old night stays and no candidate is left', async () => {
    const disk = await mountSmallDisk(8);
    if (disk === null) return console.log(notMounted);
    const options = { ...optionsIn(folder), warehousePath: join(disk.folder, 'warehouse.duckdb') };
    const engine = await openDuckdb(options);
    try {
      await publishFew(engine);
      const before = await fingerprint(options.warehousePath);
      await engine.transaction(() => engine.buildTable(customers, many(800_000)));
      await expect(engine.publish([published])).rejects.toMatchObject({
        code: 'WC-ENGINE-002',
        hint: expect.stringContaining('the disk is full'),
      });
      expect(await fingerprint(options.warehousePath)).toBe(before);
      await expect(stat(`${options.warehousePath}.candidate`)).rejects.toMatchObject({ code: 'ENOENT' });
      await engine.transaction(() => engine.buildTable(customers, many(20)));
      expect(await engine.publish([published])).toMatchObject({ rows: { customers: 20 } });
    } finally {
      await engine.close();
      await disk.remove();
    }
  }, 120_000);

  it('where the spill folder is: WC-ENGINE-002 that names the setting, and the engine works on', async () => {
    const disk = await mountSmallDisk(8);
    if (disk === null) return console.log(notMounted);
    const options = optionsIn(await mkdtemp(join(folder, 'spilling-')), {
      spillPrefix: join(disk.folder, 'spill'),
      memoryLimit: '60MB',
    });
    const engine = await openDuckdb(options);
    try {
      const sorting = engine.query(
        `select count(*) from (${many(3_000_000)} order by name limit 2000000) as sorted`,
      );
      await expect(sorting).rejects.toMatchObject({
        code: 'WC-ENGINE-002',
        hint: expect.stringContaining('`warehouse.spill`'),
      });
      expect(await engine.query('select 1 as n')).toEqual([{ n: 1 }]);
    } finally {
      await engine.close();
      await disk.remove();
    }
  }, 120_000);

  it('where the landing writes: an error with what to do, and no half file is left', async () => {
    const disk = await mountSmallDisk(8);
    if (disk === null) return console.log(notMounted);
    function* rows() {
      for (let n = 0; n < 600_000; n += 1) yield `${n},${Math.sin(n)}${Math.cos(n)}\n`;
    }
    async function* parts() {
      const columns = ['id', 't'].map((name) => ({ name, type: 'text' as const, sourceType: '' }));
      const bytes = Readable.from(rows(), { objectMode: false });
      yield { kind: 'csv' as const, columns, dialect: canonicalDialect, bytes };
    }
    const landing = duckdbLanding({
      memoryLimit: '200MB',
      threads: 2,
      spillPrefix: join(folder, 'landing-spill'),
    });
    try {
      const land = keptLanding(landing, disk.folder).land(parts(), requestOf('rows'), { subfolder: 'shop' });
      await expect(land).rejects.toMatchObject({
        code: 'WC-ENGINE-002',
        hint: expect.stringContaining('the disk is full'),
      });
    } finally {
      await disk.remove();
    }
  }, 120_000);
});

describe('a folder that may only be read', () => {
  it('refuses to open the state: WC-ENGINE-002 that names the file', async () => {
    const disk = await mountSmallDisk(24);
    if (disk === null) return console.log(notMounted);
    disk.makeReadOnly();
    try {
      await expect(openDuckdb(optionsIn(disk.folder))).rejects.toMatchObject({
        code: 'WC-ENGINE-002',
        message: expect.stringContaining('Read-only file system'),
        hint: expect.stringContaining('let the user that runs whalecurve write'),
      });
    } finally {
      await disk.remove();
    }
  });

  it('refuses a publish: WC-ENGINE-002, and the old night stays', async () => {
    const disk = await mountSmallDisk(24);
    if (disk === null) return console.log(notMounted);
    const options = {
      ...optionsIn(await mkdtemp(join(folder, 'read-only-'))),
      warehousePath: join(disk.folder, 'warehouse.duckdb'),
    };
    const engine = await openDuckdb(options);
    try {
      await publishFew(engine);
      const before = await fingerprint(options.warehousePath);
      disk.makeReadOnly();
      await expect(engine.publish([published])).rejects.toMatchObject({
        code: 'WC-ENGINE-002',
        hint: expect.stringContaining('let the user that runs whalecurve write'),
      });
      expect(await fingerprint(options.warehousePath)).toBe(before);
      disk.makeWritable();
      expect(await engine.publish([published])).toMatchObject({ rows: { customers: 10 } });
    } finally {
      await engine.close();
      await disk.remove();
    }
  });
});

describe('a database file', () => {
  /** A file with enough rows that its blocks are more than its header. */
  async function stateFile(name: string): Promise<string> {
    const place = await mkdtemp(join(folder, `${name}-`));
    const engine = await openDuckdb(optionsIn(place));
    await engine.transaction(() => engine.buildTable(customers, many(300_000)));
    await engine.run('checkpoint');
    await engine.close();
    return place;
  }

  it('whose header is damaged is refused and left as it is: WC-ENGINE-004', async () => {
    const place = await stateFile('header');
    const path = join(place, 'state.duckdb');
    const file = await open(path, 'r+');
    await file.write(Buffer.alloc(64, 7), 0, 64, 4096);
    await file.write(Buffer.alloc(64, 7), 0, 64, 8192);
    await file.close();
    const before = await fingerprint(path);
    await expect(openDuckdb(optionsIn(place))).rejects.toMatchObject({
      code: 'WC-ENGINE-004',
      message: `${path} is damaged or no DuckDB database`,
      hint: expect.stringContaining('restore it from a copy'),
    });
    expect(await fingerprint(path)).toBe(before);
  });

  it('whose end is missing, or whose middle is damaged, is refused when it is opened or read: WC-ENGINE-004', async () => {
    const place = await stateFile('middle');
    const path = join(place, 'state.duckdb');
    const whole = await readFile(path);
    const damages: Buffer[] = [
      whole.subarray(0, whole.length / 2),
      Buffer.from(whole).fill(7, 12_288 + 1000, 400_000),
    ];
    for (const damaged of damages) {
      await writeFile(path, damaged);
      const reading = async () => {
        const engine = await openDuckdb(optionsIn(place));
        try {
          return await engine.query('select min(name) as first, max(id) as last from value.customers');
        } finally {
          await engine.close();
        }
      };
      await expect(reading()).rejects.toMatchObject({
        code: 'WC-ENGINE-004',
        hint: expect.stringContaining('copy'),
      });
    }
    expect(damages.length).toBe(2);
  });

  it('of a newer or unknown format is refused with its versions: WC-ENGINE-004', async () => {
    const place = await stateFile('newer');
    const path = join(place, 'state.duckdb');
    const file = await open(path, 'r+');
    // The version of the storage stands after the checksum and the magic bytes.
    await file.write(Buffer.from([200, 0, 0, 0, 0, 0, 0, 0]), 0, 8, 12);
    await file.close();
    await expect(openDuckdb(optionsIn(place))).rejects.toMatchObject({ code: 'WC-ENGINE-004' });
  });

  it('of the oldest format that this DuckDB writes is read, and goes on to be written', async () => {
    const place = await mkdtemp(join(folder, 'older-'));
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`attach '${join(place, 'state.duckdb')}' as old (storage_version 'v0.10.2');
      create schema old.value; create table old.value.customers as ${many(1000)}; detach old`);
    connection.closeSync();
    instance.closeSync();
    await copyFile(join(place, 'state.duckdb'), join(place, 'copy.duckdb'));
    const engine = await openDuckdb(optionsIn(place));
    await engine.transaction(() =>
      engine.buildTable({ schema: 'value', table: 'more' }, 'select * from value.customers'),
    );
    expect(await engine.query('select cast(count(*) as integer) as n from value.more')).toEqual([
      { n: 1000 },
    ]);
    await engine.publish([published]);
    await engine.close();
  });
});
