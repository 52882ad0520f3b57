import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadConfig } from '../../config/load-config.ts';
import type { LoadedConfig } from '../../config/schema.ts';
import type { Engine, Row } from '../../connectors/engines/engine.ts';
import { openEngine } from '../../connectors/engines/open-engine.ts';
import { readPrelude } from '../../transforms/prelude/read-prelude.ts';

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

export async function makeWorkplace(
  yaml: string,
  files: Readonly<Record<string, string | Buffer>> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'whalecurve-night-'));
  const configFile = join(folder, 'whalecurve.yml');
  const write = async (contents: Readonly<Record<string, string | Buffer>>) => {
    for (const [name, content] of Object.entries(contents)) {
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
        const names = await engine.query(
          `select table_schema || '.' || table_name as name from information_schema.tables
           where table_schema not in ('information_schema', 'pg_catalog') order by 1`,
        );
        const found: Record<string, Row[]> = {};
        for (const { name } of names) {
          if (except.includes(String(name))) continue;
          found[String(name)] = await engine.query(
            `select columns(name -> name not in (${runColumns})) from ${name} order by all`,
          );
        }
        return found;
      }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Columns that differ from run to run by their nature. */
const runColumns = "'_run_id', '_extracted_at', 'run_id', 'seconds'";
