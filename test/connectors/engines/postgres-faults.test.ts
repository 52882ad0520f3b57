import { chown, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TableConfig } from '../../../config/schema.ts';
import type { PublishedTable } from '../../../connectors/engines/engine.ts';
import { openEngine, openLanding, openLock } from '../../../connectors/engines/open-engine.ts';
import type { PostgresWarehouse } from '../../../connectors/engines/warehouse-config.ts';
import { canonicalDialect, type StreamPart } from '../../../connectors/sources/source.ts';
import { mountSmallDisk, notMounted } from '../../faults/small-disk.ts';
import { type OwnPostgres, startOwnPostgres } from '../../servers/own-postgres.ts';
import { postgresWarehouse } from './engines.ts';
import { keptLanding } from './kept-landing.ts';

let server: OwnPostgres;

beforeAll(async () => {
  server = await startOwnPostgres();
  await server.run("create role whalecurve login password 'secret' connection limit 8");
});
afterAll(() => server.stop());

async function warehouseIn(name: string, tablespace = 'pg_default'): Promise<PostgresWarehouse> {
  await server.run(
    `create database ${name} owner whalecurve encoding 'UTF8' template template0 tablespace ${tablespace}`,
  );
  const url = new URL(server.url);
  Object.assign(url, { username: 'whalecurve', password: 'secret', pathname: `/${name}` });
  return postgresWarehouse(url.href, '');
}

const customers: PublishedTable = {
  from: { schema: 'value', table: 'customers' },
  name: 'customers',
  key: ['id'],
  comment: '',
  columnComments: {},
};
const many = (rows: number) =>
  `select i as id, md5(cast(i as text)) as name from generate_series(1, ${rows}) as r(i)`;

async function* rows(count: number): AsyncGenerator<StreamPart> {
  const columns = [{ name: 'id', type: 'integer' as const, sourceType: '' }];
  const bytes = Readable.from(
    (function* () {
      for (let at = 0; at < count; at += 1000) yield Buffer.from('1234567\n'.repeat(1000));
    })(),
  );
  yield { kind: 'csv', columns, dialect: canonicalDialect, bytes };
}

function land(warehouse: PostgresWarehouse, parts: AsyncIterable<StreamPart>) {
  const request = {
    name: 'rows',
    table: { map: {}, types: {}, format: {} } as TableConfig,
    moneyColumns: [],
  };
  return keptLanding(openLanding(warehouse), '').land(parts, request, { subfolder: 'finance' });
}

describe('the disk of the warehouse server is full', () => {
  it('which fails with what to do, and leaves warehouse and state as they were', async () => {
    const disk = await mountSmallDisk(48);
    if (disk === null) return console.log(notMounted);
    const { uid, gid } = await stat(server.dataFolder);
    await chown(disk.folder, uid, gid);
    await server.run(`create tablespace small location '${disk.folder}'`);
    const warehouse = await warehouseIn('small', 'small');
    const engine = await openEngine(warehouse, { prelude: '' });
    const full = { code: 'WC-ENGINE-002', hint: expect.stringContaining('make room on the disk') };
    try {
      await engine.buildTable(customers.from, many(1000));
      await engine.publish([customers]);
      await expect(engine.buildTable(customers.from, many(3_000_000))).rejects.toMatchObject(full);
      await expect(land(warehouse, rows(3_000_000))).rejects.toMatchObject(full);
      expect(await engine.query('select count(*) as rows from warehouse.customers')).toEqual([
        { rows: '1000' },
      ]);
      expect(await engine.query('select count(*) as rows from value.customers')).toEqual([{ rows: '1000' }]);
      // The history of the failed run can be written.
      await engine.run('create table whalecurve.history as select 1 as n');
    } finally {
      await engine.close();
      await server.run('drop database small with (force)');
      await server.run('drop tablespace small');
      await disk.remove();
    }
  }, 120_000);
});

describe('a server that takes no other connection', () => {
  it('says so, and what may use them', async () => {
    const warehouse = await warehouseIn('crowded');
    const engines = await Promise.all(
      Array.from({ length: 8 }, () => openEngine(warehouse, { prelude: '' })),
    );
    const crowded = {
      code: 'WC-ENGINE-005',
      message: expect.stringContaining('has no room for another connection'),
      hint: expect.stringContaining('max_connections'),
    };
    await expect(openEngine(warehouse, { prelude: '' })).rejects.toMatchObject(crowded);
    await expect(land(warehouse, rows(1000))).rejects.toMatchObject(crowded);
    await expect(openLock(warehouse, 'run').acquire('r_1', new Date())).rejects.toMatchObject(crowded);
    for (const engine of engines) await engine.close();
  });
});

describe('a server that is stopped in the middle', () => {
  it('ends publish, landing and lock with WC-ENGINE-005, and what was published before is whole', async () => {
    const warehouse = await warehouseIn('stopped');
    const engine = await openEngine(warehouse, { prelude: '' });
    await engine.buildTable(customers.from, many(1000));
    await engine.publish([customers]);
    await engine.buildTable(customers.from, many(200_000));
    const lock = await openLock(warehouse, 'run').acquire('r_1', new Date());
    let sent = () => {};
    const isSent = new Promise<void>((resolve) => {
      sent = resolve;
    });
    async function* endless(): AsyncGenerator<StreamPart> {
      for await (const part of rows(1)) {
        const bytes = new Readable({
          read() {
            this.push('1\n'.repeat(10_000));
            sent();
          },
        });
        yield { ...part, bytes } as StreamPart;
      }
    }
    const landing = land(warehouse, endless()).catch((error: unknown) => error);
    await isSent;
    const publishing = engine
      .transaction(async () => {
        await engine.publish([customers]);
        await engine.query('select pg_sleep(600)');
      })
      .catch((error: unknown) => error);
    while ((await sleepers()) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await server.run("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'stopped'");
    expect(await publishing).toMatchObject({ code: 'WC-ENGINE-005' });
    expect(await landing).toMatchObject({ code: 'WC-ENGINE-005' });
    expect(await lock.isOurs()).toBe(false);
    await engine.close();
    await lock.release();
    const again = await openEngine(warehouse, { prelude: '' });
    expect(await again.query('select count(*) as rows from warehouse.customers')).toEqual([{ rows: '1000' }]);
    expect(await again.query("select tablename from pg_tables where schemaname = 'landing'")).toEqual([]);
    await again.close();

    async function sleepers(): Promise<number> {
      const reader = await openEngine(warehouse, { prelude: '', isReadOnly: true });
      const found = await reader.query(
        "select 1 as x from pg_stat_activity where query like 'select pg_sleep(600)'",
      );
      await reader.close();
      return found.length;
    }
  }, 120_000);
});
