import type { Command } from 'commander';
import { WhalecurveError } from '../config/error.ts';
import type { LoadedConfig } from '../config/schema.ts';
import type { Engine } from '../connectors/engines/engine.ts';
import {
  acceptRefused,
  lastJudgedRun,
  passingRows,
  type RefusalGroup,
  type RefusedRow,
  type RefusedSelection,
  refusalGroups,
  refusedRows,
} from '../jobs/quarantine.ts';
import { exitCode, noRun, readRunSummary } from '../jobs/run-summary.ts';
import { rebuildPipeline } from '../pipelines/from-raw.ts';
import { runPipeline } from '../pipelines/run-pipeline.ts';
import { type CommandIo, print, printJson } from './command-io.ts';
import { example } from './example.ts';
import { globalOptions, loadedConfig } from './global-options.ts';
import { changingState, readingState } from './identity/with-state.ts';
import { printAboveLimits, whole } from './print-run-summary.ts';
import { printTable } from './print-table.ts';
import { runProgress } from './run-progress.ts';
import { untilInterrupted } from './until-interrupted.ts';
import { wholeNumber } from './whole-number.ts';

interface SelectionOptions {
  rule?: string;
  row?: string;
  limit: number;
}

/** `whalecurve quarantine list | show | retry | drop` */
export function registerQuarantine(program: Command, io: CommandIo): void {
  const quarantine = program
    .command('quarantine')
    .summary('rows that were refused: why, and what to do with them')
    .description(
      'Rows that break the contract of their entity take no part, and are kept with the reason. A mapping that is\nmended takes them in with the next run, or at once by retry; what cannot be mended is accepted by drop.',
    )
    .helpCommand(false);

  quarantine
    .command('list')
    .description('the refused rows of the last run by table and reason')
    .addHelpText('after', example('whalecurve quarantine list', 'whalecurve quarantine list --json'))
    .action((_options: unknown, command: Command) => list(command, io));

  quarantine
    .command('show')
    .argument('[table]', 'source.table; default: all')
    .option('--rule <rule>', 'only what broke this rule')
    .option('--row <key>', 'only the row of this key')
    .option('--limit <rows>', 'how many', wholeNumber(1), 20)
    .description('the refused rows of the last run, with the value that was found')
    .addHelpText('after', example('whalecurve quarantine show shop.orders.csv --rule type'))
    .action((table: string | undefined, options: SelectionOptions, command: Command) =>
      show(table, options, command, io),
    );

  quarantine
    .command('retry')
    .summary('judge the loaded rows anew, by the config as it is now')
    .description(
      'Conforms what was loaded by the config as it is now, builds what follows from it and publishes; no source is\nasked. Says which of the refused rows pass.',
    )
    .addHelpText('after', example('whalecurve quarantine retry', 'whalecurve quarantine retry --json'))
    .action((_options: unknown, command: Command) => retry(command, io));

  quarantine
    .command('drop')
    .argument('<table>', 'source.table')
    .requiredOption('--why <text>', 'why these rows are rightly refused')
    .option('--rule <rule>', 'only what broke this rule')
    .option('--row <key>', 'only the row of this key')
    .option('--by <name>', 'who accepts it; default: $USER')
    .summary('accept rows as refused')
    .description(
      'Accepts rows of the last run as refused: they stay in quarantine, and from the next run on no longer count\nagainst `quarantine.max_share` and `max_rows`. Who accepted what, when and why is kept.',
    )
    .addHelpText(
      'after',
      example('whalecurve quarantine drop shop.orders.csv --rule type --why "test orders"'),
    )
    .action((table: string, options: DropOptions, command: Command) => drop(table, options, command, io));
}

async function list(command: Command, io: CommandIo): Promise<void> {
  const config = await loadedConfig(command, io);
  const found = await readingState(config, async (engine) => {
    const runId = await judgedRun(engine, config);
    const { aboveQuarantineLimit } = await readRunSummary(engine, runId, config);
    return { runId, groups: await refusalGroups(engine, runId), aboveLimit: aboveQuarantineLimit };
  });
  if (globalOptions(command).json) {
    printJson(io, found);
    return;
  }
  if (found.groups.length === 0) print(io, `run ${found.runId} refused no row`);
  else printTable(io, groupTitles, found.groups.map(groupCells));
  printAboveLimits(io, found.aboveLimit);
}

