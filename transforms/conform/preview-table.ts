import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WhalecurveError } from '../../config/error.ts';
import { ownAccountColumns } from '../../config/identity-attributes.ts';
import type { LoadedConfig, TableConfig } from '../../config/schema.ts';
import { openDuckdb } from '../../connectors/engines/duckdb/duckdb-engine.ts';
import { duckdbLanding } from '../../connectors/engines/duckdb/duckdb-landing.ts';
import type { Engine, LandedTable, Row } from '../../connectors/engines/engine.ts';
import { openSource } from '../../connectors/sources/registry.ts';
import type { Column, SourceContext, TableRequest } from '../../connectors/sources/source.ts';
import { warningsOf } from '../../connectors/sources/warnings-of.ts';
import { readPrelude } from '../prelude/read-prelude.ts';
import { buildSettingsTables, type ExchangeRate } from '../settings-tables.ts';
import { createConformState } from './conform-state.ts';
import { type ConformCounts, conformTable } from './conform-table.ts';
import { createEntityTables } from './entity-table.ts';
import { mapTable } from './map-table.ts';
import type { Mapping } from './mapping.ts';

export interface PreviewRequest {
  config: LoadedConfig;
  sourceName: string;
  /** As in the config. */
  tableName: string;
  /** Rows to read. */
  limit: number;
  /** `YYYY-MM-DD`, already resolved. */
  asOf: string;
  rates: readonly ExchangeRate[];
  /** What the runs before found of the files of the source; see SourceContext. */
  knownForms?: SourceContext['knownForms'];
  signal: AbortSignal;
}

export interface Preview {
  /** Columns of the entity that are mapped, or the raw columns of a table without an entity. */
  columns: readonly string[];
  rows: readonly Row[];
  /** Refused rows: source_key, column_name, rule, value, message. */
  quarantined: readonly Row[];
  /** What each column is taken from. */
  matched: readonly { column: string; matched: 'map' | 'name' | 'missing'; from: string | null }[];
  /** How its files are written, and why a column comes as text, in words. */
  written: readonly string[];
  /** null for a table without an entity. */
  counts: ConformCounts | null;
}

/**
 * The first rows of a source table as a run would make them, and those that it would refuse, with the reason.
 * Works in memory and in a temporary folder; nothing of the state or the warehouse is touched. The types of
 * text columns are those of the rows that were read.
 */
