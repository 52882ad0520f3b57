import type { PlaceOfEntry } from '../config/config-places.ts';
import type { EntityName } from '../config/entities.ts';
import { ownAccountColumns } from '../config/identity-attributes.ts';
import { rawTableName } from '../config/raw-table-name.ts';
import type { LoadedConfig, SourceConfig } from '../config/schema.ts';
import { openSource } from '../connectors/sources/registry.ts';
import type { Snapshot } from '../connectors/sources/source.ts';
import { type KnownTable, loadedTablesUnlessBusy } from '../jobs/known-tables.ts';
import { planRead } from '../jobs/read-plan.ts';
import { declaredChanges } from '../jobs/schema-drift.ts';
import { resolveMapping } from '../transforms/conform/resolve-mapping.ts';
import { readingInWords } from './reading-in-words.ts';

/** What a run would do with one table of a source. */
export interface PlannedTable {
  source: string;
  sourceType: SourceConfig['type'];
  table: string;
  rawTable: string;
  /** How the rows are read tonight, in words: `cursor: updated_at from 2026-01-31 02:00:00, less 3d`. */
  strategy: string;
  /** Columns that came, went or have another type since the last load. */
  schemaChanges: readonly string[];
  entity: EntityName | null;
  /** Columns that tell the rows apart; empty: their place in the table or file. */
  key: readonly string[];
  where: string | null;
  columns: readonly PlannedColumn[];
}

export interface PlannedColumn {
  name: string;
  type: string;
  isRequired: boolean;
  /** `map`: the config says so; `name`: a column of the same name; `missing`: always empty. */
  matched: 'map' | 'name' | 'missing';
  expression: string | null;
}

/**
 * Asks each source for the columns of its tables and settles every mapping; no row is read.
 *
 * @throws what opening a source throws, WC-SOURCE-003 to 005, WC-MAP-001 to 003
 */
export async function planTables(
  config: LoadedConfig,
  placesOf: (source: string, table: string) => PlaceOfEntry,
  now: Date,
): Promise<PlannedTable[]> {
  const planned: PlannedTable[] = [];
  const known = await loadedTablesUnlessBusy(config);
  for (const [name, settings] of Object.entries(config.sources)) {
    const source = await openSource({ name, config: settings, folder: config.folder });
    const snapshot = await source.openSnapshot(new AbortController().signal);
    try {
      for (const table of Object.keys(settings.tables)) {
        planned.push(
          await plannedTable(name, table, settings, snapshot, {
            placeOf: placesOf(name, table),
            identity: config.identity,
            known: known[name]?.[table],
            now,
          }),
        );
      }
    } finally {
      await snapshot.close();
    }
  }
  return planned;
}

interface PlanSetting extends Pick<LoadedConfig, 'identity'> {
  placeOf: PlaceOfEntry;
  known: KnownTable | undefined;
  now: Date;
}

async function plannedTable(
  source: string,
  name: string,
  settings: SourceConfig,
  snapshot: Snapshot,
  { placeOf, identity, known, now }: PlanSetting,
): Promise<PlannedTable> {
  const configured = settings.tables[name];
  if (configured === undefined) throw new TypeError(`${source} has no table ${name}`);
  const request = { name, table: configured, moneyColumns: [] };
  const columns = await snapshot.describe(request);
  const primaryKey = configured.key ?? (await snapshot.primaryKey(request));
  const table = primaryKey.length === 0 ? configured : { ...configured, key: [...primaryKey] };
  const planned = {
    source,
    sourceType: settings.type,
    table: name,
    rawTable: `raw.${rawTableName(source, name)}`,
    strategy: readingInWords(
      planRead({ subject: `${source}.${name}`, table, key: table.key ?? [], columns, known, now }),
      table,
    ),
    schemaChanges: known === undefined ? [] : declaredChanges(known.columns, columns),
    entity: table.entity ?? null,
    where: table.where ?? null,
  };
  if (table.entity === undefined) return { ...planned, key: primaryKey, columns: [] };
  const mapping = resolveMapping({
    sourceName: source,
    sourceType: settings.type,
    tableName: name,
    table,
    columns,
    entityName: table.entity,
    columnTypes: {},
    sourceTimezone: settings.timezone,
    ownColumns: ownAccountColumns(identity),
    placeOf,
  });
  return {
    ...planned,
    key: mapping.key,
    columns: mapping.columns.map(({ name: column, type, isRequired, matched, expression }) => ({
      name: column,
      type,
      isRequired,
      matched,
      expression: expression?.text ?? null,
    })),
  };
}
