import { afterAll, beforeAll } from '@jest/globals';
import { type EntityName, entityNames } from '../../../config/entities.ts';
import { configSchema, type TableConfig } from '../../../config/schema.ts';
import type { Engine, Row } from '../../../connectors/engines/engine.ts';
import { quoteName, quoteText } from '../../../connectors/engines/quote.ts';
import type { Column, RawType } from '../../../connectors/sources/source.ts';
import { createConformState } from '../../../transforms/conform/conform-state.ts';
import { type ConformCounts, conformTable } from '../../../transforms/conform/conform-table.ts';
import { createEntityTables } from '../../../transforms/conform/entity-table.ts';
import { mapTable } from '../../../transforms/conform/map-table.ts';
import type { Mapping } from '../../../transforms/conform/mapping.ts';
import { type EngineKind, openOn } from '../both-engines.ts';

export interface Settings {
  asOf?: string;
  currency?: string;
  timezone?: string;
  /** date, from, to, rate */
  rates?: readonly (readonly [string, string, string, string])[];
}

/** The state of an engine is made once: to make fifteen tables takes longer than what most tests do with them. */
const prepared = new WeakSet<Engine>();

async function prepareState(engine: Engine): Promise<void> {
  if (prepared.has(engine)) return;
  prepared.add(engine);
  await createConformState(engine);
  await createEntityTables(engine);
  await engine.run(`
    create schema settings;
    create schema raw;
    create table settings.run (as_of date, currency text collate "C", timezone text collate "C");
    create table settings.exchange_rates
      (rate_date date, from_currency text collate "C", to_currency text collate "C", rate decimal(18, 8))`);
}

const stateTables = [
  ...['whalecurve.quarantine', 'whalecurve.column_types', 'settings.run', 'settings.exchange_rates'],
  ...entityNames.map((name) => `entities.${name}`),
];

/** Empties the state: no entities, nothing in quarantine, no types known, and the settings of a run. */
export async function resetState(
  engine: Engine,
  { asOf = '2024-12-31', currency = 'GBP', timezone = 'UTC', rates = [] }: Settings = {},
): Promise<void> {
  await prepareState(engine);
  await engine.run(stateTables.map((table) => `delete from ${table}`).join('; '));
  await engine.run('insert into settings.run values (cast($1 as date), $2, $3)', [asOf, currency, timezone]);
  for (const rate of rates) {
    await engine.run(
      'insert into settings.exchange_rates values (cast($1 as date), $2, $3, cast($4 as decimal(18, 8)))',
      [...rate],
    );
  }
}

/** An engine for the tests of one `describe`, opened before the first and closed after the last. */
export function conformOn(kind: EngineKind) {
  let opened: Engine | undefined;
  const engine = () => {
    if (opened === undefined) throw new Error('the engine is not open yet');
    return opened;
  };
  beforeAll(async () => {
    opened = await openOn(kind);
  });
  afterAll(() => opened?.close());
  return {
    engine,
    /** Conforms a table in an empty state. */
    conform: async (given: GivenTable, settings: Settings = {}): Promise<Conformed> => {
      await resetState(engine(), settings);
      return conformed(engine(), given);
    },
  };
}

const storedTypes: Readonly<Record<Exclude<RawType, object>, string>> = {
  text: 'text collate "C"',
  boolean: 'boolean',
  integer: 'integer',
  bigint: 'bigint',
  double: 'double precision',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
};

export interface GivenTable {
  entity: EntityName;
  /** Column names, or columns with their types; names alone are the text columns of a file. */
  columns: readonly (string | Column)[];
  /** In order of the columns; null is no value. */
  rows: readonly (readonly (string | null)[])[];
  /** The rest of the table's config, as a user writes it. */
  config?: Record<string, unknown>;
  name?: string;
  sourceTimezone?: string;
  sourceType?: 'files' | 'postgres';
}

export interface Conformed {
  mapping: Mapping;
  counts: ConformCounts;
  rows: Row[];
  quarantine: Row[];
}

/** What the config of a table becomes when it is read from a file. */
export function tableConfig(config: Record<string, unknown>): TableConfig {
  const source = configSchema.parse({
    sources: { shop: { type: 'files', path: '.', tables: { t: config } } },
  });
  const table = source.sources.shop?.tables.t;
  if (table === undefined) throw new Error('the config has no table');
  return table;
}

export function columnsOf(names: readonly (string | Column)[]): Column[] {
  return names.map((column) =>
    typeof column === 'string' ? { name: column, type: 'text', sourceType: 'text' } : column,
  );
}

/** Lays a raw table down as a load leaves it, then conforms it. */
export async function conformed(engine: Engine, given: GivenTable): Promise<Conformed> {
  const tableName = given.name ?? 'orders.csv';
  const rawTable = `raw.shop__${tableName.replace(/\W/g, '_')}`;
  const columns = columnsOf(given.columns);
  await layDown(engine, rawTable, columns, given.rows);
  const table = tableConfig({ entity: given.entity, ...given.config });
  const common = {
    sourceName: 'shop',
    tableName,
    rawTable,
    table,
    sourceTimezone: given.sourceTimezone ?? 'UTC',
  };
  return engine.transaction(async () => {
    const mapping = await mapTable(engine, {
      ...common,
      sourceType: given.sourceType ?? 'files',
      columns,
      entityName: given.entity,
    });
    const counts = await conformTable(engine, { ...common, mapping, runId: 'run_1', forgotten: null });
    const rows = await engine.query(
      `select * from entities.${given.entity} where source_table = ${quoteText(tableName)}
       order by source_key nulls last`,
    );
    const quarantine = await engine.query(
      `select * from whalecurve.quarantine where source_table = ${quoteText(tableName)}
       order by source_key nulls last, column_name nulls last, source_row nulls last`,
    );
    return { mapping, counts, rows, quarantine };
  });
}

async function layDown(
  engine: Engine,
  rawTable: string,
  columns: readonly Column[],
  rows: GivenTable['rows'],
): Promise<void> {
  const types = columns.map(({ name, type }) => {
    const stored = typeof type === 'object' ? `decimal(${type.precision}, ${type.scale})` : storedTypes[type];
    return { name: quoteName(name), stored };
  });
  await engine.run(`drop table if exists ${rawTable}`);
  await engine.run(
    `create table ${rawTable} (${types.map(({ name, stored }) => `${name} ${stored}`).join(', ')},
       _row bigint, _file text collate "C", _extracted_at timestamp, _run_id text collate "C")`,
  );
  for (let first = 0; first < rows.length; first += 200) {
    const values = rows.slice(first, first + 200).map((row, index) => {
      const cells = types.map(({ stored }, column) => {
        const cell = row[column] ?? null;
        return cell === null ? 'null' : `cast(${quoteText(cell)} as ${stored.replace(/ collate .*/, '')})`;
      });
      return `(${[...cells, first + index + 1, "'orders.csv'", "timestamp '2025-01-01'", "'run_1'"].join(', ')})`;
    });
    await engine.run(`insert into ${rawTable} values ${values.join(', ')}`);
  }
}
