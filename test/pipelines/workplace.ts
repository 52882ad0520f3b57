import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadConfig } from '../../config/load-config.ts';
import type { LoadedConfig } from '../../config/schema.ts';
import type { Engine, Row } from '../../connectors/engines/engine.ts';
import { openEngine } from '../../connectors/engines/open-engine.ts';
import { readPrelude } from '../../transforms/prelude/read-prelude.ts';
import { createPostgresDatabase } from '../servers/postgres.ts';

/** A folder with a config and the files that it names; `remove` leaves nothing. */
export interface Workplace {
  folder: string;
  configFile: string;
  write(files: Readonly<Record<string, string | Buffer>>): Promise<void>;
  config(): Promise<LoadedConfig>;
  query(database: 'state' | 'warehouse', sql: string): Promise<Row[]>;
  /** Every table of a database as text, in a fixed order: what two nights are compared by. */
  tables(
    database: 'state' | 'warehouse',
    options?: { except?: readonly string[] },
  ): Promise<Record<string, Row[]>>;
  remove(): Promise<void>;
}

/** Engines that a whole night is tried on. */
export const engines = ['duckdb', 'postgres'] as const;

export type EngineKind = (typeof engines)[number];

/**
 * A config names the warehouse of DuckDB in one line; for engine `postgres` that line is replaced by one of a database
 * of its own.
 */
export async function makeWorkplace(
  yaml: string,
  files: Readonly<Record<string, string | Buffer>> = {},
  environment: Readonly<Record<string, string>> = {},
  engine: EngineKind = 'duckdb',
): Promise<Workplace> {
  const server = engine === 'postgres' ? await createPostgresDatabase() : null;
  const folder = await mkdtemp(join(tmpdir(), 'whalecurve-night-'));
  const configFile = join(folder, 'whalecurve.yml');
  const warehouseLine = `warehouse: { engine: postgres, url: '${server?.url}' }`;
  const write = async (contents: Readonly<Record<string, string | Buffer>>) => {
    for (const [name, given] of Object.entries(contents)) {
      const isConfig = server !== null && name === 'whalecurve.yml';
      const content = isConfig ? String(given).replace(/^warehouse:.*$/m, warehouseLine) : given;
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
  };
  await write({ 'whalecurve.yml': yaml, ...files });
  const config = () => loadConfig(configFile, environment);
  const within = async <T>(database: 'state' | 'warehouse', work: (engine: Engine) => Promise<T>) => {
    const { warehouse } = await config();
    const prelude = await readPrelude(warehouse.engine);
    const engine = await openEngine(warehouse, { prelude, database, isReadOnly: true });
    try {
      return await work(engine);
    } finally {
      await engine.close();
    }
  };
  return {
    folder,
    configFile,
    write,
    config,
    query: (database, sql) => within(database, (engine) => engine.query(sql)),
    tables: (database, { except = [] } = {}) =>
      within(database, async (engine) => {
        const names = await engine.query<{ schema: string; table: string }>(
          `select table_schema as schema, table_name as table from information_schema.tables
           where table_schema in (${schemasOf[database].map((name) => `'${name}'`).join(', ')})`,
        );
        const found: Record<string, Row[]> = {};
        for (const { schema, table } of names.sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1))) {
          const name = nameOf({ schema, table });
          if (!except.includes(name)) found[name] = await sortedRows(engine, name);
        }
        return found;
      }),
    remove: async () => {
      await rm(folder, { recursive: true, force: true });
      await server?.drop();
    },
  };
}

const schemasOf = {
  state: ['raw', 'settings', 'entities', 'identity', 'customers', 'value', 'whalecurve'],
  warehouse: ['warehouse'],
};

function nameOf({ schema, table }: { schema: string; table: string }): string {
  return `${schema}.${table}`;
}

/** Columns that differ from run to run by their nature. */
const runColumns = new Set([
  '_run_id',
  '_extracted_at',
  'run_id',
  'learned_by',
  'seconds',
  'horizon',
  'keys_compared_at',
  // A source sends again what was written while any transaction of its server was open: nothing that a test has a hand in.
  'sent_rows',
  'bytes',
]);

/** Sorted here: no two engines agree on the order of everything. */
async function sortedRows(engine: Engine, name: string): Promise<Row[]> {
  const rows = (await engine.query(`select * from ${name}`)).map((row) =>
    Object.fromEntries(Object.entries(row).filter(([column]) => !runColumns.has(column))),
  );
  const keyed = rows.map((row) => ({ key: JSON.stringify(row), row }));
  return keyed.sort((one, other) => (one.key < other.key ? -1 : 1)).map(({ row }) => row);
}
