import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CheckVerdict } from '../sources/source.ts';
import { type DuckdbOptions, openDuckdb } from './duckdb/duckdb-engine.ts';
import { duckdbLanding } from './duckdb/duckdb-landing.ts';
import { examineFiles } from './duckdb/examine-files.ts';
import { fileLock } from './duckdb/file-lock.ts';
import { workAside as workInCopy } from './duckdb/work-aside.ts';
import type { Engine, Landing } from './engine.ts';
import type { StateLock } from './lock.ts';
import { advisoryLock } from './postgres/advisory-lock.ts';
import { examineServer } from './postgres/examine-server.ts';
import { openPostgres, schemaExists } from './postgres/postgres-engine.ts';
import { postgresLanding } from './postgres/postgres-landing.ts';
import { postgresName } from './postgres/server-name.ts';
import { workAside as workUndone } from './postgres/work-aside.ts';
import type { Database, DuckdbWarehouse, EngineOptions, WarehouseConfig } from './warehouse-config.ts';

export type { Database, EngineOptions, PostgresWarehouse, WarehouseConfig } from './warehouse-config.ts';

/**
 * The engine that the config chose. This file is the one place that knows which there are.
 *
 * @throws WC-ENGINE-001 if another process has the database, WC-ENGINE-004 if the file is none, WC-ENGINE-005
 *   if the server cannot be reached
 */
export function openEngine(warehouse: WarehouseConfig, options: EngineOptions): Promise<Engine> {
  switch (warehouse.engine) {
    case 'duckdb':
      return openDuckdb(duckdbOptions(warehouse, options));
    case 'postgres':
      return openPostgres(warehouse, options);
  }
}

/**
 * Does `work` on the state as it is, without a trace: on engine `duckdb` in a copy of the file, on `postgres` in a
 * transaction that is rolled back. Only for who holds the lock of a run.
 */
export function workAside<T>(
  warehouse: WarehouseConfig,
  prelude: string,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  return warehouse.engine === 'duckdb'
    ? workInCopy(duckdbOptions(warehouse, { prelude }), work)
    : workUndone(warehouse, { prelude }, work);
}

function duckdbOptions(warehouse: DuckdbWarehouse, options: EngineOptions): DuckdbOptions {
  return {
    databasePath: options.database === 'warehouse' ? warehouse.path : statePath(warehouse),
    warehousePath: warehouse.path,
    maskedPath: warehouse.masked,
    memoryLimit: warehouse.memory_limit,
    threads: warehouse.threads,
    spillPrefix: spillPrefix(warehouse),
    isReadOnly: options.isReadOnly ?? false,
    candidate: options.candidate,
    prelude: options.prelude,
  };
}

/** What takes the bytes of the sources for that engine. */
export function openLanding(warehouse: WarehouseConfig): Landing {
  switch (warehouse.engine) {
    case 'duckdb':
      return duckdbLanding({
        memoryLimit: warehouse.memory_limit,
        threads: warehouse.threads,
        spillPrefix: spillPrefix(warehouse),
        maxLineBytes: warehouse.max_line_mb === undefined ? undefined : warehouse.max_line_mb * 1024 * 1024,
      });
    case 'postgres':
      return postgresLanding(warehouse);
  }
}

/** `run`: one run at a time; `owner`: the one process that writes the state, which may be a worker's. */
export function openLock(warehouse: WarehouseConfig, name: 'run' | 'owner'): StateLock {
  return warehouse.engine === 'duckdb'
    ? fileLock(`${statePath(warehouse)}.${name}`)
    : advisoryLock(warehouse, name);
}

/** Whether a run could write there: a verdict for each thing that it needs. Nothing is made by looking. */
export function examineWarehouse(warehouse: WarehouseConfig): AsyncIterable<CheckVerdict> {
  return warehouse.engine === 'duckdb'
    ? examineFiles({
        warehouse: warehouse.path,
        state: statePath(warehouse),
        ...(warehouse.masked === undefined ? {} : { masked: warehouse.masked }),
      })
    : examineServer(warehouse);
}

/** Whether a run has made it yet. */
export async function databaseExists(warehouse: WarehouseConfig, database: Database): Promise<boolean> {
  if (warehouse.engine === 'postgres') {
    return schemaExists(warehouse, database === 'state' ? 'whalecurve' : 'warehouse');
  }
  return existsSync(database === 'state' ? statePath(warehouse) : warehouse.path);
}

/** What to call it in a message: the path of its file, or the URL of the server without the login. */
export function databaseName(warehouse: WarehouseConfig, database: Database): string {
  if (warehouse.engine === 'postgres') return postgresName(warehouse);
  return database === 'state' ? statePath(warehouse) : warehouse.path;
}

/** Folder of the folders of runs. */
export function runsFolder(warehouse: WarehouseConfig): string {
  return besideState(warehouse, 'runs');
}

/** A path for what is kept outside the state: two states in one folder never touch each other's. */
export function besideState(warehouse: WarehouseConfig, name: string): string {
  return warehouse.engine === 'postgres' ? join(warehouse.folder, name) : `${statePath(warehouse)}.${name}`;
}

/** The file in which a run works; analysts never open it. */
function statePath({ path, state }: DuckdbWarehouse): string {
  return state ?? join(dirname(path), 'state.duckdb');
}

/** Folders for what does not fit in memory start with this path; each process has its own. */
function spillPrefix(warehouse: DuckdbWarehouse): string {
  const state = statePath(warehouse);
  return `${warehouse.spill === undefined ? state : join(warehouse.spill, basename(state))}.spill`;
}
