import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { createMariadbDatabase } from '../servers/mariadb.ts';
import { createPostgresDatabase, type TestDatabase } from '../servers/postgres.ts';
import { createRedisPrefix } from '../servers/redis.ts';
import { type Command, killCommands, startCommand, until } from './command.ts';
import { engines, makeWorkplace, type Workplace } from './workplace.ts';

/** Sources whose queries take ten minutes: whoever is to stop them must do so at their servers. */
const yaml = (more: string) => `
warehouse: { engine: duckdb, path: warehouse.duckdb }
reporting: { as_of: 2026-06-30 }
sources:
  finance:
    type: postgres
    url: \${FINANCE_URL}
    tables: { slow: { query: 'select 1 as id, pg_sleep(600)::text as nothing', key: id } }
  sales:
    type: mysql
    url: \${SALES_URL}
    tables: { slow: { query: 'select 1 as id, sleep(600) as nothing', key: id } }
${more}`;

let finance: TestDatabase;
let sales: TestDatabase;
let environment: Record<string, string>;
let toPostgres: pg.Client;
let toMariadb: mysql.Connection;
beforeAll(async () => {
  [finance, sales] = await Promise.all([createPostgresDatabase(), createMariadbDatabase()]);
  environment = { FINANCE_URL: finance.url, SALES_URL: sales.url };
  toPostgres = new pg.Client(finance.url);
  await toPostgres.connect();
  toMariadb = await mysql.createConnection(sales.url);
});
afterAll(async () => {
  killCommands();
  await Promise.all([toPostgres.end(), toMariadb.end()]);
  await Promise.all([finance.drop(), sales.drop()]);
});

/** How many of our queries each server has at work. */
async function queriesAtWork(): Promise<{ finance: number; sales: number }> {
  const { rows } = await toPostgres.query(
    `select count(*) as queries from pg_stat_activity
     where datname = current_database() and state = 'active' and query like '%pg_sleep(600)%' and pid <> pg_backend_pid()`,
  );
  const [found] = await toMariadb.query<mysql.RowDataPacket[]>(
    `select count(*) as queries from information_schema.processlist
     where db = database() and info like '%sleep(600)%' and id <> connection_id()`,
  );
  return { finance: Number(rows[0]?.queries), sales: Number(found[0]?.queries) };
}

async function untilAtWork(): Promise<void> {
  await until(async () => {
    const { finance, sales } = await queriesAtWork();
    return finance > 0 && sales > 0;
  });
}

async function untilNoneAtWork(): Promise<void> {
  await until(async () => {
    const { finance, sales } = await queriesAtWork();
    return finance === 0 && sales === 0;
  });
}

/** The run must have ended in order, within ten seconds of the word. */
async function expectCancelled(run: Command, place: Workplace, toldAt: number): Promise<void> {
  const { exitCode, stderr } = await run.ended;
  expect(performance.now() - toldAt).toBeLessThan(10_000);
  expect(stderr).toContain('WC-RUN-004');
  expect(exitCode).toBe(1);
  await untilNoneAtWork();
  const runs = await place.query('state', 'select status, error_code from whalecurve.runs');
  expect(runs).toEqual([{ status: 'failed', error_code: 'WC-RUN-004' }]);
}

describe.each(engines)('on engine %s, a run that is told to stop while its sources work', (engine) => {
  let place: Workplace;
  beforeAll(async () => {
    place = await makeWorkplace(yaml(''), {}, environment, engine);
  });
  afterAll(() => place.remove());

  it('by `whalecurve cancel` from another process ends within 10 s, and its queries end at their servers', async () => {
    const run = startCommand(place, ['run'], environment);
    await untilAtWork();
    const toldAt = performance.now();
    const cancel = await startCommand(place, ['cancel'], environment).ended;
    expect(cancel).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^run r_\S+ was cancelled\n$/),
    });
    await expectCancelled(run, place, toldAt);
  }, 120_000);

  it('by SIGTERM ends within 10 s as well, and the next run may go on with it', async () => {
    const run = startCommand(place, ['run'], environment);
    await untilAtWork();
    const toldAt = performance.now();
    run.child.kill('SIGTERM');
    // Still one run in the history: this one went on with the one before.
    await expectCancelled(run, place, toldAt);
  }, 120_000);

  it('has nothing to do once no run goes on: `cancel` says WC-RUN-007', async () => {
    const { exitCode, stderr } = await startCommand(place, ['cancel'], environment).ended;
    expect(stderr).toContain('WC-RUN-007');
    expect(exitCode).toBe(1);
  }, 120_000);
});

describe('with the runner bullmq, a run that is told to stop', () => {
  const redis = createRedisPrefix();
  let place: Workplace;
  beforeAll(async () => {
    const runner = `runner: { type: bullmq, redis: "${redis.url}", prefix: ${redis.prefix} }`;
    place = await makeWorkplace(yaml(runner), {}, environment);
  });
  afterAll(async () => {
    await place.remove();
    await redis.drop();
  });

  it('by `whalecurve cancel` ends its worker’s queries too, and the worker goes on to wait for work', async () => {
    const worker = startCommand(place, ['worker'], environment);
    await worker.logged('worker ready');
    const run = startCommand(place, ['run'], environment);
    await untilAtWork();
    const toldAt = performance.now();
    await startCommand(place, ['cancel'], environment).ended;
    await expectCancelled(run, place, toldAt);
    expect(worker.child.exitCode).toBeNull();
    worker.child.kill('SIGTERM');
    expect((await worker.ended).exitCode).toBe(0);
  }, 120_000);

  it('whose command was killed is ended by `cancel` through the worker that goes on without it', async () => {
    const worker = startCommand(place, ['worker'], environment);
    await worker.logged('worker ready');
    const run = startCommand(place, ['run'], environment);
    await untilAtWork();
    run.child.kill('SIGKILL');
    await run.ended;
    // Nobody has the lock of the run: the word goes through Redis.
    await startCommand(place, ['cancel'], environment).ended;
    await untilNoneAtWork();
    worker.child.kill('SIGTERM');
    await worker.ended;
  }, 120_000);
});
