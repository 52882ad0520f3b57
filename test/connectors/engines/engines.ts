import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../../connectors/engines/engine.ts';
import {
  type EngineOptions,
  openEngine,
  openLanding,
  type PostgresWarehouse,
  type WarehouseConfig,
} from '../../../connectors/engines/open-engine.ts';
import { readPrelude } from '../../../transforms/prelude/read-prelude.ts';
import { createWarehouseDatabase, postgresServers } from '../../servers/postgres.ts';
import { type KeptLanding, keptLanding } from './kept-landing.ts';

/** An engine with a folder and a warehouse of its own, for one test file. */
export interface EngineUnderTest {
  warehouse: WarehouseConfig;
  folder: string;
  landing: KeptLanding;
  open(options?: Partial<EngineOptions>): Promise<Engine>;
  end(): Promise<void>;
}

/** Every engine, by name: what a test of all engines is repeated for. */
export const engines: readonly { name: string; start: () => Promise<EngineUnderTest> }[] = [
  { name: 'DuckDB', start: startDuckdb },
  ...postgresServers().map(({ name, url }) => ({ name, start: () => startPostgres(url) })),
];

/** An engine that is open, and in which tables land. */
export interface OpenedEngine {
  engine: Engine;
  landing: KeptLanding;
  folder: string;
  close(): Promise<void>;
}

/** DuckDB and the PostgreSQL that is at hand: for what is the same on all versions of it. */
export const testEngines = engines.slice(0, 2).map(({ name, start }) => ({
  engineName: name,
  async openEngine(): Promise<OpenedEngine> {
    const { open, landing, folder, end } = await start();
    return { engine: await open(), landing, folder, close: end };
  },
}));

export function postgresWarehouse(url: string, folder: string): PostgresWarehouse {
  return {
    engine: 'postgres',
    url,
    connect_timeout: 10,
    statement_timeout: 0,
    work_mem: '16MB',
    maintenance_work_mem: '64MB',
    distribute: false,
    folder,
    memory_limit: '500MB',
    threads: 2,
  };
}

async function startDuckdb(): Promise<EngineUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'whalecurve-engine-'));
  const warehouse: WarehouseConfig = {
    engine: 'duckdb',
    path: join(folder, 'warehouse.duckdb'),
    memory_limit: '500MB',
    threads: 2,
  };
  return underTest(warehouse, folder, async () => {});
}

async function startPostgres(server: string): Promise<EngineUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'whalecurve-engine-'));
  const database = await createWarehouseDatabase(server);
  return underTest(postgresWarehouse(database.url, folder), folder, database.drop);
}

function underTest(warehouse: WarehouseConfig, folder: string, drop: () => Promise<void>) {
  const opened = new Set<Engine>();
  const landing = keptLanding(openLanding(warehouse), folder);
  return {
    warehouse,
    folder,
    landing,
    async open(options: Partial<EngineOptions> = {}) {
      const engine = await openEngine(warehouse, {
        prelude: await readPrelude(warehouse.engine),
        ...options,
      });
      opened.add(engine);
      const close = engine.close.bind(engine);
      engine.close = async () => {
        if (opened.delete(engine)) await close();
      };
      return engine;
    },
    async end() {
      for (const engine of opened) await engine.close();
      await landing.close();
      await drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
