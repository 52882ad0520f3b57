import type { Command } from 'commander';
import {
  findRun,
  type RunLine,
  readJobRecords,
  readRunLines,
  readTableRecords,
  type TableRecord,
} from '../jobs/run-record.ts';
import { readRunSummary } from '../jobs/run-summary.ts';
import { colorsOf } from './colors.ts';
import { type CommandIo, print, printJson } from './command-io.ts';
import { example } from './example.ts';
import { globalOptions, loadedConfig } from './global-options.ts';
import { printRunSummary, utcTime, whole } from './print-run-summary.ts';
import { printTable } from './print-table.ts';
import { ganttText } from './runs/gantt-text.ts';
import { wholeNumber } from './whole-number.ts';
import { withHistory } from './with-history.ts';

/** `whalecurve runs`, and `whalecurve runs show RUN` */
export function registerRuns(program: Command, io: CommandIo): void {
  const runs = program
    .command('runs')
    .description('the runs so far, the newest first')
    .option('--last <runs>', 'how many', wholeNumber(1), 20)
    .helpCommand(false)
    .addHelpText(
      'after',
      example('whalecurve runs', 'whalecurve runs --last 100 --json', 'whalecurve runs show last'),
    )
    .action(async ({ last }: { last: number }, command: Command) => {
      const config = await loadedConfig(command, io);
      const lines = await withHistory(config, ({ engine, schema }) => readRunLines(engine, schema, last));
      if (globalOptions(command).json) printJson(io, lines);
      else printTable(io, titles, lines.map(cells));
    });

  runs
    .command('show')
    .argument('<run>', 'id of a run, its beginning, or `last`')
    .description('one run: its jobs on a line of time, its tables, its checks')
    .addHelpText(
      'after',
      example('whalecurve runs show last', 'whalecurve runs show r_20261124T020000Z_4f1c2a --json'),
    )
    .action(async (word: string, _options: unknown, command: Command) => {
      const config = await loadedConfig(command, io);
      const shown = await withHistory(config, async ({ engine, schema }) => {
        const runId = await findRun(engine, schema, word);
        return {
          summary: await readRunSummary(engine, runId, config, schema),
          jobs: await readJobRecords(engine, schema, runId),
          tables: await readTableRecords(engine, schema, runId),
        };
      });
      if (globalOptions(command).json) {
        printJson(io, shown);
        return;
      }
      printRunSummary(io, shown.summary);
      print(io, '');
      print(io, ganttText(io, shown.jobs));
      printSeen(io, shown.tables);
    });
}

const titles = [
  ...['run', 'status', 'as of', 'started'],
  ...['seconds', 'rows', 'quarantined', 'customers', 'failed checks'].map((title) => ({
    title,
    align: 'right' as const,
  })),
  'error',
];

function cells(line: RunLine): (string | null)[] {
  return [
    line.runId,
    line.status,
    line.asOf,
    utcTime(line.startedAt),
    line.seconds === null ? null : line.seconds.toFixed(1),
    whole(line.extracted),
    whole(line.quarantined),
    line.customers === null ? null : whole(line.customers),
    whole(line.failedChecks),
    line.errorCode,
  ];
}

/** Only what is worth a word: how far a source lagged behind, and columns that came or went. */
function printSeen(io: CommandIo, tables: readonly TableRecord[]): void {
  const { yellow, dim } = colorsOf(io);
  const lags = tables.filter(({ lagSeconds }) => lagSeconds !== null);
  if (lags.length > 0) {
    print(io, '');
    for (const { table, lagSeconds } of lags) {
      print(io, dim(`newest change of ${table}: ${ageText(lagSeconds ?? 0)} before the run`));
    }
  }
  for (const { table, schemaChanges } of tables) {
    if (schemaChanges !== null) print(io, yellow(`schema of ${table}: ${schemaChanges}`));
  }
}

function ageText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} days`;
}
