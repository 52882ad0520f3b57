import { WhalecurveError } from '../config/error.ts';
import type { LoadedConfig } from '../config/schema.ts';
import type { Cell, Engine, Row } from '../connectors/engines/engine.ts';
import { databaseExists, databaseName } from '../connectors/engines/open-engine.ts';
import { type RunSummary, readRunSummary } from '../jobs/run-summary.ts';
import { withEngine } from '../transforms/with-engine.ts';

/** What the last run published, to be read. */
export interface Warehouse {
  /** The columns of each table, in their order: a night of an older version lacks some that are known today. */
  columns: ReadonlyMap<string, readonly string[]>;
  /** The run that published them. */
  run: RunSummary;
  /** Rows of a SELECT, as `Engine.query` gives them. */
  query(sql: string, parameters?: readonly Cell[]): Promise<Row[]>;
}

/** Opens the warehouse for `work`, read-only. @throws WC-RUN-003 where no run has published yet */
export async function withWarehouse<T>(
  config: LoadedConfig,
  work: (warehouse: Warehouse) => Promise<T>,
): Promise<T> {
  if (!(await databaseExists(config.warehouse, 'warehouse'))) throw nothingPublished(config);
  return withEngine(config.warehouse, { database: 'warehouse', isReadOnly: true }, async (engine) => {
    const columns = await publishedColumns(engine);
    // After a first night that failed, PostgreSQL holds the run history and nothing else.
    if (!columns.has('customer_value')) throw nothingPublished(config);
    const run = await publishedRun(engine, config);
    return work({ columns, run, query: (sql, parameters) => engine.query(sql, parameters) });
  });
}

/** Whether the table is there with all these columns. */
export function holds({ columns }: Warehouse, table: string, names: readonly string[] = []): boolean {
  const found = columns.get(table);
  return found !== undefined && names.every((name) => found.includes(name));
}

async function publishedColumns(engine: Engine): Promise<Map<string, string[]>> {
  const rows = await engine.query<{ table: string; column: string }>(
    `select table_name as "table", column_name as "column" from information_schema.columns
     where table_schema = 'warehouse' order by table_name nulls last, ordinal_position nulls last`,
  );
  const columns = new Map<string, string[]>();
  for (const { table, column } of rows) columns.set(table, [...(columns.get(table) ?? []), column]);
  return columns;
}

/** On PostgreSQL the history also has the failed runs, which published nothing. */
async function publishedRun(engine: Engine, config: LoadedConfig): Promise<RunSummary> {
  const [run] = await engine.query(
    `select run_id from warehouse.runs where status = 'done'
     order by started_at desc nulls last, run_id desc nulls last limit 1`,
  );
  if (run === undefined) throw nothingPublished(config);
  return readRunSummary(engine, String(run.run_id), config, 'warehouse');
}

function nothingPublished({ warehouse }: LoadedConfig): WhalecurveError {
  return new WhalecurveError('WC-RUN-003', 'no run has published customers yet', {
    where: databaseName(warehouse, 'warehouse'),
    hint: 'start a run with `whalecurve run`',
  });
}
