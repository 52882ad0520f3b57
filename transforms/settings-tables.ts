import type { Config } from '../config/schema.ts';
import type { Cell, Engine } from '../connectors/engines/engine.ts';
import { quoteText } from '../connectors/engines/quote.ts';
import type { IdentityDecision } from './identity/decisions.ts';
import { identitySettingsTables } from './identity/settings-tables.ts';
import type { SettingsTable } from './settings-table.ts';
import { storedType } from './stored-type.ts';
import { valueSettingsTables } from './value/settings-tables.ts';

export interface ExchangeRate {
  /** `YYYY-MM-DD` */
  date: string;
  from: string;
  to: string;
  /** Units of `to` for one unit of `from`, as written, so that no digit is lost. */
  rate: string;
}

/** What a run settles besides the config itself. */
export interface RunSettings {
  /** The last day of the run, `YYYY-MM-DD`, already resolved. */
  asOf: string;
  rates: readonly ExchangeRate[];
  /** Those of the file `identity.decisions`. */
  decisions?: readonly IdentityDecision[];
  /** Stands in the tables that say which run they are of. */
  runId?: string;
}

/** Replaces every table of schema `settings` by what the config says. */
export async function buildSettingsTables(
  engine: Engine,
  config: Config,
  { asOf, rates, decisions, runId = '' }: RunSettings,
): Promise<void> {
  await engine.run('create schema if not exists settings');
  for (const table of [
    runTable(config, asOf, runId),
    sourcesTable(config),
    exchangeRatesTable(rates),
    ...identitySettingsTables(config.identity, decisions),
    ...valueSettingsTables(config.value),
  ]) {
    await buildTable(engine, table);
  }
}

function runTable(config: Config, asOf: string, runId: string): SettingsTable {
  return {
    table: 'run',
    columns: { as_of: 'date', currency: 'text', timezone: 'text', run_id: 'text' },
    rows: [[asOf, config.reporting.currency, config.reporting.timezone, runId]],
  };
}

/** 1 is the most trusted; the sources that `identity.trust` does not name share the last rank. */
function sourcesTable(config: Config): SettingsTable {
  const { trust } = config.identity;
  return {
    table: 'sources',
    columns: { source: 'text', trust_rank: 'integer' },
    rows: Object.keys(config.sources)
      .sort()
      .map((source) => {
        const position = trust.indexOf(source);
        return [source, position === -1 ? trust.length + 1 : position + 1];
      }),
  };
}

function exchangeRatesTable(rates: readonly ExchangeRate[]): SettingsTable {
  return {
    table: 'exchange_rates',
    columns: { rate_date: 'date', from_currency: 'text', to_currency: 'text', rate: 'decimal(18, 8)' },
    rows: rates.map(({ date, from, to, rate }) => [date, from, to, rate]),
  };
}

/** Bounds the length of a statement. */
const rowsPerInsert = 500;

async function buildTable(engine: Engine, { table, columns, rows }: SettingsTable): Promise<void> {
  const types = Object.entries(columns);
  await engine.run(`drop table if exists settings.${table}`);
  await engine.run(
    `create table settings.${table} (${types.map(([name, type]) => `${name} ${storedType(type)}`).join(', ')})`,
  );
  for (let first = 0; first < rows.length; first += rowsPerInsert) {
    const batch = rows.slice(first, first + rowsPerInsert);
    // Written out: planning some thousand parameters takes three times as long.
    const values = batch.map((row) => `(${row.map(literal).join(', ')})`);
    await engine.run(`insert into settings.${table} values ${values.join(', ')}`);
  }
}

/** A text without a type, which becomes one of the column. */
function literal(cell: Cell): string {
  return cell === null ? 'null' : quoteText(String(cell));
}