export async function previewTable(request: PreviewRequest): Promise<Preview> {
  const folder = await mkdtemp(join(tmpdir(), 'whalecurve-preview-'));
  try {
    const sample = await landSample(request, folder);
    const engine = await openDuckdb({
      databasePath: ':memory:',
      warehousePath: join(folder, 'warehouse.duckdb'),
      memoryLimit: request.config.warehouse.memory_limit,
      threads: request.config.warehouse.threads,
      spillPrefix: join(folder, 'spill'),
      prelude: await readPrelude('duckdb'),
    });
    try {
      return { ...(await conformSample(engine, request, sample)), written: sample.written };
    } finally {
      await engine.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Sample {
  landed: LandedTable;
  /** Where it landed. */
  folder: string;
  columns: readonly Column[];
  /** As in the config, with the primary key where that names none. */
  table: TableConfig;
  written: readonly string[];
}

async function landSample(
  { config, sourceName, tableName, limit, knownForms, signal }: PreviewRequest,
  folder: string,
): Promise<Sample> {
  const { source, table: written } = configured(config, sourceName, tableName);
  const snapshot = await (
    await openSource({
      name: sourceName,
      config: source,
      folder: config.folder,
      ...(knownForms && { knownForms }),
    })
  ).openSnapshot(signal);
  try {
    const bare: TableRequest = { name: tableName, table: written, moneyColumns: [] };
    const columns = await snapshot.describe(bare);
    const key = written.key ?? (await snapshot.primaryKey(bare));
    const table = key.length === 0 ? written : { ...written, key: [...key] };
    const tableRequest: TableRequest = { ...bare, table };
    const landing = duckdbLanding({
      memoryLimit: config.warehouse.memory_limit,
      spillPrefix: join(folder, 'spill'),
    });
    const parts = snapshot.read(tableRequest, { limit });
    const session = landing.open({ runId: previewRun, folder, subfolder: 'landing', signal });
    const landed = await session
      .land(parts, tableRequest, { fileName: 'sample' })
      .finally(() => session.close());
    const found = await snapshot.form?.(tableRequest);
    return {
      landed,
      columns,
      table,
      folder,
      written: [...(found?.described ?? []), ...warningsOf(landed.columns)],
    };
  } finally {
    await snapshot.close();
  }
}

const rawTable = { schema: 'raw', table: 'sample' };
const previewRun = 'preview';

async function conformSample(
  engine: Engine,
  { config, sourceName, tableName, asOf, rates, limit }: PreviewRequest,
  { landed, columns, table, folder }: Sample,
): Promise<Omit<Preview, 'written'>> {
  const { source } = configured(config, sourceName, tableName);
  await engine.load(landed, rawTable, { extractedAt: `${asOf}T00:00:00Z`, runId: previewRun, folder });
  if (table.entity === undefined) return rawPreview(engine, columns, limit);
  await createConformState(engine);
  const ownColumns = ownAccountColumns(config.identity);
  await createEntityTables(engine, ownColumns);
  await buildSettingsTables(engine, config, { asOf, rates });
  const name = `${rawTable.schema}.${rawTable.table}`;
  const mapping = await mapTable(engine, {
    sourceName,
    sourceType: source.type,
    tableName,
    table,
    columns,
    entityName: table.entity,
    sourceTimezone: source.timezone,
    ownColumns,
    rawTable: name,
  });
  const counts = await conformTable(engine, {
    sourceName,
    tableName,
    rawTable: name,
    table,
    mapping,
    sourceTimezone: source.timezone,
    runId: previewRun,
    forgotten: null,
  });
  return { ...(await conformedRows(engine, mapping, limit)), matched: matchedOf(mapping), counts };
}

async function conformedRows(
  engine: Engine,
  mapping: Mapping,
  limit: number,
): Promise<Pick<Preview, 'columns' | 'rows' | 'quarantined'>> {
  const mapped = mapping.columns
    .filter(({ matched, name }) => matched !== 'missing' && name !== 'deleted_at')
    .map(({ name }) => name);
  const columns = ['source_key', ...mapped];
  const rows = await engine.query(
    `select ${columns.map((name) => `"${name}"`).join(', ')} from entities.${mapping.entityName}
     order by source_key nulls last limit ${limit}`,
  );
  const quarantined = await engine.query(
    `select source_key, column_name, rule, value, message from whalecurve.quarantine
     order by source_key nulls last, column_name nulls last, value nulls last limit ${limit}`,
  );
  return { columns, rows, quarantined };
}

async function rawPreview(
  engine: Engine,
  columns: readonly Column[],
  limit: number,
): Promise<Omit<Preview, 'written'>> {
  const rows = await engine.query(
    `select * from ${rawTable.schema}.${rawTable.table} order by _row nulls last limit ${limit}`,
  );
  return { columns: columns.map(({ name }) => name), rows, quarantined: [], matched: [], counts: null };
}

function matchedOf(mapping: Mapping): Preview['matched'] {
  return mapping.columns.map(({ name, matched, expression }) => ({
    column: name,
    matched,
    from: expression?.text ?? null,
  }));
}

function configured(config: LoadedConfig, sourceName: string, tableName: string) {
  const source = config.sources[sourceName];
  const table = source?.tables[tableName];
  if (source === undefined || table === undefined) {
    throw new WhalecurveError('WC-USAGE-001', `the config has no table ${sourceName}.${tableName}`);
  }
  return { source, table };
}
