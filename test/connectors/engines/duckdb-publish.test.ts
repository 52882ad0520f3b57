import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDuckdb } from '../../../connectors/engines/duckdb/duckdb-engine.ts';
import type { Engine, PublishedTable } from '../../../connectors/engines/engine.ts';
import { compiled } from './compiled.ts';

let folder = '';
let warehousePath = '';
let state: Engine;

const customers: PublishedTable = {
  from: { schema: 'customers', table: 'customers' },
  name: 'customers',
  key: ['customer_id'],
  comment: "One row is one customer; it's the golden record",
  columnComments: { tier: 'gold, silver or bronze' },
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-publish-'));
  warehousePath = join(folder, 'warehouse.duckdb');
  state = await openDuckdb(stateOptions());
  await night(['c_2', 'silver'], ['c_1', 'gold']);
});

afterEach(async () => {
  await state.close();
  await rm(folder, { recursive: true, force: true });
});

describe('publishing', () => {
  it('makes the warehouse with its tables, sorted by key, and the comments on tables and columns', async () => {
    expect(await state.publish([customers])).toEqual({ rows: { customers: 2 }, notCarriedOver: [] });
    expect(await inWarehouse('select * from warehouse.customers')).toEqual([
      { customer_id: 'c_1', tier: 'gold' },
      { customer_id: 'c_2', tier: 'silver' },
    ]);
    expect(await inWarehouse("select comment from duckdb_tables() where table_name = 'customers'")).toEqual([
      { comment: customers.comment },
    ]);
    expect(
      await inWarehouse(
        "select comment from duckdb_columns() where column_name = 'tier' and comment is not null",
      ),
    ).toEqual([{ comment: 'gold, silver or bronze' }]);
    expect((await readdir(folder)).filter((name) => name.startsWith('warehouse'))).toEqual([
      'warehouse.duckdb',
    ]);
  });

  it('lets a reader who has the old file open go on reading the old night', async () => {
    await state.publish([customers]);
    const reader = await program(`
      const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
      const connection = await instance.connect();
      const tier = async () =>
        (await connection.runAndReadAll("select tier from warehouse.warehouse.customers")).getRows().join();
      console.log(await tier());
      process.stdin.once('data', async () => { console.log(await tier()); process.exit(); });
    `);
    expect(await reader.nextLine()).toBe('gold,silver');
    await night(['c_1', 'bronze']);
    await state.publish([customers]);
    reader.child.stdin?.write('again\n');
    expect(await reader.nextLine()).toBe('gold,silver');
    await reader.ended;
    expect(await inWarehouse('select tier from warehouse.customers')).toEqual([{ tier: 'bronze' }]);
  });

  it('carries over the views and indexes of analysts, also those that use each other', async () => {
    await state.publish([customers]);
    await asAnalyst(`
      create schema reports;
      create table reports.goals (tier varchar primary key, goal integer default 5);
      insert into reports.goals values ('gold', 7);
      create view reports."z first" as select * from warehouse.warehouse.customers where tier = 'gold';
      comment on view reports."z first" is 'the best';
      use warehouse.warehouse;
      create view counted (number) as select count(*) from customers join reports.goals using (tier);
      create view a_last as select number + 1 as next from counted;
      create unique index "one tier" on customers (customer_id);
      create index by_tier on customers (tier, (length(tier)));
    `);
    await night(['c_1', 'gold'], ['c_3', 'gold']);
    expect(await state.publish([customers])).toMatchObject({ notCarriedOver: [] });
    await expect(asAnalyst('select next from warehouse.warehouse.a_last')).resolves.toEqual([['3']]);
    await expect(asAnalyst('select customer_id from reports."z first" order by 1')).resolves.toEqual([
      ['c_1'],
      ['c_3'],
    ]);
    await expect(asAnalyst('select goal from reports.goals')).resolves.toEqual([['7']]);
    await expect(
      asAnalyst('select index_name, is_unique from duckdb_indexes() where not is_primary order by 1'),
    ).resolves.toEqual([
      ['by_tier', 'false'],
      ['one tier', 'true'],
    ]);
    await expect(
      asAnalyst("select comment from duckdb_views() where view_name = 'z first'"),
    ).resolves.toEqual([['the best']]);
    // The third night finds what the second carried over.
    expect(await state.publish([customers])).toMatchObject({ notCarriedOver: [] });
    await expect(asAnalyst('select next from warehouse.warehouse.a_last')).resolves.toEqual([['3']]);
  });

  it('names what it could not carry over, with the reason, and publishes all the same', async () => {
    await state.publish([customers]);
    await asAnalyst(`
      create view tiers as select tier from warehouse.warehouse.customers;
      create view of_tiers as select count(*) as number from tiers;
      create table warehouse.warehouse.notes as select 1 as note;
      create macro twice(x) as 2 * x;
    `);
    await state.run("create or replace table customers.customers as select 'c_1' as customer_id, 5 as rank");
    const { notCarriedOver } = await state.publish([{ ...customers, columnComments: {} }]);
    expect(notCarriedOver).toEqual([
      { name: 'main.of_tiers', reason: expect.stringContaining('tiers') },
      { name: 'main.tiers', reason: expect.stringContaining('tier') },
      { name: 'main.twice', reason: expect.stringContaining('a macro') },
      { name: 'warehouse.notes', reason: expect.stringContaining('a table in schema warehouse') },
    ]);
    expect(await inWarehouse('select rank from warehouse.customers')).toEqual([{ rank: 5 }]);
  });

  it('is not stopped by a program that has the warehouse open for writing, and keeps its view', async () => {
    await state.publish([customers]);
    const writer = await program(`
      const instance = await DuckDBInstance.create(path);
      const connection = await instance.connect();
      await connection.run('create view warehouse.warehouse.golden as select * from warehouse.warehouse.customers');
      console.log('open');
      process.stdin.once('data', () => process.exit());
    `);
    expect(await writer.nextLine()).toBe('open');
    await night(['c_9', 'gold']);
    expect(await state.publish([customers])).toMatchObject({ notCarriedOver: [] });
    writer.child.stdin?.write('end\n');
    await writer.ended;
    await expect(asAnalyst('select customer_id from warehouse.warehouse.golden')).resolves.toEqual([['c_9']]);
    expect((await readdir(folder)).filter((name) => name.startsWith('warehouse'))).toEqual([
      'warehouse.duckdb',
    ]);
  });

  it('removes the candidate that a killed publish left behind', async () => {
    await writeFile(`${warehousePath}.candidate`, 'half a file');
    await writeFile(`${warehousePath}.candidate.wal`, 'half a log');
    await state.publish([customers]);
    expect((await readdir(folder)).sort()).toEqual(['state.duckdb', 'state.duckdb.wal', 'warehouse.duckdb']);
  });

  it('leaves the old warehouse whole when a table cannot be made', async () => {
    await state.publish([customers]);
    const before = await readFile(warehousePath);
    const missing = { ...customers, name: 'missing', from: { schema: 'customers', table: 'missing' } };
    await expect(state.publish([customers, missing])).rejects.toMatchObject({ code: 'WC-ENGINE-002' });
    expect((await readFile(warehousePath)).equals(before)).toBe(true);
    expect(await state.query('select count(*) as rows from customers.customers')).toEqual([{ rows: '2' }]);
    await state.publish([customers]);
  });

  it('refuses to replace a file that is no database, and leaves it as it is', async () => {
    await writeFile(warehousePath, 'dear diary');
    await expect(state.publish([customers])).rejects.toMatchObject({ code: 'WC-ENGINE-004' });
    expect(await readFile(warehousePath, 'utf8')).toBe('dear diary');
    expect((await readdir(folder)).filter((name) => name.includes('candidate'))).toEqual([]);
  });

  it('killed at any instant, leaves the old night or the new one whole, and the next publish ends well', async () => {
    const manyCustomers = `select 'c_' || i as customer_id, 'old' as tier from range(100000) as r(i)`;
    await state.buildTable(customers.from, manyCustomers);
    await state.publish([customers]);
    await state.run("update customers.customers set tier = 'new'");
    await state.close();
    const engineModule = await compiled('connectors/engines/duckdb/duckdb-engine.ts', folder);
    const nights = new Set<string>();
    for (const delayMs of [0, 20, 60, 300]) {
      const publisher = await program(`
        const { openDuckdb } = await import(${JSON.stringify(engineModule)});
        const engine = await openDuckdb(${JSON.stringify(stateOptions())});
        console.log('ready');
        await engine.publish([${JSON.stringify(customers)}]);
        await engine.run("update customers.customers set tier = 'newer'");
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      `);
      expect(await publisher.nextLine()).toBe('ready');
      while (!existsSync(`${warehousePath}.candidate`)) await wait(1);
      await wait(delayMs);
      publisher.child.kill('SIGKILL');
      await publisher.ended;
      const [night] = await inWarehouse(
        'select count(*) as rows, min(tier) as first, max(tier) as last from warehouse.customers',
      );
      expect(night).toEqual({ rows: '100000', first: night?.first, last: night?.first });
      nights.add(String(night?.first));
    }
    expect([...nights].filter((night) => !['old', 'new', 'newer'].includes(night))).toEqual([]);
    state = await openDuckdb(stateOptions());
    expect(await state.publish([customers])).toMatchObject({ rows: { customers: 100_000 } });
    expect((await readdir(folder)).filter((name) => name.includes('candidate'))).toEqual([]);
  });
});