async function show(
  table: string | undefined,
  { rule, row, limit }: SelectionOptions,
  command: Command,
  io: CommandIo,
): Promise<void> {
  const config = await loadedConfig(command, io);
  const selection = { ...(table === undefined ? {} : tableIn(config, table)), rule, row };
  const rows = await readingState(config, async (engine) =>
    refusedRows(engine, await judgedRun(engine, config), selection, limit),
  );
  if (globalOptions(command).json) printJson(io, rows);
  else printTable(io, rowTitles, rows.map(rowCells));
}

async function retry(command: Command, io: CommandIo): Promise<void> {
  const { json, verbose } = globalOptions(command);
  const config = await loadedConfig(command, io);
  const before = await readingState(config, (engine) => judgedRun(engine, config));
  const summary = await untilInterrupted((signal) =>
    runPipeline(config, {
      now: io.now(),
      pipeline: rebuildPipeline('quarantine retry'),
      isFresh: true,
      signal,
      onProgress: runProgress(io, { isVerbose: verbose, log: config.log }),
    }),
  );
  const { passing, groups } = await readingState(config, async (engine) => ({
    passing: await passingRows(engine, { before, now: summary.runId }),
    groups: await refusalGroups(engine, summary.runId),
  }));
  if (json) printJson(io, { runId: summary.runId, passing, groups });
  else {
    const refused = groups.reduce((total, { rows }) => total + rows, 0);
    print(io, `${whole(passing.length)} rows pass now, ${whole(refused)} are refused`);
    if (passing.length > 0) printTable(io, rowTitles, passing.slice(0, 20).map(rowCells));
    if (groups.length > 0) printTable(io, groupTitles, groups.map(groupCells));
    printAboveLimits(io, summary.aboveQuarantineLimit);
  }
  io.endWith(exitCode(summary));
}

interface DropOptions {
  why: string;
  rule?: string;
  row?: string;
  by?: string;
}

async function drop(
  table: string,
  { why, rule, row, by }: DropOptions,
  command: Command,
  io: CommandIo,
): Promise<void> {
  const config = await loadedConfig(command, io);
  const selection = { ...tableIn(config, table), rule, row };
  const now = io.now();
  const { USER: user, USERNAME: username } = io.environment;
  const accepted = await changingState(config, { name: 'quarantine drop', now }, async (engine) =>
    acceptRefused(engine, await judgedRun(engine, config), selection, {
      why,
      by: by ?? user ?? username ?? 'unknown',
      at: now.toISOString(),
    }),
  );
  if (accepted === 0) {
    throw new WhalecurveError('WC-USAGE-001', `no refused row of ${table} is left that this means`, {
      hint: '`whalecurve quarantine list` shows what was refused',
    });
  }
  if (globalOptions(command).json) printJson(io, { accepted });
  else print(io, `${whole(accepted)} rows are accepted as refused, from the next run on`);
}

async function judgedRun(engine: Engine, config: LoadedConfig): Promise<string> {
  const runId = await lastJudgedRun(engine);
  if (runId === null) throw noRun(config);
  return runId;
}

/** `shop.orders.csv`: the source is what stands before the first dot. */
function tableIn(
  { sources }: LoadedConfig,
  word: string,
): Required<Pick<RefusedSelection, 'source' | 'table'>> {
  const dot = word.indexOf('.');
  const [source, table] = [word.slice(0, Math.max(dot, 0)), word.slice(dot + 1)];
  if (sources[source]?.tables[table] !== undefined) return { source, table };
  throw new WhalecurveError('WC-USAGE-001', `the config has no table ${word}`, {
    hint: 'write it as source.table, as `whalecurve quarantine list` does',
  });
}

const groupTitles = [
  'table',
  'rule',
  'column',
  { title: 'rows', align: 'right' as const },
  { title: 'accepted', align: 'right' as const },
  'such as',
];

function groupCells({ source, table, rule, column, rows, accepted, example: found }: RefusalGroup) {
  return [`${source}.${table}`, rule, column, whole(rows), accepted === 0 ? null : whole(accepted), found];
}

const rowTitles = ['table', 'row', 'rule', 'column', 'value', 'what is wrong'];

function rowCells({ source, table, row, rule, column, value, message, isAccepted }: RefusedRow) {
  return [`${source}.${table}`, row, rule, column, value, isAccepted ? `${message} (accepted)` : message];
}
