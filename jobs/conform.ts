import { entity } from '../config/entities.ts';
import { ownAccountColumns } from '../config/identity-attributes.ts';
import { rawTableName } from '../config/raw-table-name.ts';
import { type ConformCounts, conformTable } from '../transforms/conform/conform-table.ts';
import { createEntityTables } from '../transforms/conform/entity-table.ts';
import { type Forgotten, readForgotten } from '../transforms/conform/forgotten.ts';
import { mapTable } from '../transforms/conform/map-table.ts';
import { entryTotals } from './entry-totals.ts';
import { throwIfCancelled } from './failure.ts';
import type { JobResult, OwnerContext, TableEntry } from './job.ts';
import { type LoadedTable, loadedTables } from './known-tables.ts';
import { recordTable, type TableCounts } from './run-history.ts';

/**
 * Turns the raw tables into the entities, all in one transaction; what breaks the contract of its entity goes to
 * quarantine. The fate of every row is counted, in rows and in money.
 */
export async function conform(context: OwnerContext): Promise<JobResult> {
  const { engine, run, clock, config, signal } = context;
  const startedAt = clock().toISOString();
  const entries: TableEntry[] = [];
  const counted: TableCounts[] = [];
  await engine.transaction(async () => {
    await createEntityTables(engine, ownAccountColumns(config.identity));
    await engine.run('delete from whalecurve.quarantine where run_id = $1', [run.runId]);
    const loaded = await loadedTables(engine);
    const forgotten = await readForgotten(engine);
    for (const source of Object.keys(config.sources).sort()) {
      for (const table of Object.keys(config.sources[source]?.tables ?? {})) {
        const known = loaded[source]?.[table];
        if (known === undefined) continue;
        throwIfCancelled(signal);
        const tableStartedAt = clock().toISOString();
        const counts = await conformOne(source, table, known, { ...context, forgotten });
        counted.push(tableCounts(source, table, known, counts, context));
        const entry = {
          table: `${source}.${table}`,
          startedAt: tableStartedAt,
          endedAt: clock().toISOString(),
          rowsIn: known.extractedRows,
          rowsOut: counts?.loaded.rows ?? known.extractedRows - known.deletedRows,
          ...(counts === null ? {} : { rowsRefused: counts.quarantined.rows }),
          bytes: 0,
        };
        entries.push(entry);
        context.report({ kind: 'table_done', job: 'conform', entry });
      }
    }
    for (const counts of counted) await recordTable(engine, run, counts);
  });
  return {
    startedAt,
    endedAt: clock().toISOString(),
    ...entryTotals(entries),
    data: null,
  };
}

/** null for a table that is only copied to raw. */
async function conformOne(
  source: string,
  tableName: string,
  { key, columns }: LoadedTable,
  { engine, run, config, forgotten }: OwnerContext & { forgotten: Forgotten | null },
): Promise<ConformCounts | null> {
  const settings = config.sources[source];
  const configured = settings?.tables[tableName];
  if (settings === undefined || configured?.entity === undefined) return null;
  // The key that the extract found: the primary key, where the config names none.
  const table = key.length === 0 ? configured : { ...configured, key: [...key] };
  const rawTable = `raw.${rawTableName(source, tableName)}`;
  const mapping = await mapTable(engine, {
    sourceName: source,
    sourceType: settings.type,
    tableName,
    table,
    columns,
    entityName: configured.entity,
    sourceTimezone: settings.timezone,
    ownColumns: ownAccountColumns(config.identity),
    rawTable,
  });
  return conformTable(engine, {
    sourceName: source,
    tableName,
    rawTable,
    table,
    mapping,
    sourceTimezone: settings.timezone,
    runId: run.runId,
    forgotten,
  });
}

/** `extracted` is the source's own count; the fates are those that conform found. */
function tableCounts(
  source: string,
  table: string,
  known: LoadedTable,
  counts: ConformCounts | null,
  { config, run }: OwnerContext,
): TableCounts {
  const entityName = config.sources[source]?.tables[table]?.entity;
  const hasMoney = entityName !== undefined && entity(entityName).money !== undefined;
  const money = (amount: string | undefined) => (hasMoney ? (amount ?? null) : null);
  const isOfThisRun = known.runId === run.runId;
  return {
    source,
    sourceTable: table,
    entity: entityName ?? null,
    rows: {
      extracted: known.extractedRows,
      loaded: counts === null ? known.extractedRows - known.deletedRows : counts.loaded.rows,
      filtered: counts?.filtered.rows ?? 0,
      quarantined: counts?.quarantined.rows ?? 0,
      deleted: counts === null ? known.deletedRows : counts.deleted.rows,
      after_as_of: counts?.afterAsOf.rows ?? 0,
    },
    money: {
      extracted: money(counts?.extracted.money),
      loaded: money(counts?.loaded.money),
      filtered: money(counts?.filtered.money),
      quarantined: money(counts?.quarantined.money),
      deleted: money(counts?.deleted.money),
      after_as_of: money(counts?.afterAsOf.money),
    },
    strategy: known.strategy,
    // What another run loaded is nothing that this one did.
    reason: isOfThisRun ? known.reason : null,
    schemaChanges: isOfThisRun ? known.schemaChanges : null,
    sentRows: isOfThisRun ? known.sentRows : 0,
    changedRows: isOfThisRun ? known.changedRows : 0,
    vanishedRows: isOfThisRun ? known.vanishedRows : 0,
    bytes: isOfThisRun ? known.bytes : 0,
    seconds: isOfThisRun ? known.seconds : '0.000',
  };
}