function stateOptions() {
  return {
    databasePath: join(folder, 'state.duckdb'),
    warehousePath,
    memoryLimit: '1GB',
    threads: 2,
    prelude: '',
  };
}

/** A night's customers: pairs of id and tier. */
async function night(...rows: [string, string][]): Promise<void> {
  const values = rows.map(([id, tier]) => `('${id}', '${tier}')`).join(', ');
  await state.run(`create schema if not exists customers;
    create or replace table customers.customers as select * from (values ${values}) as v(customer_id, tier)`);
}

/** Asks as `whalecurve query` does. */
async function inWarehouse(sql: string) {
  const engine = await openDuckdb({
    databasePath: warehousePath,
    warehousePath,
    memoryLimit: '1GB',
    isReadOnly: true,
    prelude: '',
  });
  try {
    return await engine.query(sql);
  } finally {
    await engine.close();
  }
}

/** Opens the warehouse file directly, as a notebook does; gives the rows of the last statement as texts. */
async function asAnalyst(sql: string): Promise<string[][]> {
  const instance = await DuckDBInstance.create(warehousePath);
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(sql);
    return reader.getRows().map((row) => row.map(String));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A program of its own that holds the warehouse file: within one process DuckDB would share it. */
async function program(body: string) {
  const script = `
    import { DuckDBInstance } from '@duckdb/node-api';
    const path = ${JSON.stringify(warehousePath)};
    ${body}`;
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    lines.push(...text.split('\n').filter((line) => line !== ''));
    child.emit('lines');
  });
  const nextLine = async () => {
    while (lines.length === 0) await once(child, 'lines');
    return lines.shift();
  };
  return { child, nextLine, ended: once(child, 'exit') };
}
