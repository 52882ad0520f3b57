import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { loadConfig } from '../../config/load-config.ts';
import { silentLog } from '../../config/log.ts';
import { packageRoot } from '../../config/package-root.ts';
import type { LoadedConfig } from '../../config/schema.ts';
import type { Cell, Row } from '../../connectors/engines/engine.ts';
import { openEngine } from '../../connectors/engines/open-engine.ts';
import { type DemoResult, runDemo } from '../../demo/run-demo.ts';
import { seedCompany } from '../../demo/seed/seed-company.ts';
import { publishedTables } from '../../jobs/published-tables.ts';
import { runQueueWorker } from '../../jobs/queue-worker.ts';
import { exitCode, type RunSummary } from '../../jobs/run-summary.ts';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { readPrelude } from '../../transforms/prelude/read-prelude.ts';
import { createMariadbDatabase } from '../servers/mariadb.ts';
import { createPostgresDatabase, type TestDatabase } from '../servers/postgres.ts';
import { createRedisPrefix } from '../servers/redis.ts';

jest.setTimeout(300_000);

const size = { customers: 300, seed: 11 };
const now = new Date('2026-01-05T02:30:00Z');
const redis = createRedisPrefix();
let folder: string;
let databases: TestDatabase[] = [];
let environment: Record<string, string>;
let embedded: DemoResult;
let night: RunSummary;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-compose-'));
  databases = await Promise.all([
    createPostgresDatabase(),
    // The stack has MySQL here, which the machine that runs this may not have.
    createMariadbDatabase(process.env.MYSQL_URL),
    createMariadbDatabase(),
    createPostgresDatabase(),
  ]);
  const [finance = '', sales = '', service = '', warehouse = ''] = databases.map(({ url }) => url);
  environment = {
    FINANCE_URL: finance,
    SALES_URL: sales,
    SERVICE_URL: service,
    WAREHOUSE_URL: warehouse,
    REDIS_URL: redis.url,
  };
  const signal = new AbortController().signal;
  const marketing = join(folder, 'compose', 'files');
  await seedCompany({ ...size, places: { finance, sales, service, marketing }, keepsSame: false, signal });
  await mkdir(join(folder, 'config'));
  const nothing = () => {};
  const demo = { folder: join(folder, 'demo'), environment: {}, onStep: nothing, onProgress: nothing };
  embedded = await runDemo({ ...size, ...demo, now, signal });
  night = await runPipeline(await configOf(await nightlyYaml()), { now });
});
afterAll(async () => {
  await Promise.all(databases.map((database) => database.drop()));
  await redis.drop();
  await rm(folder, { recursive: true, force: true });
});

describe('config/nightly.yml over PostgreSQL, MySQL, MariaDB and files', () => {
  it('ends well, with the six broken tickets in quarantine and every penny accounted for', () => {
    expect(night).toMatchObject({ status: 'done', failure: null, aboveQuarantineLimit: [] });
    expect(exitCode(night)).toBe(0);
    expect(night.checks.failed).toEqual([]);
    expect(night.moneyIn).toBe(night.moneyOut);
    const quarantined = night.tables.filter(({ rows }) => rows.quarantined > 0);
    expect(quarantined.map(({ source, table, rows }) => [source, table, rows.quarantined])).toEqual([
      ['service', 'tickets', 6],
    ]);
  });

  it('reads the rows and the money that the embedded demo reads', () => {
    const { summary } = embedded;
    expect(accountOf(night)).toEqual(accountOf(summary));
    expect([night.customers, night.accounts]).toEqual([summary.customers, summary.accounts]);
    expect([night.moneyIn, night.moneyOut]).toEqual([summary.moneyIn, summary.moneyOut]);
  });

  it('publishes the tables that the embedded demo publishes, row for row', async () => {
    await expectSameTables(await configOf(await nightlyYaml()));
  });
});

describe('the variant of config/nightly.yml with workers', () => {
  it('publishes the same tables, over Redis', async () => {
    const config = await configOf(await withWorkers());
    expect(config.runner.type).toBe('bullmq');
    const stop = new AbortController();
    const workers = [1, 2].map(() =>
      runQueueWorker(config, {
        concurrency: 2,
        environment,
        log: silentLog(),
        clock: () => now,
        signal: stop.signal,
      }),
    );
    const summary = await runPipeline(config, { now: new Date('2026-01-06T02:30:00Z') }).finally(() =>
      stop.abort(),
    );
    await Promise.all(workers);
    expect(accountOf(summary)).toEqual(accountOf(night));
    await expectSameTables(config);
  });
});

