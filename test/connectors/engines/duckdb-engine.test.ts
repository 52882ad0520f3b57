import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { openEngine } from '../../../connectors/engines/open-engine.ts';
import type { DuckdbWarehouse, EngineOptions } from '../../../connectors/engines/warehouse-config.ts';

let folder = '';
let warehouse: DuckdbWarehouse;
const prelude = 'create or replace temp macro money(x) as cast(x as decimal(18, 4))';
const opened: Engine[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-engine-'));
  warehouse = { engine: 'duckdb', path: join(folder, 'warehouse.duckdb'), memory_limit: '500MB' };
});

afterEach(async () => {
  for (const engine of opened.splice(0)) await engine.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(options: Partial<EngineOptions> = {}): Promise<Engine> {
  const engine = await openEngine(warehouse, { prelude, ...options });
  opened.push(engine);
  return engine;
}

async function close(engine: Engine): Promise<void> {
  opened.splice(opened.indexOf(engine), 1);
  await engine.close();
}

describe('opening the engine', () => {
  it('works with one thread, and without compression, until a table is large', async () => {
    warehouse = { ...warehouse, threads: 3 };
    const engine = await open();
    const threads = async () => (await engine.query(`select current_setting('threads') as n`))[0]?.n;
    await engine.buildTable({ schema: 'raw', table: 'small' }, 'select * from range(9999)');
    expect(Number(await threads())).toBe(1);
    await engine.buildTable({ schema: 'raw', table: 'large' }, 'select * from range(10000)');
    expect(Number(await threads())).toBe(3);
    await close(engine);
    const again = await open();
    expect(Number((await again.query(`select current_setting('threads') as n`))[0]?.n)).toBe(3);
  });

  it('keeps the state beside the warehouse unless the config says where', async () => {
    await close(await open());
    expect(await readdir(folder)).toEqual(['state.duckdb']);
    warehouse = { ...warehouse, state: join(folder, 'elsewhere.duckdb') };
    await close(await open());
    expect(await readdir(folder)).toEqual(['elsewhere.duckdb', 'state.duckdb']);
  });

  it('says that another process has the state, while it does', async () => {
    await close(await open());
    const holder: ChildProcess = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { DuckDBInstance } from '@duckdb/node-api';
         globalThis.held = await DuckDBInstance.create(${JSON.stringify(join(folder, 'state.duckdb'))});
         console.log('open');
         process.stdin.resume();`,
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const ended = once(holder, 'exit');
    if (holder.stdout) await once(holder.stdout, 'data');
    await expect(open()).rejects.toMatchObject({ code: 'WC-ENGINE-001' });
    await expect(open({ isReadOnly: true })).rejects.toMatchObject({ code: 'WC-ENGINE-001' });
    holder.kill();
    await ended;
    await open();
  });

  it('says that a file is no database, and leaves it', async () => {
    await writeFile(join(folder, 'state.duckdb'), 'x'.repeat(20_000));
    await expect(open()).rejects.toMatchObject({ code: 'WC-ENGINE-004' });
  });

  it('says that there is nothing to read before the first run', async () => {
    await expect(open({ isReadOnly: true, database: 'warehouse' })).rejects.toMatchObject({
      code: 'WC-RUN-003',
    });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('closing the engine', () => {
  it('waits for what is at work, also for a batch that its reader left', async () => {
    const settled: string[] = [];
    for (let round = 0; round < 10; round += 1) {
      const engine = await open();
      const batch = engine.read('select n, md5(n::text) as hash from range(3000000) as t(n) order by hash');
      const next = batch[Symbol.asyncIterator]()
        .next()
        .then(
          () => settled.push('read'),
          () => settled.push('interrupted'),
        );
      await close(engine);
      // It was over before the engine was closed, so nothing is left to wait for.
      expect(settled).toHaveLength(round + 1);
      await next;
    }
  });
});

describe('questions of users', () => {
  let reader: Engine;

  beforeEach(async () => {
    const state = await open();
    await state.run(
      'create schema raw; create table raw.t as select 1.005 as x; create schema state; create table state.u as select 2 as y',
    );
    await close(state);
    await writeFile(join(folder, 'secret.csv'), 'a\n1\n');
    reader = await open({ isReadOnly: true });
  });

  it('read the tables with the functions of the common dialect', async () => {
    expect(await reader.query('select money(x) as amount from raw.t')).toEqual([{ amount: '1.0050' }]);
    expect(await reader.query('select y from state.u')).toEqual([{ y: 2 }]);
  });

  it.each([
    ['changes a table', 'update raw.t set x = 2'],
    ['makes a table', 'create table raw.v as select 1 as x'],
    ['drops a table', 'drop table raw.t'],
    ['reads a file', "select * from read_csv('FOLDER/secret.csv')"],
    ['reads a file by its name', "select * from 'FOLDER/secret.csv'"],
    ['lists a folder', "select * from glob('FOLDER/*')"],
    ['writes a file', "copy raw.t to 'FOLDER/out.csv'"],
    ['exports the database', "export database 'FOLDER/out'"],
    ['attaches another database', "attach 'FOLDER/other.duckdb' as other"],
    ['loads an extension', 'install httpfs'],
    ['opens what is closed', 'set enable_external_access = true'],
  ])('are refused when one %s', async (_case, sql) => {
    await expect(reader.run(sql.replace('FOLDER', folder))).rejects.toMatchObject({ code: 'WC-ENGINE-002' });
    expect((await readdir(folder)).sort()).toEqual(['secret.csv', 'state.duckdb']);
  });

  it('are answered while others read too, and read what a killed run left in the log', async () => {
    await close(reader);
    const writer: ChildProcess = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { DuckDBInstance } from '@duckdb/node-api';
       const instance = await DuckDBInstance.create(${JSON.stringify(join(folder, 'state.duckdb'))});
       const connection = await instance.connect();
       await connection.run('insert into raw.t values (7)');
       process.kill(process.pid, 'SIGKILL');`,
    ]);
    await once(writer, 'exit');
    expect(await readdir(folder)).toContain('state.duckdb.wal');
    const [first, second] = [await open({ isReadOnly: true }), await open({ isReadOnly: true })];
    for (const engine of [first, second]) {
      expect(await engine.query('select count(*) as rows from raw.t')).toEqual([{ rows: '2' }]);
    }
  });
});

