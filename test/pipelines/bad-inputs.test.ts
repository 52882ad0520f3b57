import { randomBytes } from 'node:crypto';
import { Transform } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Landing, Row } from '../../connectors/engines/engine.ts';
import { openLanding } from '../../connectors/engines/open-engine.ts';
import type { StreamPart } from '../../connectors/sources/source.ts';
import { makeRunFolder, removeRunFolder } from '../../jobs/run-folder.ts';
import { runInline } from '../../jobs/run-inline.ts';
import { nightly } from '../../pipelines/nightly.ts';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { mariadbServerUrl } from '../servers/mariadb.ts';
import { createPostgresDatabase, type TestDatabase } from '../servers/postgres.ts';
import { engines, makeWorkplace, type Workplace } from './workplace.ts';

const now = new Date('2026-11-24T02:00:00Z');
const orders = 'order,client,day,amount\n1,a,2026-01-01,10.00\n2,a,2026-01-02,5.50\n3,b,2026-01-03,1.25\n';
const shop = (overrides = '') => `
  shop:
    type: files
    path: shop
    tables:
      orders.csv:
        entity: purchases
        key: order
        ${overrides}
        map: { purchase_ref: order, account_ref: client, ordered_at: day, net_amount: amount }
`;
const head =
  'warehouse: { engine: duckdb, path: warehouse.duckdb }\nreporting: { as_of: 2026-06-30 }\nsources:\n';
const secret = `s3cret-${randomBytes(4).toString('hex')}`;

