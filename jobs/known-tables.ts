import { WhalecurveError } from '../config/error.ts';
import { rawTableName } from '../config/raw-table-name.ts';
import type { LoadedConfig, TableConfig } from '../config/schema.ts';
import type { Cell, Engine, Row } from '../connectors/engines/engine.ts';
import { quoteName } from '../connectors/engines/quote.ts';
import type { LogPlace } from '../connectors/sources/change-log.ts';
import type { Column } from '../connectors/sources/source.ts';
import { withEngine } from '../transforms/with-engine.ts';

/** What raw holds of a source table, and how far it was read. Plain JSON: it travels to the worker that reads on. */
export interface KnownTable {
  /** Of the raw table, without those that every raw table gets. */
  columns: readonly Column[];
  key: readonly string[];
  definition: string;
  cursor: string | null;
  horizon: string | null;
  /** ISO 8601 in UTC. */
  keysComparedAt: string | null;
  deletedRows: number;
  /** Where it stands in the log of its source; null: it is not read by the log. */
  log: LogPlace | null;
}

/** A source table as it was loaded last. */
export interface LoadedTable extends KnownTable {
  runId: string;
  strategy: Strategy;
  reason: string | null;
  /** Rows that have a fate in conform: those of the source, and those that are gone there. */
  extractedRows: number;
  sentRows: number;
  /** Rows written to raw: 0 where it is as it was; null: all, the table was replaced. */
  changedRows: number | null;
  vanishedRows: number;
  schemaChanges: string | null;
  bytes: number;
  /** Exact, as text. */
  seconds: string;
}

/** By name of the source and of the table. */
export type KnownTables = Readonly<Record<string, Readonly<Record<string, KnownTable>>>>;
export type LoadedTables = Readonly<Record<string, Readonly<Record<string, LoadedTable>>>>;

export type Strategy = NonNullable<TableConfig['strategy']>;

/** How the config wants the table to be read. */
export function strategyOf({ strategy, cursor }: TableConfig): Strategy {
  return strategy ?? (cursor === undefined ? 'full' : 'cursor');
}

/**
 * What the runs before have loaded, for workers, which never open the state. Empty before the first run, and where
 * every table is read as a whole.
 *
 * @throws WC-ENGINE-001 while another process has the state
 */
export async function readKnownTables(config: LoadedConfig): Promise<KnownTables> {
  const tables = Object.values(config.sources).flatMap((source) => Object.values(source.tables));
  return tables.every((table) => strategyOf(table) === 'full') ? {} : readLoadedTables(config);
}

async function readLoadedTables({ warehouse }: LoadedConfig): Promise<LoadedTables> {
  try {
    return await withEngine(warehouse, { isReadOnly: true }, async (engine) => {
      // A state that an older product made has no such table before its next run.
      const [found] = await engine.query(
        `select table_name from information_schema.tables where table_schema = 'whalecurve' and table_name = 'source_tables'`,
      );
      return found === undefined ? {} : loadedTables(engine);
    });
  } catch (error) {
    // No run has made the state yet.
    if (error instanceof WhalecurveError && error.code === 'WC-RUN-003') return {};
    throw error;
  }
}

/** What was loaded of every table, for a command that looks beside a run: empty while the run has the state. */
export async function loadedTablesUnlessBusy(config: LoadedConfig): Promise<LoadedTables> {
  try {
    return await readLoadedTables(config);
  } catch (error) {
    if (error instanceof WhalecurveError && error.code === 'WC-ENGINE-001') return {};
    throw error;
  }
}

/** What raw holds of every source table that was ever loaded, by an engine that is open. */
export async function loadedTables(engine: Engine): Promise<LoadedTables> {
  const rows = await engine.query(
    `select t.*, c.cursor_value
     from whalecurve.source_tables as t
     left join whalecurve.cursors as c on c.source = t.source and c.source_table = t.source_table`,
  );
  const loaded: Record<string, Record<string, LoadedTable>> = {};
  for (const row of rows) {
    const source = String(row.source);
    loaded[source] = { ...loaded[source], [String(row.source_table)]: loadedTable(row) };
  }
  return loaded;
}

