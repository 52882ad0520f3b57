import { WhalecurveError } from '../config/error.ts';
import type { Engine } from '../connectors/engines/engine.ts';
import { stateTables } from './state-schema.ts';

/** 1: as of 0.1.0. 2: columns and tables for incremental nights, retries and gates. */
const stateVersion = 2;

/**
 * Creates what is missing of schema `whalecurve`. A state of an earlier version is first copied to the schema
 * `whalecurve_v<version>`, then brought to this one, all in one transaction.
 *
 * @throws WC-ENGINE-003 for the state of a newer product
 */
export async function prepareState(engine: Engine, productVersion: string): Promise<void> {
  await engine.transaction(async () => {
    await engine.run('create schema if not exists whalecurve');
    await engine.run(
      'create table if not exists whalecurve.version (version integer not null, product_version text not null)',
    );
    const [found] = await engine.query('select version, product_version from whalecurve.version');
    if (found === undefined) {
      await createTables(engine);
      await writeVersion(engine, productVersion);
      return;
    }
    const version = Number(found.version);
    if (version > stateVersion) {
      throw new WhalecurveError(
        'WC-ENGINE-003',
        `the state has version ${version}, written by Whalecurve ${found.product_version}; this is Whalecurve ${productVersion}, which knows version ${stateVersion}`,
        { hint: 'update Whalecurve, or give this one a state of its own (`warehouse.state`)' },
      );
    }
    if (version < stateVersion) await copyState(engine, `whalecurve_v${version}`);
    await createTables(engine);
    await addMissingColumns(engine);
    if (version < stateVersion) await writeVersion(engine, productVersion);
  });
}

async function writeVersion(engine: Engine, productVersion: string): Promise<void> {
  await engine.run('delete from whalecurve.version');
  await engine.run('insert into whalecurve.version (version, product_version) values ($1, $2)', [
    stateVersion,
    productVersion,
  ]);
}

async function createTables(engine: Engine): Promise<void> {
  for (const [table, { columns }] of Object.entries(stateTables)) {
    const definitions = Object.entries(columns).map(([name, [type]]) => `${name} ${collated(type)}`);
    await engine.run(`create table if not exists whalecurve.${table} (${definitions.join(', ')})`);
  }
}

/** Neither engine can add a column that must not be null to rows that lack it. */
async function addMissingColumns(engine: Engine): Promise<void> {
  const there = new Set(
    (await columnsOf(engine)).map(({ table_name, column_name }) => `${table_name}.${column_name}`),
  );
  for (const [table, { columns }] of Object.entries(stateTables)) {
    for (const [name, [type]] of Object.entries(columns)) {
      if (there.has(`${table}.${name}`)) continue;
      const nullable = collated(type).replace(/ not null$/, '');
      await engine.run(`alter table whalecurve.${table} add column ${name} ${nullable}`);
    }
  }
}

/** Beside the state, in the same database: one way for both engines, and undone with the migration. */
async function copyState(engine: Engine, schema: string): Promise<void> {
  await engine.run(`drop schema if exists ${schema} cascade; create schema ${schema}`);
  for (const table of new Set((await columnsOf(engine)).map(({ table_name }) => table_name)))
    await engine.run(`create table ${schema}.${table} as select * from whalecurve.${table}`);
}

function columnsOf(engine: Engine): Promise<{ table_name: string; column_name: string }[]> {
  return engine.query(
    `select c.table_name, c.column_name
     from information_schema.columns as c
     join information_schema.tables as t
       on t.table_schema = c.table_schema and t.table_name = c.table_name
     where c.table_schema = 'whalecurve' and t.table_type = 'BASE TABLE'
     order by c.table_name, c.ordinal_position`,
  );
}

/** A database of PostgreSQL has an order of texts of its own. */
function collated(type: string): string {
  return type.replace(/^text/, 'text collate "C"');
}
