import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { silentLog } from '../../config/log.ts';
import { runsFolder } from '../../connectors/engines/open-engine.ts';
import { runQueueWorker } from '../../jobs/queue-worker.ts';
import type { RunSummary } from '../../jobs/run-summary.ts';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { createRedisPrefix } from '../servers/redis.ts';
import { type Company, companyFiles, companyYaml, foundCompany } from './company.ts';
import { engines, makeWorkplace, type Workplace } from './workplace.ts';

const now = new Date('2026-11-24T02:00:00Z');
describe.each(engines)('on engine %s', (engine) => {
  const redis = createRedisPrefix();
  const yaml = `${companyYaml}
runner: { type: bullmq, redis: \${REDIS_URL}, prefix: ${redis.prefix} }
`;
  let company: Company;
  let inline: Workplace;
  let queued: Workplace;
  let inlineSummary: RunSummary;
  let queuedSummary: RunSummary;
  const notices: string[] = [];

  beforeAll(async () => {
    company = await foundCompany();
    const environment = { ...company.environment, REDIS_URL: redis.url };
    inline = await makeWorkplace(yaml, companyFiles, environment, engine);
    queued = await makeWorkplace(yaml, companyFiles, environment, engine);
    inlineSummary = await runPipeline(await inline.config(), { now, runner: 'inline' });
    const stop = new AbortController();
    const workers = [1, 2].map(async () =>
      runQueueWorker(await queued.config(), {
        concurrency: 2,
        environment,
        log: silentLog(),
        clock: () => now,
        signal: stop.signal,
      }),
    );
    queuedSummary = await runPipeline(await queued.config(), {
      now,
      onProgress: (event) => notices.push(event.kind),
    });
    stop.abort();
    await Promise.all(workers);
  }, 120_000);

  afterAll(async () => {
    await Promise.all([inline.remove(), queued.remove(), company.drop()]);
    await redis.drop();
  });

  describe('a night over PostgreSQL, MariaDB and files', () => {
    it('accounts for every row: the quarantined ones are those without a rate and with an unknown channel', () => {
      const rows = inlineSummary.tables.map(({ source, table, rows }) => [
        `${source}.${table}`,
        rows.extracted,
        rows.loaded,
        rows.quarantined,
        rows.after_as_of,
      ]);
      expect(rows).toEqual([
        ['finance.billing.customers', 4, 4, 0, 0],
        ['finance.billing.payments', 4, 3, 0, 1],
        ['sales.clients', 3, 3, 0, 0],
        ['sales.order_lines', 6, 5, 1, 0],
        ['service.tickets.csv', 3, 2, 1, 0],
      ]);
    });

    it('makes six customers of eight accounts: Ada by her mail, Acme by its tax id, Z-9 by its order alone', () => {
      // finance 1 2 3 4, sales A-1 B-2 C-3 and Z-9 (implied); A-1 is 1, C-3 is 4: 8 - 2 = 6.
      expect(inlineSummary).toMatchObject({ accounts: 8, customers: 6, status: 'done' });
    });

    it('keeps every cent: 20.125 + 10 EUR at 1.1 + 1000.50 EUR at 1.2 + 5 = 1236.725', () => {
      expect(inlineSummary).toMatchObject({ moneyIn: '1236.7250', moneyOut: '1236.7250' });
    });

    it('remembers the cursor of a table in the transaction that loaded its rows', async () => {
      const cursors = await inline.query(
        'state',
        'select source_table, cursor_value from whalecurve.cursors',
      );
      expect(cursors).toEqual([
        { source_table: 'billing.customers', cursor_value: '2026-01-08 10:00:00+00' },
      ]);
    });

    it('leaves nothing behind in the run folder', async () => {
      const files = engine === 'duckdb' ? ['state.duckdb', 'warehouse.duckdb'] : ['.whalecurve'];
      expect((await readdir(inline.folder)).sort()).toEqual(
        ['exports', 'rates.csv', 'whalecurve.yml', ...files].sort(),
      );
      expect(await readdir(runsFolder((await inline.config()).warehouse)).catch(() => [])).toEqual([]);
    });
  });

  describe('the runner bullmq', () => {
    it('gives the same tables as the runner inline, to the cent', async () => {
      const except = [
        'whalecurve.runs',
        'whalecurve.run_jobs',
        'whalecurve.published_runs',
        'warehouse.runs',
        'warehouse.run_jobs',
        'whalecurve.kept_extracts',
      ];
      for (const database of ['state', 'warehouse'] as const) {
        expect(await queued.tables(database, { except })).toEqual(await inline.tables(database, { except }));
      }
    });

    it('reports the same run, and its progress on the way', () => {
      const bare = (summary: RunSummary) => ({
        ...summary,
        runId: '',
        endedAt: '',
        seconds: 0,
        warehouse: '',
        tables: summary.tables.map((table) => ({ ...table, seconds: 0 })),
      });
      expect(bare(queuedSummary)).toEqual(bare(inlineSummary));
      expect(notices).toContain('table_done');
    });

    it('leaves no job and no secret in Redis', async () => {
      const client = new Redis(redis.url);
      try {
        const keys: string[] = [];
        for await (const found of client.scanStream({ match: `${redis.prefix}:*` })) keys.push(...found);
        expect(keys.filter((key) => key.includes(queuedSummary.runId))).toEqual([]);
        for (const key of keys) {
          const dump = (await client.dumpBuffer(key))?.toString('latin1') ?? '';
          expect(dump).not.toContain(company.finance.url);
        }
      } finally {
        client.disconnect();
      }
    });
  });
});
