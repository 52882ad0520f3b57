import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { loadConfig } from '../config/load-config.ts';
import { runPipeline } from '../pipelines/run-pipeline.ts';

/**
 * The memory of a run that extracts and loads one table of ten columns from PostgreSQL, at growing numbers of rows, on
 * both engines: it must not grow with the rows. The source makes its rows by generate_series and keeps none. Each
 * run is a process of its own; what counts is the greatest resident memory that the system saw of it.
 *
 *   npm run build && node dist/bench/memory.js [rows …, default 1000000 20000000]
 *
 * The login of WHALECURVE_BENCH_POSTGRES_URL must be able to create databases.
 */
const server = process.env.WHALECURVE_BENCH_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const memoryLimit = '1GB';

if (process.argv[2] === '--run') await runOnce(process.argv[3] ?? '');
else await compare(process.argv.slice(2).map(Number));

async function compare(given: readonly number[]): Promise<void> {
  const sizes = given.length === 0 ? [1_000_000, 20_000_000] : given;
  console.log(
    '| engine | rows | s | rows/s | peak MB of the process | engine limit |\n|---|---|---|---|---|---|',
  );
  for (const engine of ['duckdb', 'postgres']) {
    for (const rows of sizes) {
      const { seconds, peakMegabytes } = await measured(engine, rows);
      const limit = engine === 'duckdb' ? `${memoryLimit}, in the process` : 'in the server';
      const cells = [engine, rows, seconds.toFixed(1), Math.round(rows / seconds), peakMegabytes, limit];
      console.log(`| ${cells.join(' | ')} |`);
    }
  }
}

async function measured(engine: string, rows: number): Promise<{ seconds: number; peakMegabytes: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'whalecurve-bench-'));
  const database = `whalecurve_bench_${randomBytes(4).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${database}`;
  try {
    if (engine === 'postgres') await asOwner(`create database ${database}`);
    const file = join(folder, 'whalecurve.yml');
    await writeFile(file, configText(engine, url.href, rows));
    const script = fileURLToPath(import.meta.url);
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--run', file]);
    return JSON.parse(stdout);
  } finally {
    if (engine === 'postgres') await asOwner(`drop database if exists ${database} with (force)`);
    await rm(folder, { recursive: true, force: true });
  }
}

async function runOnce(file: string): Promise<void> {
  const config = await loadConfig(file, {});
  const start = performance.now();
  await runPipeline(config, { now: new Date('2026-01-31T02:00:00Z') });
  const seconds = (performance.now() - start) / 1000;
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ seconds, peakMegabytes }));
}

function configText(engine: string, url: string, rows: number): string {
  const warehouse =
    engine === 'duckdb'
      ? `{ engine: duckdb, path: warehouse.duckdb, memory_limit: ${memoryLimit} }`
      : `{ engine: postgres, url: '${url}' }`;
  return `
warehouse: ${warehouse}
reporting: { as_of: 2026-01-31 }
sources:
  sales:
    type: postgres
    url: '${server}'
    tables:
      lines:
        key: id
        query: >-
          select g::bigint as id, 'A' || g % 200000 as account_ref, 'product ' || g % 977 as product,
            (g % 100000 * 0.01)::numeric(18, 2) as net_amount, date '2024-01-01' + (g % 700)::int as ordered_on,
            timestamp '2024-01-01' + g * interval '1 second' as ordered_at, g * 0.001::float8 as weight,
            md5(g::text) as digest, 'says "yes", and more of ' || g as note, g % 2 = 0 as is_gift
          from generate_series(1, ${rows}) as g
`;
}

async function asOwner(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