describe.each(engines)('on engine %s', (engine) => {
  const role = `whalecurve_test_${randomBytes(6).toString('hex')}`;
  let finance: TestDatabase;
  let place: Workplace;
  let published: Record<string, Row[]>;

  beforeAll(async () => {
    finance = await createPostgresDatabase();
    await finance.run(`
    create role ${role} login;
    create table payments (id int primary key, client text, amount numeric(12, 2), due date);
    insert into payments values (1, 'a', 10, '2026-01-31'), (2, 'b', 20, '2026-01-31');
    create table secrets (id int primary key, client text, amount numeric(12, 2));
    grant select on payments to ${role}`);
    const environment = {
      FINANCE_URL: finance.url,
      READER_URL: asUser(finance.url, role, ''),
      WRONG_URL: asUser(mariadbServerUrl(), 'root', secret),
    };
    place = await makeWorkplace(`${head}${shop()}`, { 'shop/orders.csv': orders }, environment, engine);
    await runPipeline(await place.config(), { now });
    published = await warehouse();
  }, 60_000);

  afterEach(async () => {
    await place.write({ 'whalecurve.yml': `${head}${shop()}`, 'shop/orders.csv': orders });
  });

  afterAll(async () => {
    await place.remove();
    await finance.run(`drop owned by ${role}; drop role ${role}`);
    await finance.drop();
  });

  /** What analysts read, apart from the history that failed nights are written down in. */
  async function warehouse(): Promise<Record<string, Row[]>> {
    const except = ['runs', 'run_jobs', 'run_tables', 'quarantine', 'checks'].map(
      (name) => `warehouse.${name}`,
    );
    return place.tables('warehouse', { except });
  }

  /** A minute after the one before, so that the newest run is known by its id. */
  let minutes = 0;
  function nextNight(): Date {
    minutes += 1;
    return new Date(now.getTime() + minutes * 60_000);
  }

  /** Runs the night: it must fail with this code, publish nothing, stand in the history, and tell no secret. */
  async function expectFailedNight(code: string): Promise<{ message: string; where: string | undefined }> {
    const failure = await runPipeline(await place.config(), { now: nextNight() }).then(
      () => ({ code: 'no failure', message: '', where: '' }),
      (error) => error,
    );
    expect(failure).toMatchObject({ code });
    expect(await warehouse()).toEqual(published);
    const [run] = await place.query(
      'state',
      'select status, error_code from whalecurve.runs order by run_id desc limit 1',
    );
    expect(run).toEqual({ status: 'failed', error_code: code });
    const history = JSON.stringify(await place.tables('state'));
    for (const told of [failure.message, String(failure.where), history]) expect(told).not.toContain(secret);
    return failure;
  }

  describe('a night that meets a bad input leaves the warehouse as it was', () => {
    it('wrong password: WC-SOURCE-002, and the password is told nowhere', async () => {
      await withSource(`  sales: { type: mysql, url: \${WRONG_URL}, tables: { t: {} } }\n`);
      await expectFailedNight('WC-SOURCE-002');
    });

    it('host down: WC-SOURCE-001', async () => {
      await withSource(
        `  sales: { type: postgres, url: "postgres://x@127.0.0.1:1/x", attempts: 1, tables: { t: {} } }\n`,
      );
      await expectFailedNight('WC-SOURCE-001');
    });

    it('no permission on a table: WC-SOURCE-003', async () => {
      await withSource(
        `  finance: { type: postgres, url: \${READER_URL}, tables: { payments: {}, secrets: {} } }\n`,
      );
      await expectFailedNight('WC-SOURCE-003');
    });

    it('a column that the mapping names and the table lacks: WC-MAP-002', async () => {
      await withSource(
        `  finance: { type: postgres, url: \${FINANCE_URL}, tables: { payments: { entity: payments, map: { payment_ref: id, account_ref: client, amount: amuont } } } }\n`,
      );
      expect((await expectFailedNight('WC-MAP-002')).message).toContain('amuont');
    });

    it('a mapping with a syntax error: WC-MAP-001', async () => {
      await withSource(
        `  finance: { type: postgres, url: \${FINANCE_URL}, tables: { payments: { entity: payments, map: { payment_ref: id, account_ref: client, amount: "amount * * 2" } } } }\n`,
      );
      await expectFailedNight('WC-MAP-001');
    });

    it('a file that is cut inside a quoted field: WC-FILE-002', async () => {
      await place.write({ 'shop/orders.csv': `${orders}4,"cut of` });
      await expectFailedNight('WC-FILE-002');
    });

    it('control totals that differ, since a row was lost on the way: WC-GATE-001 with both counts', async () => {
      await withSource(
        `  finance: { type: postgres, url: \${FINANCE_URL}, tables: { payments: { entity: payments, map: { payment_ref: id, account_ref: client, amount: amount } } } }\n`,
      );
      const config = await place.config();
      const runId = 'r_20261124T030000Z_lost01';
      await makeRunFolder(config, runId);
      const run = { runId, pipeline: 'nightly', start: 1, asOf: '2026-06-30', startedAt: now.toISOString() };
      const night = runInline(run, nightly(config), {
        config,
        clock: () => now,
        signal: new AbortController().signal,
        report: () => {},
        landing: losingTheLastRow(openLanding(config.warehouse)),
      });
      await expect(night).rejects.toMatchObject({
        code: 'WC-GATE-001',
        message: expect.stringContaining('expected 2, found 1'),
        where: 'finance.payments',
      });
      await removeRunFolder(config, runId);
      expect(await warehouse()).toEqual(published);
      const checks = await place.query(
        'state',
        `select expected, found from whalecurve.checks where run_id = '${runId}' and check_name like '%rows%' and not is_ok`,
      );
      expect(checks).toEqual([{ expected: '2', found: '1' }]);
    });
  });

  describe('a night that meets what it can handle goes on', () => {
    it('duplicate keys: the first row stays, the others go to quarantine, and the limit is exceeded', async () => {
      await place.write({ 'shop/orders.csv': `${orders}3,b,2026-01-04,100.00\n` });
      const summary = await runPipeline(await place.config(), { now });
      expect(summary.tables[0]?.rows).toMatchObject({ extracted: 4, loaded: 3, quarantined: 1 });
      expect(summary.tables[0]?.money).toMatchObject({
        extracted: '116.7500',
        loaded: '16.7500',
        quarantined: '100.0000',
      });
      // One row of four is 25 %, and the limit is 5 %.
      expect(summary.aboveQuarantineLimit).toEqual([
        { table: 'shop.orders.csv', share: 0.25, rows: 1, limit: 'quarantine.max_share: 0.05' },
      ]);
    }, 60_000);

    it('empty tables: nothing comes in, nothing goes out, and the night is done', async () => {
      await place.write({ 'shop/orders.csv': 'order,client,day,amount\n' });
      const summary = await runPipeline(await place.config(), { now });
      expect(summary).toMatchObject({
        status: 'done',
        customers: 0,
        accounts: 0,
        moneyIn: '0.0000',
        moneyOut: '0.0000',
      });
      expect(await place.query('warehouse', 'select customer_id from warehouse.customer_value')).toEqual([]);
    }, 60_000);
  });

  async function withSource(source: string): Promise<void> {
    await place.write({ 'whalecurve.yml': `${head}${shop()}${source}` });
  }
});

function asUser(url: string, user: string, password: string): string {
  const other = new URL(url);
  other.username = user;
  other.password = password;
  return other.href;
}

/** A landing whose input loses its last line, as a proxy between would that cuts a stream. */
function losingTheLastRow(landing: Landing): Landing {
  return {
    ...landing,
    open(place) {
      const session = landing.open(place);
      return { ...session, land: (parts, request, options) => session.land(cut(parts), request, options) };
    },
  };
}

async function* cut(parts: AsyncIterable<StreamPart>): AsyncIterable<StreamPart> {
  for await (const part of parts) {
    if (part.kind !== 'csv' || part.file !== undefined) {
      yield part;
      continue;
    }
    let held: Buffer = Buffer.alloc(0);
    const withoutLastLine = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        held = Buffer.concat([held, chunk]);
        done();
      },
      flush(done) {
        const end = held.subarray(0, -1).lastIndexOf(10);
        done(null, held.subarray(0, end + 1));
      },
    });
    yield { ...part, bytes: part.bytes.pipe(withoutLastLine) };
  }
}
