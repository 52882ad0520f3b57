import type { Engine } from '../../connectors/engines/engine.ts';
import { quoteName } from '../../connectors/engines/quote.ts';
import type { Person } from './erase.ts';

/** A value of the person that stands somewhere still. */
export interface TraceLeft {
  /** `raw.crm__people.notes` */
  column: string;
  rows: number;
}

export interface Search {
  values: number;
  columns: number;
  left: TraceLeft[];
}

/** Below this a value is found in too many texts that have nothing to do with the person. */
const shortestValue = 6;

/**
 * What would show the person to whoever reads it: e-mails, phones, tax ids, full names, streets and `source:account_ref`, in
 * lower case. Read before the rows are erased.
 */
export async function valuesOf(engine: Engine, { accounts }: Person): Promise<string[]> {
  const values = new Set<string>();
  for (const { source, accountRef } of accounts) {
    values.add(`${source}:${accountRef}`.toLowerCase());
    const rows = await engine.query(
      `select email, phone, tax_id, full_name, street from entities.accounts
       where account_source = $1 and account_ref = $2`,
      [source, accountRef],
    );
    for (const value of rows.flatMap((row) => Object.values(row)))
      if (value !== null) values.add(String(value).trim().toLowerCase());
  }
  return [...values].filter((value) => value.length >= shortestValue).sort();
}

/**
 * Looks for the values in every text column of every table of the database, whatever wrote it there. A value that another
 * account has too, such as the phone of a household, is not looked for.
 */
export async function searchTraces(
  engine: Engine,
  values: readonly string[],
  isShared: (value: string) => boolean,
): Promise<Search> {
  const own = values.filter((value) => !isShared(value));
  const columns = await textColumns(engine);
  const left: TraceLeft[] = [];
  if (own.length === 0) return { values: 0, columns: columns.length, left };
  for (const [table, names] of byTable(columns)) {
    const counts = names.map((name, index) => {
      const isFound = own.map((_, value) => `strpos(lower(${quoteName(name)}), $${value + 1}) > 0`);
      return `count(*) filter (where ${isFound.join(' or ')}) as c${index}`;
    });
    const [found] = await engine.query(`select ${counts.join(', ')} from ${table}`, own);
    for (const [index, name] of names.entries()) {
      const rows = Number(found?.[`c${index}`]);
      if (rows > 0) left.push({ column: `${table}.${quoteName(name)}`.replaceAll('"', ''), rows });
    }
  }
  return { values: own.length, columns: columns.length, left };
}

/** The values that accounts which are still there have. */
export async function sharedValues(engine: Engine, values: readonly string[]): Promise<Set<string>> {
  const shared = new Set<string>();
  for (const value of values) {
    const [found] = await engine.query(
      `select count(*) as accounts from entities.accounts
       where $1 in (lower(email), lower(phone), lower(tax_id), lower(full_name), lower(street))`,
      [value],
    );
    if (Number(found?.accounts) > 0) shared.add(value);
  }
  return shared;
}

async function textColumns(engine: Engine): Promise<{ table: string; column: string }[]> {
  const found = await engine.query<{ table_schema: string; table_name: string; column_name: string }>(
    `select c.table_schema, c.table_name, c.column_name
     from information_schema.columns as c
     join information_schema.tables as t
       on t.table_schema = c.table_schema and t.table_name = c.table_name
     where c.table_schema not in ('information_schema', 'pg_catalog') and t.table_type = 'BASE TABLE'
       and lower(c.data_type) in ('varchar', 'text', 'character varying')
     order by c.table_schema, c.table_name, c.column_name`,
  );
  return found.map(({ table_schema, table_name, column_name }) => ({
    table: `${quoteName(table_schema)}.${quoteName(table_name)}`,
    column: column_name,
  }));
}

function byTable(columns: readonly { table: string; column: string }[]): Map<string, string[]> {
  const tables = new Map<string, string[]>();
  for (const { table, column } of columns) tables.set(table, [...(tables.get(table) ?? []), column]);
  return tables;
}
