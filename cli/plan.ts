import type { Command } from 'commander';
import { resolveAsOf } from '../config/as-of.ts';
import { type Assumption, assumptionsInForce } from '../config/assumptions.ts';
import { readConfigPlaces } from '../config/config-places.ts';
import type { LoadedConfig } from '../config/schema.ts';
import { readWrittenConfig } from '../config/written-config.ts';
import { databaseName } from '../connectors/engines/open-engine.ts';
import { allSteps } from '../transforms/all-steps.ts';
import type { Step } from '../transforms/step.ts';
import { colorsOf } from './colors.ts';
import { type CommandIo, print, printJson } from './command-io.ts';
import { example } from './example.ts';
import { configFile, globalOptions, loadedConfig } from './global-options.ts';
import { printDiff } from './plan/print-diff.ts';
import { type PlannedColumn, type PlannedTable, planTables } from './plan-tables.ts';
import { tableText } from './print-table.ts';
import { runProgress } from './run-progress.ts';
import { untilInterrupted } from './until-interrupted.ts';
import { wrapped } from './wrapped.ts';

/** `whalecurve plan` */
export function registerPlan(program: Command, io: CommandIo): void {
  program
    .command('plan')
    .summary('what a run would do: tables, mappings, models')
    .description(
      'Prints what a run would do: how each table is read, what each column is taken from, the models in\norder, and the assumptions in force. Reads no row; --verbose adds what each model reads.\nWith --diff: how many rows, customers and tiers, and how much money this config would move, beside the last\nrun, with examples. No source is asked and nothing is published.',
    )
    .option('--diff', 'build what was loaded last by this config, aside, and show what would change')
    .addHelpText(
      'after',
      example(
        'whalecurve plan',
        'whalecurve plan --verbose',
        'whalecurve plan --diff',
        'whalecurve plan --json',
      ),
    )
    .action(async ({ diff }: { diff?: boolean }, command: Command) => {
      const config = await loadedConfig(command, io);
      if (diff) return showDiff(config, command, io);
      const placesOf = await readConfigPlaces(config.file, configFile(command, io));
      const tables = await planTables(config, placesOf, io.now());
      const models = (await allSteps(config)).map(plannedModel);
      const assumptions = assumptionsInForce(await readWrittenConfig(config.file));
      const asOf = resolveAsOf(config, io.now());
      if (globalOptions(command).json) {
        printJson(io, { asOf, timezone: config.reporting.timezone, tables, models, assumptions });
        return;
      }
      const { dim, bold } = colorsOf(io);
      print(io, `As of ${bold(asOf)}, the whole day in ${config.reporting.timezone}.`);
      for (const table of tables) printPlannedTable(io, table);
      print(io, `\n${bold('Models, in this order')}\n`);
      printModels(io, models, globalOptions(command).verbose);
      printAssumptions(io, assumptions);
      const { warehouse } = config;
      const change =
        warehouse.engine === 'duckdb' ? 'replaced at once at the end' : 'changed at once at the end';
      print(io, `\n${dim(`state      ${databaseName(warehouse, 'state')}`)}`);
      print(io, dim(`warehouse  ${databaseName(warehouse, 'warehouse')}, ${change}`));
    });
}

async function showDiff(config: LoadedConfig, command: Command, io: CommandIo): Promise<void> {
  // Loaded here: the plan alone runs nothing.
  const { planDiff } = await import('../pipelines/plan-diff.ts');
  const { json, verbose } = globalOptions(command);
  const found = await untilInterrupted((signal) =>
    planDiff(config, {
      now: io.now(),
      signal,
      onProgress: runProgress(io, { isVerbose: verbose, log: config.log }),
    }),
  );
  if (json) printJson(io, found);
  else printDiff(io, found, config.reporting.currency);
}

interface PlannedModel {
  table: string;
  needs: readonly string[];
  publish: string | null;
}

function plannedModel({ table, needs, header }: Step): PlannedModel {
  return {
    table: `${table.schema}.${table.table}`,
    needs,
    publish: header.publish === undefined ? null : `warehouse.${header.publish}`,
  };
}

function printPlannedTable(io: CommandIo, planned: PlannedTable): void {
  const { dim, bold } = colorsOf(io);
  const { source, sourceType, table, strategy, rawTable, entity, key, where, columns } = planned;
  print(io, `\n${bold(`${source}.${table}`)} ${dim(`(${sourceType})`)}`);
  const facts = [
    `${strategy}, to ${rawTable}`,
    ...(entity === null ? ['only copied: no entity'] : [`as ${entity}`]),
    `key ${key.length > 0 ? key.join(', ') : 'is the place of the row'}`,
  ];
  print(io, `  ${facts.join('; ')}`);
  if (where !== null) print(io, `  where ${where}`);
  for (const change of planned.schemaChanges) print(io, `  changed since the last load: ${change}`);
  const given = columns.filter(({ matched }) => matched !== 'missing');
  if (given.length === 0) return;
  print(io, `\n${indented(tableText(io, ['column', 'type', 'from', 'matched by'], given.map(columnCells)))}`);
  const empty = columns.filter(({ matched }) => matched === 'missing').map(({ name }) => name);
  if (empty.length > 0) print(io, `\n${dim(wrapped(`left empty: ${empty.join(', ')}`, '  '))}`);
}

function columnCells({ name, type, matched, expression }: PlannedColumn): (string | null)[] {
  return [name, type, expression, matched];
}

function printAssumptions(io: CommandIo, assumptions: readonly Assumption[]): void {
  if (assumptions.length === 0) return;
  print(
    io,
    `\n${colorsOf(io).bold('Assumptions in force')} (defaults without a published source; write your own figure for each)\n`,
  );
  const rows = assumptions.map(({ key, value }) => [key, JSON.stringify(value)]);
  print(io, indented(tableText(io, ['key', 'value'], rows)));
}

function printModels(io: CommandIo, models: readonly PlannedModel[], withNeeds: boolean): void {
  const { dim } = colorsOf(io);
  for (const [index, { table, needs, publish }] of models.entries()) {
    const number = String(index + 1).padStart(4);
    print(io, `${dim(number)}  ${table}${publish === null ? '' : dim(` → ${publish}`)}`);
    if (withNeeds && needs.length > 0) print(io, dim(wrapped(`reads ${needs.join(', ')}`, '        ')));
  }
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