describe('statements', () => {
  it('a transaction that fails leaves nothing, and its own error is the one that is thrown', async () => {
    const engine = await open();
    await expect(
      engine.transaction(async () => {
        await engine.run('create table t as select 1 as x');
        await engine.run('select nothing from t');
      }),
    ).rejects.toMatchObject({ code: 'WC-ENGINE-002', message: expect.stringContaining('nothing') });
    await expect(engine.query('select x from t')).rejects.toMatchObject({ code: 'WC-ENGINE-002' });
    expect(await engine.transaction(() => engine.query('select 1 as x'))).toEqual([{ x: 1 }]);
  });

  it('parameters take any text as it is', async () => {
    const engine = await open();
    const text = `it's; drop table "t" -- %s $1`;
    expect(
      await engine.query('select $1 as text, $2::bigint as number, $3 as none', [text, 5, null]),
    ).toEqual([{ text, number: '5', none: null }]);
  });

  it('an error names the line of the SQL, and memory that does not suffice names the setting', async () => {
    const engine = await open();
    await expect(engine.query('select\n  1 as x,\n  y\nfrom (select 1 as z) as t')).rejects.toMatchObject({
      code: 'WC-ENGINE-002',
      message: expect.stringContaining('LINE 3:'),
    });
    warehouse = { ...warehouse, memory_limit: '20MB', state: join(folder, 'small.duckdb') };
    const small = await open();
    await expect(
      small.query(
        'select count(*) as n from (select md5(i::varchar) as h from range(3000000) as r(i) group by all)',
      ),
    ).rejects.toMatchObject({ code: 'WC-ENGINE-002', hint: expect.stringContaining('memory_limit') });
  });

  it('what does not fit in memory goes to a folder that is removed at the end, also for questions', async () => {
    warehouse = {
      ...warehouse,
      memory_limit: '60MB',
      threads: 1,
      spill: join(folder, 'not', 'yet', 'there'),
    };
    const sorted = (rows: number) =>
      `select count(*) as n from (select md5(i::varchar) as h from range(${rows}) as r(i) order by h offset 1)`;
    const state = await open();
    expect(await state.query(sorted(800_000))).toEqual([{ n: '799999' }]);
    await close(state);
    const reader = await open({ isReadOnly: true });
    expect(await reader.query(sorted(800_000))).toEqual([{ n: '799999' }]);
    expect((await readdir(join(folder, 'not', 'yet', 'there'))).length).toBe(1);
    await close(reader);
    expect(await readdir(join(folder, 'not', 'yet', 'there'))).toEqual([]);
  });

  it('gives the columns of a query without running it, and the rows that a statement changed', async () => {
    const engine = await open();
    expect(await engine.describe('select 1::bigint as id, 2.50 as amount')).toEqual([
      { name: 'id', type: 'BIGINT' },
      { name: 'amount', type: 'DECIMAL(3,2)' },
    ]);
    expect(
      await engine.buildTable({ schema: 'value', table: 'scores' }, 'select i from range(5) as r(i)'),
    ).toBe(5);
    expect(await engine.run('update value.scores set i = 0 where i > 1')).toBe(3);
  });
});
