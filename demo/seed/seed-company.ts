import { WhalecurveError } from '../../config/error.ts';
import { deskTicket, deskTickets } from '../desk-tickets.ts';
import { type CompanySize, generateCustomers } from '../generate.ts';
import { type DatabaseSilo, finance, sales, service } from '../silos.ts';
import { type Row, type SiloTable, type SiloTableName, siloTable, siloTableNames } from '../tables.ts';
import { openMysqlSilo } from './mysql-silo.ts';
import { openPostgresSilo } from './postgres-silo.ts';
import { fileTables, openFiles } from './seed-files.ts';
import { markOf, type SiloWriter } from './silo-writer.ts';

export type SeededSilo = 'finance' | 'sales' | 'service' | 'marketing';

export interface SeedOptions extends CompanySize {
  /** Where each silo goes: the URL of a database, for marketing a folder. What is not named is not made. */
  places: Partial<Record<SeededSilo, string>>;
  /** Leaves a silo as it is that holds this company complete, also with what was changed in it since. */
  keepsSame: boolean;
  signal: AbortSignal;
}

export interface SeedResult {
  silo: SeededSilo;
  /** Server and database, or the folder; never a password. */
  place: string;
  /** Rows of each table; null where the company was there and was left as it is. */
  rows: Record<string, number> | null;
}

/**
 * Writes the demo company into real servers: the customers, numbers and money of `whalecurve demo` with the
 * same size and seed. What an earlier seeding made is replaced. Memory does not grow with the company.
 *
 * @throws WC-DEMO-001 before anything is written when a silo holds something else, WC-DEMO-002 when a server
 *   refuses the tables or the work is interrupted, WC-SOURCE-001 or 002 when a server cannot be reached
 */
export async function seedCompany(options: SeedOptions): Promise<SeedResult[]> {
  const silos: OpenSilo[] = [];
  try {
    for (const [silo, place] of Object.entries(options.places)) {
      silos.push(await openSilo(silo as SeededSilo, place));
    }
    const kept = new Set<OpenSilo>();
    for (const silo of silos) {
      const held = await silo.writer.heldCompany();
      if (options.keepsSame && held === markOf(options)) kept.add(silo);
    }
    await fill(
      silos.filter((silo) => !kept.has(silo)),
      options,
    );
    return silos.map((silo) => ({
      silo: silo.name,
      place: silo.writer.place,
      rows: kept.has(silo) ? null : Object.fromEntries(silo.rows),
    }));
  } finally {
    await Promise.allSettled(silos.map(({ writer }) => writer.close()));
  }
}

interface OpenSilo {
  name: SeededSilo;
  writer: SiloWriter;
  tables: readonly SiloTable[];
  /** Name of a table: its rows so far. */
  rows: Map<string, number>;
}

async function openSilo(name: SeededSilo, place: string): Promise<OpenSilo> {
  switch (name) {
    case 'finance':
      requireScheme(name, place, ['postgres', 'postgresql']);
      return opened(name, await openPostgresSilo(name, place, finance), finance);
    case 'sales':
    case 'service': {
      requireScheme(name, place, ['mysql', 'mariadb']);
      const silo = { sales, service }[name];
      return opened(name, await openMysqlSilo(name, place, silo), silo);
    }
    case 'marketing':
      return opened(name, openFiles(place), { tables: fileTables });
  }
}

function opened(
  name: SeededSilo,
  writer: SiloWriter,
  { tables, oddRows = [] }: Pick<DatabaseSilo, 'tables' | 'oddRows'>,
): OpenSilo {
  const rows = new Map(tables.map((table) => [table.name, 0]));
  for (const { table, rows: odd } of oddRows) rows.set(table.name, odd.length);
  return { name, writer, tables, rows };
}

function requireScheme(silo: SeededSilo, url: string, schemes: readonly [string, string]): void {
  if (schemes.includes(url.split(':')[0] ?? '')) return;
  // Without the URL itself: it may hold a password.
  throw new WhalecurveError('WC-USAGE-001', `the URL of ${silo} does not begin with ${schemes[0]}:`, {
    hint: `it reads ${schemes[0]}://user:password@host:port/database`,
  });
}

/** Customers that are made at a time: some 10,000 rows. */
const customersOfAPart = 250;

async function fill(silos: readonly OpenSilo[], options: SeedOptions): Promise<void> {
  if (silos.length === 0) return;
  const { seed, customers, signal } = options;
  for (const { writer } of silos) await writer.begin();
  for (let first = 0; first < customers; first += customersOfAPart) {
    if (signal.aborted) throw interrupted();
    const part = partOf(seed, first, Math.min(first + customersOfAPart, customers));
    await allOf(silos.map((silo) => addPart(silo, part)));
  }
  for (const { writer } of silos) await writer.finish(markOf(options));
}

type Part = ReadonlyMap<SiloTableName, readonly Row[]>;

function partOf(seed: number, first: number, end: number): Part {
  const rows = new Map<SiloTableName, Row[]>(siloTableNames.map((name) => [name, []]));
  generateCustomers(seed, first, end, (table, row) => rows.get(table)?.push(row));
  return rows;
}

/** One table after the other, parents first. */
async function addPart({ writer, tables, rows }: OpenSilo, part: Part): Promise<void> {
  for (const table of tables) {
    const made = part.get(generatedName(table)) ?? [];
    await writer.add(table, table === deskTickets ? made.map(deskTicket) : made);
    rows.set(table.name, (rows.get(table.name) ?? 0) + made.length);
  }
}

/** What the generator calls the rows of this table. */
function generatedName({ silo, name }: SiloTable): SiloTableName {
  const found = siloTableNames.find((one) => siloTable(one).silo === silo && siloTable(one).name === name);
  if (found === undefined) throw new Error(`no rows are made for ${silo}.${name}`);
  return found;
}

/** Waits for all of them also when one fails, so that no work goes on behind a closed connection. */
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'rejected') throw result.reason;
  }
}

function interrupted(): WhalecurveError {
  return new WhalecurveError('WC-DEMO-002', 'the seeding was interrupted', {
    hint: 'run it again: it begins anew',
  });
}
