import { type EntityName, entity, entityNames } from '../../config/entities.ts';
import { ownAccountColumns } from '../../config/identity-attributes.ts';
import { type Config, configSchema } from '../../config/schema.ts';
import { type DuckdbOptions, openDuckdb } from '../../connectors/engines/duckdb/duckdb-engine.ts';
import type { Cell, Engine, Row } from '../../connectors/engines/engine.ts';
import { allSteps } from '../../transforms/all-steps.ts';
import { createEntityTables, hasLocalDate } from '../../transforms/conform/entity-table.ts';
import { readPrelude } from '../../transforms/prelude/read-prelude.ts';
import { buildSettingsTables } from '../../transforms/settings-tables.ts';
import type { Step } from '../../transforms/step.ts';

export type EntityRow = Record<string, Cell> & { source: string };

/** Entities written by hand; rows are objects of the columns that matter to the case. */
export type Company = Partial<Record<EntityName, readonly EntityRow[]>>;

export interface HandMadeRun {
  asOf?: string;
  identity?: unknown;
  value?: unknown;
  /** Folder of models of the user. */
  models?: string;
  /** The stages to build, in order; all of them by default. */
  stages?: readonly string[];
}

export async function openState(options: Partial<DuckdbOptions> = {}): Promise<Engine> {
  return openDuckdb({
    databasePath: ':memory:',
    warehousePath: 'unused.duckdb',
    memoryLimit: '1GB',
    threads: 2,
    prelude: await readPrelude('duckdb'),
    ...options,
  });
}

export function configOf({ identity, value }: HandMadeRun = {}): Config {
  return configSchema.parse({
    reporting: { currency: 'EUR', timezone: 'UTC' },
    sources: Object.fromEntries(
      ['crm', 'erp', 'shop', 'desk'].map((name) => [name, { type: 'files', path: '.', tables: {} }]),
    ),
    ...(identity === undefined ? {} : { identity }),
    ...(value === undefined ? {} : { value }),
  });
}

/** Replaces the entities by `company` and builds every stage, as a run does. */
export async function runStages(engine: Engine, company: Company, run: HandMadeRun = {}): Promise<void> {
  await createEntityTables(engine, ownAccountColumns(configOf(run).identity));
  for (const name of entityNames) await insertRows(engine, name, company[name] ?? []);
  await buildSettingsTables(engine, configOf(run), { asOf: run.asOf ?? '2024-12-31', rates: [] });
  await buildStages(engine, run);
}

/** By what of the config they depend on; reading and parsing the models takes longer than many a case. */
const stepsBySettings = new Map<string, Promise<Step[]>>();

async function buildStages(engine: Engine, run: HandMadeRun): Promise<void> {
  const { stages = ['identity', 'customers', 'value'], models } = run;
  const { identity, value } = configOf(run);
  const settings = { identity, value, ...(models === undefined ? {} : { models }) };
  const key = JSON.stringify(settings);
  const ordered = stepsBySettings.get(key) ?? allSteps(settings);
  stepsBySettings.set(key, ordered);
  const steps = (await ordered).filter((step) => stages.includes(step.table.schema));
  await engine.transaction(async () => {
    for (const step of steps) await step.build(engine);
  });
}

async function insertRows(engine: Engine, name: EntityName, rows: readonly EntityRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = await engine.describe(`select * from entities.${name}`);
  const placeholders = columns.map(({ type }, index) => `cast($${index + 1} as ${type})`).join(', ');
  for (const [index, row] of rows.entries()) {
    const completed = completeRow(name, row, index + 1);
    await engine.run(
      `insert into entities.${name} values (${placeholders})`,
      columns.map((column) => completed[column.name] ?? null),
    );
  }
}

/** What conform adds: keys, the account's source, the local day and amounts in the reporting currency. */
function completeRow(name: EntityName, row: EntityRow, number: number): Row {
  const { eventTime, columns } = entity(name);
  const moment = eventTime === undefined ? undefined : row[eventTime];
  const money = Object.entries(columns).flatMap(([column, { type }]) =>
    type === 'money' ? [[`${column}_reporting`, row[column] ?? null] as const] : [],
  );
  return {
    source_table: name,
    source_key: String(number).padStart(6, '0'),
    account_source: row.source,
    currency: 'EUR',
    ...Object.fromEntries(money),
    ...(hasLocalDate(name) && typeof moment === 'string' ? { local_date: moment.slice(0, 10) } : {}),
    ...row,
  };
}
