import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, LandedTable, Landing, Row } from '../../../../connectors/engines/engine.ts';
import { openEngine, openLanding } from '../../../../connectors/engines/open-engine.ts';
import { quoteName } from '../../../../connectors/engines/quote.ts';
import type { WarehouseConfig } from '../../../../connectors/engines/warehouse-config.ts';
import type { ControlTotals, Snapshot, TableRequest } from '../../../../connectors/sources/source.ts';
import { readPrelude } from '../../../../transforms/prelude/read-prelude.ts';
import { createPostgresDatabase } from '../../../servers/postgres.ts';
import { postgresWarehouse } from '../../engines/engines.ts';

export const engineNames = ['duckdb', 'postgres'] as const;
export type EngineName = (typeof engineNames)[number];

export interface Carried {
  landed: LandedTable;
  /** What the source says of the rows. */
  control: ControlTotals;
  /** The rows of the raw table in the order of `_row`. */
  rows: Row[];
}

/** An engine with an empty state of its own, into which tables are carried from a source. */
export interface TestEngine {
  /** Extract, land, load, as a run does; `order` is a column to sort by. */
  carry(snapshot: Snapshot, request: TableRequest): Promise<Carried>;
  close(): Promise<void>;
}

export async function openTestEngine(name: EngineName): Promise<TestEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'whalecurve-types-'));
  const database = name === 'postgres' ? await createPostgresDatabase() : undefined;
  const warehouse = warehouseOf(folder, database?.url);
  const engine = await openEngine(warehouse, { prelude: await readPrelude(name) });
  const landing = openLanding(warehouse);
  let number = 0;
  return {
    carry: (snapshot, request) => {
      number += 1;
      return carry(engine, landing, folder, `t${number}`, snapshot, request);
    },
    async close() {
      await engine.close();
      await database?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function warehouseOf(folder: string, url: string | undefined): WarehouseConfig {
  if (url === undefined) {
    return { engine: 'duckdb', path: join(folder, 'warehouse.duckdb'), memory_limit: '1GB', threads: 1 };
  }
  return postgresWarehouse(url, folder);
}

async function carry(
  engine: Engine,
  landing: Landing,
  folder: string,
  table: string,
  snapshot: Snapshot,
  request: TableRequest,
): Promise<Carried> {
  const landed = await landing.land(snapshot.read(request), request, {
    runId: 'run-1',
    folder,
    subfolder: 'source',
    fileName: table,
    signal: new AbortController().signal,
  });
  const control = await snapshot.control(request, landed.columns);
  const stamp = { extractedAt: '2024-01-01T00:00:00Z', runId: 'run-1', folder };
  await engine.transaction(() => engine.load(landed, { schema: 'raw', table }, stamp));
  const names = landed.columns.map((column) => quoteName(column.name)).join(', ');
  const rows = await engine.query(`select ${names} from raw.${quoteName(table)} order by _row`);
  return { landed, control, rows };
}