function nightlyYaml(): Promise<string> {
  return readFile(join(packageRoot(), 'config', 'nightly.yml'), 'utf8');
}

/** With the line that the comment shows in place of the runner that is in force; a prefix of this test's own. */
async function withWorkers(): Promise<string> {
  const yaml = await nightlyYaml();
  const shown = /^runner: .*\n# (runner: .*)\n/m;
  expect(yaml).toMatch(shown);
  return yaml.replace(shown, '$1\n').replace('prefix: nightly', `prefix: ${redis.prefix}`);
}

/** As it stands in the repository, beside a folder `compose` of its own. */
async function configOf(yaml: string): Promise<LoadedConfig> {
  const file = join(folder, 'config', 'nightly.yml');
  await writeFile(file, yaml);
  return loadConfig(file, environment);
}

/** What the silos of the stack are called in the embedded demo. */
const embeddedNames: Readonly<Record<string, string>> = {
  'sales.customers': 'shop.customers',
  'sales.returns': 'shop.returns',
  'service.contacts': 'contacts.csv',
  'service.tickets': 'tickets.csv',
};

function embeddedName(source: unknown, table: unknown): Cell {
  return embeddedNames[`${source}.${table}`] ?? String(table);
}

function accountOf({ tables }: RunSummary) {
  return tables
    .map(({ source, table, entity, rows, money }) => ({
      table: `${source}.${embeddedName(source, table)}`,
      entity,
      rows,
      money,
    }))
    .sort((one, other) => (one.table < other.table ? -1 : 1));
}

/** They tell of the run itself. */
const tablesOfTheRun = new Set(['runs', 'run_jobs', 'run_tables', 'checks', 'quarantine']);

async function expectSameTables(config: LoadedConfig): Promise<void> {
  const [ours, theirs] = await Promise.all([readPublished(config), readPublished(embedded.config)]);
  expect([...ours.keys()]).toEqual([...theirs.keys()]);
  expect(ours.size).toBeGreaterThan(15);
  for (const [name, rows] of ours) {
    const expected = theirs.get(name) ?? [];
    expect([name, rows.length]).toEqual([name, expected.length]);
    const differing = rows.flatMap((row, index) => {
      const other = expected[index] ?? {};
      const columns = Object.keys(row).filter((column) => !isSame(row[column], other[column]));
      return columns.length === 0 ? [] : [{ columns, row, other }];
    });
    expect({ name, differing: differing.slice(0, 3) }).toEqual({ name, differing: [] });
  }
}

/** Each table in the order of its key. */
async function readPublished(config: LoadedConfig): Promise<Map<string, Row[]>> {
  const prelude = await readPrelude(config.warehouse.engine);
  const engine = await openEngine(config.warehouse, { prelude, database: 'warehouse', isReadOnly: true });
  try {
    const tables = new Map<string, Row[]>();
    for (const { name, key } of await publishedTables()) {
      if (tablesOfTheRun.has(name)) continue;
      const rows = (await engine.query(`select * from warehouse.${name}`)).map((row) => {
        const { run_id, learned_by, ...rest } = row;
        return 'source_table' in rest
          ? { ...rest, source_table: embeddedName(rest.source, rest.source_table) }
          : rest;
      });
      const placed = rows.map((row): [string, Row] => [
        JSON.stringify(key.map((column) => row[column])),
        row,
      ]);
      placed.sort(([one], [other]) => (one < other ? -1 : 1));
      tables.set(
        name,
        placed.map(([, row]) => row),
      );
    }
    return tables;
  } finally {
    await engine.close();
  }
}

/** Decimals and whole numbers come as text, and only floating point as numbers. */
function isSame(ours: Cell | undefined, theirs: Cell | undefined): boolean {
  if (typeof ours !== 'number' || typeof theirs !== 'number') return ours === theirs;
  return Math.abs(ours - theirs) <= 1e-9 * Math.max(Math.abs(ours), Math.abs(theirs));
}
