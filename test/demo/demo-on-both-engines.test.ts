import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { loadConfig } from '../../config/load-config.ts';
import type { Cell, Engine, Row } from '../../connectors/engines/engine.ts';
import { openEngine } from '../../connectors/engines/open-engine.ts';
import { serveDatabases } from '../../demo/serve.ts';
import { writeDemoFolder } from '../../demo/write-demo-folder.ts';
import { publishedTables } from '../../jobs/published-tables.ts';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { readPrelude } from '../../transforms/prelude/read-prelude.ts';
import { createPostgresDatabase, type TestDatabase } from '../servers/postgres.ts';

jest.setTimeout(300_000);

const now = new Date('2026-01-05T02:00:00Z');
/** They tell of the run itself: its id, its times, its warehouse. */
const ofTheRun = new Set(['run_id', 'learned_by', 'started_at', 'ended_at', 'seconds', 'config_hash']);

let folder: string;
let database: TestDatabase;
let engines: Record<'duckdb' | 'postgres', Engine>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-demo-engines-'));
  database = await createPostgresDatabase();
  await writeDemoFolder({ customers: 300, seed: 11 }, folder);
  const file = join(folder, 'whalecurve.yml');
  const yaml = await readFile(file, 'utf8');
  const onPostgres = yaml.replace(
    / {2}engine: duckdb\n {2}path: .*\n/,
    `  engine: postgres\n  url: ${database.url}\n`,
  );
  const servers = await serveDatabases(folder, { keepsLiveAddresses: true });
  try {
    const opened: Engine[] = [];
    for (const text of [yaml, onPostgres]) {
      await writeFile(file, text);
      const config = await loadConfig(file, servers.urls);
      await runPipeline(config, { now });
      const prelude = await readPrelude(config.warehouse.engine);
      opened.push(await openEngine(config.warehouse, { prelude, database: 'warehouse', isReadOnly: true }));
    }
    const [duckdb, postgres] = opened as [Engine, Engine];
    engines = { duckdb, postgres };
  } finally {
    await servers.stop();
  }
});

afterAll(async () => {
  await engines?.duckdb.close();
  await engines?.postgres.close();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

describe('the demo company, on DuckDB and on PostgreSQL', () => {
  it('has the same published tables, row for row: money to the cent, floating point to 1e-9', async () => {
    expect([engines.duckdb.kind, engines.postgres.kind]).toEqual(['duckdb', 'postgres']);
    const compared: string[] = [];
    for (const { name, key } of await publishedTables()) {
      const ours = await rowsOf(engines.duckdb, name, key);
      const theirs = await rowsOf(engines.postgres, name, key);
      expect([name, theirs.length]).toEqual([name, ours.length]);
      if (ours.length > 0) compared.push(name);
      for (const [index, row] of ours.entries()) {
        const differing = Object.keys(row).filter((column) => !isSame(row[column], theirs[index]?.[column]));
        expect({ name, row, differing }).toEqual({ name, row, differing: [] });
        expect(Object.keys(theirs[index] ?? {})).toEqual(Object.keys(row));
      }
    }
    // The company states no preferences and answers no surveys; whatever else is published holds rows.
    expect(compared).toEqual(
      expect.arrayContaining(['customers', 'customer_value', 'whale_curve', 'quarantine']),
    );
    expect(compared.length).toBeGreaterThanOrEqual(16);
  });
});

async function rowsOf(engine: Engine, name: string, key: readonly string[]): Promise<Row[]> {
  const rows = await engine.query(`select * from warehouse.${name}`);
  const places = key.filter((column) => !ofTheRun.has(column));
  return rows
    .map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => !ofTheRun.has(column))))
    .map((row) => ({ row, place: JSON.stringify(places.map((column) => row[column])) }))
    .sort((one, other) => (one.place < other.place ? -1 : 1))
    .map(({ row }) => row);
}

/** Decimals and whole numbers come as text, and only floating point as numbers. */
function isSame(ours: Cell | undefined, theirs: Cell | undefined): boolean {
  if (typeof ours !== 'number' || typeof theirs !== 'number') return ours === theirs;
  return Math.abs(ours - theirs) <= 1e-9 * Math.max(Math.abs(ours), Math.abs(theirs));
}
