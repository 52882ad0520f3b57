import type { Command } from 'commander';
import Papa from 'papaparse';
import { WhalecurveError } from '../config/error.ts';
import type { Engine, Row } from '../connectors/engines/engine.ts';
import { databaseExists, databaseName } from '../connectors/engines/open-engine.ts';
import { candidateTables } from '../jobs/published-tables.ts';
import { withEngine } from '../transforms/with-engine.ts';
import { colorsOf } from './colors.ts';
import { type CommandIo, print } from './command-io.ts';
import { example } from './example.ts';
import { globalOptions, loadedConfig } from './global-options.ts';
import { printTable } from './print-table.ts';
import { spreadsheetFormula } from './spreadsheet-formula.ts';

interface QueryOptions {
  state?: boolean;
  candidate?: boolean;
  csv?: boolean;
}

/** `whalecurve query "SQL"` */
export function registerQuery(program: Command, io: CommandIo): void {
  program
    .command('query')
    .argument('<sql>', 'one SELECT; it cannot change anything')
    .option('--state', 'ask the state of the last run instead of the warehouse')
    .option(
      '--candidate',
      'ask what the last run built, published or not: the tables of warehouse and those of the state',
    )
    .option('--csv', 'the rows as CSV')
    .summary('ask the warehouse, read-only')
    .description(
      'Asks the tables that the last run published, or with --state those it worked with; with\n--candidate those that a run which a gate stopped would have published. Nothing can be changed.\n--json: decimals and 64-bit integers as text, doubles as numbers, timestamps ISO 8601 in UTC.',
    )
    .addHelpText(
      'after',
      example(
        'whalecurve query "select tier, count(*) from warehouse.customer_value group by tier order by tier"',
        'whalecurve query "select * from warehouse.quarantine limit 20" --json',
        'whalecurve query --state "select * from whalecurve.checks"',
        'whalecurve query --candidate "select tier, count(*) from warehouse.customer_value group by tier"',
      ),
    )
    .action(async (sql: string, options: QueryOptions, command: Command) => {
      const config = await loadedConfig(command, io);
      const database = options.state || options.candidate ? 'state' : 'warehouse';
      if (!(await databaseExists(config.warehouse, database))) {
        throw new WhalecurveError('WC-RUN-003', `there is no ${database} to ask yet`, {
          where: databaseName(config.warehouse, database),
          hint: 'start a run with `whalecurve run`',
        });
      }
      const opening = {
        database,
        isReadOnly: true,
        ...(options.candidate ? { candidate: await candidateTables(config) } : {}),
      } as const;
      await withEngine(config.warehouse, opening, async (engine) => {
        const rows = await engine.query(sql);
        if (globalOptions(command).json) io.stdout.write(`${JSON.stringify(rows)}\n`);
        else if (options.csv) print(io, csvText(rows, await columnNames(engine, sql, rows)));
        else printRows(io, rows, await columnNames(engine, sql, rows));
      });
    });
}

/** Rows carry their columns; where there is none, the engine is asked for the names. */
async function columnNames(engine: Engine, sql: string, [first]: readonly Row[]): Promise<string[]> {
  if (first !== undefined) return Object.keys(first);
  try {
    return (await engine.describe(sql)).map(({ name }) => name);
  } catch {
    // A statement that is no SELECT, such as `describe` or `show tables`, has no columns to describe.
    return [];
  }
}

function csvText(rows: readonly Row[], fields: string[]): string {
  return Papa.unparse(
    { fields, data: rows.map((row) => fields.map((field) => row[field])) },
    { newline: '\n', escapeFormulae: spreadsheetFormula },
  );
}

function printRows(io: CommandIo, rows: readonly Row[], names: readonly string[]): void {
  if (names.length > 0) {
    printTable(
      io,
      names,
      rows.map((row) => names.map((name) => row[name])),
    );
  }
  print(io, colorsOf(io).dim(`(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`));
}
