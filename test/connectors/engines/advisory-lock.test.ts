import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openLock } from '../../../connectors/engines/open-engine.ts';
import type { PostgresWarehouse } from '../../../connectors/engines/warehouse-config.ts';
import { createWarehouseDatabase, postgresServers, type TestDatabase } from '../../servers/postgres.ts';
import { postgresWarehouse } from './engines.ts';

const now = new Date('2026-11-24T02:00:00Z');

describe.each(postgresServers())('the lock of a run on $name', ({ url }) => {
  let database: TestDatabase;
  let warehouse: PostgresWarehouse;

  beforeAll(async () => {
    database = await createWarehouseDatabase(url);
    warehouse = postgresWarehouse(database.url, '');
  });
  afterAll(() => database.drop());

  it('refuses a second run with WC-RUN-001, naming the run and its session', async () => {
    const lock = openLock(warehouse, 'run');
    const held = await lock.acquire('r_first', now);
    await expect(lock.acquire('r_second', now)).rejects.toMatchObject({
      code: 'WC-RUN-001',
      message: expect.stringMatching(/^run r_first \(session \d+ from .+, since \d{4}-.*Z\) is going on$/),
    });
    expect(await held.isOurs()).toBe(true);
    expect(await lock.holder()).toMatchObject({ runId: 'r_first', pid: expect.any(Number) });
    await held.release();
    expect(await held.isOurs()).toBe(false);
  });

  it('is free again after the run ended', async () => {
    const lock = openLock(warehouse, 'run');
    await (await lock.acquire('r_first', now)).release();
    await expect(free(lock.holder)).resolves.toBe(true);
    await (await lock.acquire('r_second', now)).release();
  });

  it('is another than that of the owner of the state', async () => {
    const [run, owner] = [openLock(warehouse, 'run'), openLock(warehouse, 'owner')];
    const [heldRun, heldOwner] = [await run.acquire('r_1', now), await owner.acquire('r_1', now)];
    expect([await heldRun.isOurs(), await heldOwner.isOurs()]).toEqual([true, true]);
    await heldRun.release();
    await heldOwner.release();
  });

  it('is lost with its connection, and then free for another run', async () => {
    const lock = openLock(warehouse, 'run');
    const lost = await lock.acquire('r_lost', now);
    const holder = await lock.holder();
    await database.run(`select pg_terminate_backend(${holder?.pid})`);
    expect(await lost.isOurs()).toBe(false);
    await expect(free(lock.holder)).resolves.toBe(true);
    const held = await lock.acquire('r_next', now);
    expect(await held.isOurs()).toBe(true);
    expect(await lost.isOurs()).toBe(false);
    await held.release();
    await lost.release();
  });

  it('is free when the process that had it was killed', async () => {
    const process_ = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import pg from 'pg';
       const client = new pg.Client({ connectionString: ${JSON.stringify(database.url)}, application_name: 'whalecurve run r_killed' });
       await client.connect();
       await client.query('select pg_advisory_lock(${0x5748_4c43}, 1)');
       console.log('locked');
       setInterval(() => {}, 1000);`,
    ]);
    await once(process_.stdout, 'data');
    const lock = openLock(warehouse, 'run');
    await expect(lock.acquire('r_next', now)).rejects.toMatchObject({
      message: expect.stringContaining('run r_killed'),
    });
    process_.kill('SIGKILL');
    await once(process_, 'exit');
    await expect(free(lock.holder)).resolves.toBe(true);
    await (await lock.acquire('r_next', now)).release();
  });

  it('lets exactly one of many newcomers in', async () => {
    const outcomes = await Promise.allSettled(
      ['r_a', 'r_b', 'r_c', 'r_d'].map((runId) => openLock(warehouse, 'run').acquire(runId, now)),
    );
    const winners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(winners).toHaveLength(1);
    for (const winner of winners) await winner.release();
  });
});

/** The server notices in its own time that a client has gone. */
async function free(holder: () => Promise<unknown>): Promise<boolean> {
  for (let left = 100; left > 0; left -= 1) {
    if ((await holder()) === null) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
