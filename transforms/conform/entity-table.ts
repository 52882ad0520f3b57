import {
  type EntityColumn,
  type EntityColumnType,
  type EntityName,
  entity,
  entityNames,
} from '../../config/entities.ts';
import type { Engine } from '../../connectors/engines/engine.ts';
import { quoteName } from '../../connectors/engines/quote.ts';
import { storedType } from '../stored-type.ts';

export const sqlTypes: Readonly<Record<EntityColumnType, string>> = {
  text: 'text',
  integer: 'bigint',
  quantity: 'decimal(18, 4)',
  money: 'decimal(18, 4)',
  rate: 'decimal(18, 8)',
  timestamp: 'timestamp',
  date: 'date',
  boolean: 'boolean',
};

/** Columns of entities.accounts beyond its contract, which the config names (identity-attributes.ts). */
export type OwnColumns = Readonly<Record<string, EntityColumn>>;

/** Empty tables for all entities, mapped or not, so that every model finds what it reads. */
export async function createEntityTables(engine: Engine, ownColumns: OwnColumns = {}): Promise<void> {
  await engine.run('create schema if not exists entities');
  for (const name of entityNames) {
    const columns = entityColumns(name, ownColumns).map(
      (column) => `${quoteName(column.name)} ${storedType(column.sqlType)}`,
    );
    await engine.run(`drop table if exists entities.${name}`);
    await engine.run(`create table entities.${name} (${columns.join(', ')})`);
  }
}

/** The columns of `entities.<name>` in order: where the row came from, the contract, what follows from it. */
export function entityColumns(
  name: EntityName,
  ownColumns: OwnColumns = {},
): { name: string; sqlType: string }[] {
  const contract = Object.entries(contractOf(name, ownColumns));
  const text = (column: string) => ({ name: column, sqlType: 'text' });
  return [
    ...['source', 'source_table', 'source_key', 'account_source'].map(text),
    ...contract.map(([column, { type }]) => ({ name: column, sqlType: sqlTypes[type] })),
    ...reportedColumns(name).map((column) => ({ name: `${column}_reporting`, sqlType: sqlTypes.money })),
    ...(hasLocalDate(name) ? [{ name: 'local_date', sqlType: 'date' }] : []),
    { name: '_extracted_at', sqlType: 'timestamp' },
    { name: '_run_id', sqlType: 'text' },
  ];
}

/** The columns that a row of the entity may have, in order: those of its contract and of the config. */
export function contractOf(name: EntityName, ownColumns: OwnColumns = {}): Record<string, EntityColumn> {
  return { ...entity(name).columns, ...(name === 'accounts' ? ownColumns : {}) };
}

/** Money columns, each of which has a twin in the reporting currency. */
export function reportedColumns(name: EntityName): string[] {
  return Object.entries(entity(name).columns)
    .filter(([, { type }]) => type === 'money')
    .map(([column]) => column);
}

export function hasLocalDate(name: EntityName): boolean {
  return entity(name).eventTime !== undefined;
}