function loadedTable(row: Row): LoadedTable {
  return {
    columns: JSON.parse(String(row.raw_columns)) as Column[],
    key: JSON.parse(String(row.raw_key)) as string[],
    definition: String(row.definition),
    cursor: textOf(row.cursor_value),
    horizon: textOf(row.horizon),
    keysComparedAt: textOf(row.keys_compared_at),
    deletedRows: Number(row.deleted_rows),
    log:
      row.log_position === null
        ? null
        : { position: String(row.log_position), coverage: String(row.log_coverage) },
    runId: String(row.run_id),
    strategy: String(row.strategy) as Strategy,
    reason: textOf(row.strategy_reason),
    extractedRows: Number(row.extracted_rows),
    sentRows: Number(row.sent_rows),
    changedRows: row.changed_rows === null ? null : Number(row.changed_rows),
    vanishedRows: Number(row.vanished_rows),
    schemaChanges: textOf(row.schema_changes),
    bytes: Number(row.bytes),
    seconds: String(row.seconds),
  };
}

/** Keeps it for the next night, in the transaction that loads the rows. `cursor` is the column, where there is one. */
export async function recordLoadedTable(
  engine: Engine,
  { source, table }: { source: string; table: string },
  loaded: LoadedTable,
  cursor: string | null,
): Promise<void> {
  for (const name of ['source_tables', 'cursors']) {
    await engine.run(`delete from whalecurve.${name} where source = $1 and source_table = $2`, [
      source,
      table,
    ]);
  }
  const cells: Record<string, Cell> = {
    source,
    source_table: table,
    raw_columns: JSON.stringify(loaded.columns),
    raw_key: JSON.stringify(loaded.key),
    definition: loaded.definition,
    horizon: loaded.horizon,
    log_position: loaded.log?.position ?? null,
    log_coverage: loaded.log?.coverage ?? null,
    keys_compared_at: loaded.keysComparedAt,
    deleted_rows: loaded.deletedRows,
    extracted_rows: loaded.extractedRows,
    strategy: loaded.strategy,
    strategy_reason: loaded.reason,
    sent_rows: loaded.sentRows,
    changed_rows: loaded.changedRows,
    vanished_rows: loaded.vanishedRows,
    schema_changes: loaded.schemaChanges,
    bytes: loaded.bytes,
    seconds: loaded.seconds,
    run_id: loaded.runId,
  };
  const places = Object.keys(cells).map((_, index) => `$${index + 1}`);
  await engine.run(
    `insert into whalecurve.source_tables (${Object.keys(cells).join(', ')}) values (${places.join(', ')})`,
    Object.values(cells),
  );
  if (cursor === null) return;
  await engine.run(
    `insert into whalecurve.cursors (source, source_table, cursor_column, cursor_value, run_id)
     values ($1, $2, $3, $4, $5)`,
    [source, table, cursor, loaded.cursor, loaded.runId],
  );
}

/** Counts the rows that are gone at the source again, after some of them were removed from raw. */
export async function recountDeletedRows(engine: Engine): Promise<void> {
  for (const [source, tables] of Object.entries(await loadedTables(engine))) {
    for (const [table, { deletedRows }] of Object.entries(tables)) {
      if (deletedRows === 0) continue;
      const raw = `raw.${quoteName(rawTableName(source, table))}`;
      await engine.run(
        `update whalecurve.source_tables set
           extracted_rows = extracted_rows - deleted_rows + (select count(_deleted_at) from ${raw}),
           deleted_rows = (select count(_deleted_at) from ${raw})
         where source = $1 and source_table = $2`,
        [source, table],
      );
    }
  }
}

function textOf(cell: Cell | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}
