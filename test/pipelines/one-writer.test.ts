import { utimes } from 'node:fs/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Row } from '../../connectors/engines/engine.ts';
import { openLock } from '../../connectors/engines/open-engine.ts';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { killCommands, startCommand } from './command.ts';
import { engines, makeWorkplace, type Workplace } from './workplace.ts';

const now = new Date('2026-11-24T02:00:00Z');
const yaml = (run: string) => `
warehouse: { engine: duckdb, path: warehouse.duckdb }
reporting: { as_of: 2026-06-30 }
sources:
  shop:
    type: files
    path: shop
    tables: { orders.csv: { entity: purchases, key: id, map: { purchase_ref: id, account_ref: client, ordered_at: day, net_amount: amount } } }
run: { ${run} }
`;
const orders = 'id,client,day,amount\n1,a,2026-01-01,10.00\n2,b,2026-01-02,2.50\n';

afterAll(() => killCommands());

describe.each(engines)('on engine %s', (engine) => {
  let place: Workplace;
  beforeEach(async () => {
    place = await makeWorkplace(yaml('when_busy: exit'), { 'shop/orders.csv': orders }, {}, engine);
  });
  afterEach(() => place.remove());

  it('a run that is started while another goes on waits for it, where `when_busy` says so', async () => {
    const config = await place.config();
    const held = await openLock(config.warehouse, 'run').acquire('r_before', now);
    const waiting = { ...config, run: { ...config.run, when_busy: 'wait' as const } };
    const notices: string[] = [];
    const summary = await runPipeline(waiting, {
      now,
      onProgress: (event) => {
        if (event.kind !== 'notice') return;
        notices.push(event.message);
        void held.release();
      },
    });
    expect(summary.status).toBe('done');
    expect(notices[0]).toMatch(/^run r_before .* is going on: this one waits for it, for up to 30 min$/);
  }, 120_000);

  it('gives up when the other is still going on after `run.wait`: WC-RUN-001', async () => {
    const config = await place.config();
    const held = await openLock(config.warehouse, 'run').acquire('r_before', now);
    const impatient = { ...config, run: { ...config.run, when_busy: 'wait' as const, wait: 0 } };
    await expect(runPipeline(impatient, { now })).rejects.toMatchObject({ code: 'WC-RUN-001' });
    await held.release();
  }, 120_000);

  it('a process that slept while its lease was lost publishes nothing when it wakes: WC-RUN-001', async () => {
    const night = startCommand(place, ['run']);
    await night.logged('"message":"job started"', '"job":"models:identity"');
    night.child.kill('SIGSTOP');
    await loseLease(place);
    const config = await place.config();
    // Whoever comes next takes the lock over, which the sleeper may not notice before it wakes.
    const next = await openLock(config.warehouse, 'owner').acquire('r_next', now);
    night.child.kill('SIGCONT');
    const { exitCode, stderr } = await night.ended;
    expect(stderr).toContain('WC-RUN-001');
    expect(exitCode).toBe(1);
    expect(await next.isOurs()).toBe(true);
    await next.release();
    expect(await publishedOrders(place)).toBeNull();
  }, 120_000);
});

/** What half a minute of sleep does: the heartbeat of the lock file is old; or the server has ended the session. */
async function loseLease(place: Workplace): Promise<void> {
  const { warehouse } = await place.config();
  if (warehouse.engine === 'duckdb') {
    const old = new Date(Date.now() - 120_000);
    await utimes(`${warehouse.state}.owner.lock`, old, old);
    return;
  }
  const client = new pg.Client(warehouse.url);
  await client.connect();
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name like 'whalecurve owner%'`,
  );
  await client.end();
}

/** null where nothing was ever published. */
async function publishedOrders(place: Workplace): Promise<Row[] | null> {
  return place.query('warehouse', 'select * from warehouse.purchases').catch(() => null);
}
