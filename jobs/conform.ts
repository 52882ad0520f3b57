import { entity } from '../config/entities.ts';
import { ownAccountColumns } from '../config/identity-attributes.ts';
import { rawTableName } from '../config/raw-table-name.ts';
import { type ConformCounts, conformTable } from '../transforms/conform/conform-table.ts';
import { createEntityTables } from '../transforms/conform/entity-table.ts';
import { mapTable } from '../transforms/conform/map-table.ts';
import { entryTotals } from './entry-totals.ts';
import type { ExtractedTable, ExtractResult } from './extract.ts';
import { throwIfCancelled } from './failure.ts';
import type { JobResult, OwnerContext, TableEntry } from './job.ts';
import { recordTable, secondsBetween, type TableCounts } from './run-history.ts';

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
    for (const source of Object.keys(config.sources).sort()) {
      const extracted = context.resultOf(`extract:${source}`) as ExtractResult;
      for (const table of extracted.data.tables) {
        throwIfCancelled(signal);
        const tableStartedAt = clock().toISOString();
        const counts = await conformOne(source, table, context);
        const loaded = counts === null ? Number(table.landed.rows) : counts.loaded.rows;
        counted.push(
          tableCounts(source, table, counts, extracted, config.sources[source]?.tables[table.name]?.entity),
        );
        const entry = {
          table: `${source}.${table.name}`,
          startedAt: tableStartedAt,
          endedAt: clock().toISOString(),
          rowsIn: Number(table.landed.rows),
          rowsOut: loaded,
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
  extracted: ExtractedTable,
  { engine, run, config }: OwnerContext,
): Promise<ConformCounts | null> {
  const settings = config.sources[source];
  const configured = settings?.tables[extracted.name];
  if (settings === undefined || configured?.entity === undefined) return null;
  // The key that the extract found: the primary key, where the config names none.
  const { key } = extracted.asked;
  const table = key.length === 0 ? configured : { ...configured, key: [...key] };
  const rawTable = `raw.${rawTableName(source, extracted.name)}`;
  const mapping = await mapTable(engine, {
    sourceName: source,
    sourceType: settings.type,
    tableName: extracted.name,
    table,
    columns: extracted.columns,
    entityName: configured.entity,
    sourceTimezone: settings.timezone,
    ownColumns: ownAccountColumns(config.identity),
    rawTable,
  });
  return conformTable(engine, {
    sourceName: source,
    tableName: extracted.name,
    rawTable,
    table,
    mapping,
    sourceTimezone: settings.timezone,
    runId: run.runId,
  });
}

/** `extracted` is the source's own count; the fates are those that conform found. */
function tableCounts(
  source: string,
  table: ExtractedTable,
  counts: ConformCounts | null,
  extract: ExtractResult,
  entityName: Parameters<typeof entity>[0] | undefined,
): TableCounts {
  const sent = Number(table.control.rows);
  const hasMoney = entityName !== undefined && entity(entityName).money !== undefined;
  const money = (amount: string | undefined) => (hasMoney ? (amount ?? null) : null);
  const entry = extract.tables.find((one) => one.table === table.name);
  return {
    source,
    sourceTable: table.name,
    entity: entityName ?? null,
    rows: {
      extracted: sent,
      loaded: counts === null ? sent : counts.loaded.rows,
      filtered: counts?.filtered.rows ?? 0,
      quarantined: counts?.quarantined.rows ?? 0,
      deleted: counts?.deleted.rows ?? 0,
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
    bytes: table.bytes,
    seconds: entry === undefined ? '0.000' : secondsBetween(entry.startedAt, entry.endedAt),
  };
}
