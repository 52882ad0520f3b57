import type { Command } from 'commander';
import { WhalecurveError } from '../config/error.ts';
import type { LoadedConfig } from '../config/schema.ts';
import type { LockHolder } from '../connectors/engines/lock.ts';
import { type Database, databaseExists, openEngine, openLock } from '../connectors/engines/open-engine.ts';
import { noRun, type RunSummary, readRunSummaries } from '../jobs/run-summary.ts';
import { readPrelude } from '../transforms/prelude/read-prelude.ts';
import { colorsOf } from './colors.ts';
import { type CommandIo, print, printJson } from './command-io.ts';
import { example } from './example.ts';
import { globalOptions, loadedConfig } from './global-options.ts';
import { printRunSummary } from './print-run-summary.ts';
import { wholeNumber } from './whole-number.ts';

/** `whalecurve status` */
export function registerStatus(program: Command, io: CommandIo): void {
  program
    .command('status')
    .description('what the last run did, and whether one is going on')
    .option('--last <runs>', 'how many runs, newest first', wholeNumber(1), 1)
    .addHelpText('after', example('whalecurve status', 'whalecurve status --last 7 --json'))
    .action(async ({ last }: { last: number }, command: Command) => {
      const config = await loadedConfig(command, io);
      const running = await openLock(config.warehouse, 'run').holder();
      const { runs, from } = await recentRuns(config, last, running);
      if (globalOptions(command).json) printJson(io, { running, from, runs });
      else printStatus(io, { running, from, runs });
    });
}

interface Status {
  running: LockHolder | null;
  /** `warehouse` while a run has the state: then these are the runs up to the last one that published. */
  from: 'state' | 'warehouse';
  runs: readonly RunSummary[];
}

async function recentRuns(
  config: LoadedConfig,
  limit: number,
  running: LockHolder | null,
): Promise<Pick<Status, 'from' | 'runs'>> {
  try {
    return { from: 'state', runs: await runsIn('state', config, limit) };
  } catch (error) {
    const code = error instanceof WhalecurveError ? error.code : undefined;
    if (code === 'WC-ENGINE-001' && (await databaseExists(config.warehouse, 'warehouse'))) {
      return { from: 'warehouse', runs: await runsIn('warehouse', config, limit) };
    }
    // The first run of all: its state is locked, or not there yet.
    if (running !== null && (code === 'WC-ENGINE-001' || code === 'WC-RUN-003'))
      return { from: 'state', runs: [] };
    throw error;
  }
}

async function runsIn(database: Database, config: LoadedConfig, limit: number): Promise<RunSummary[]> {
  const { warehouse } = config;
  if (!(await databaseExists(warehouse, database))) throw noRun(config);
  const prelude = await readPrelude(warehouse.engine);
  const engine = await openEngine(warehouse, { prelude, database, isReadOnly: true });
  try {
    const schema = database === 'state' ? 'whalecurve' : 'warehouse';
    return await readRunSummaries(engine, config, { limit, schema });
  } finally {
    await engine.close();
  }
}

function printStatus(io: CommandIo, { running, from, runs }: Status): void {
  const { yellow, dim } = colorsOf(io);
  if (running !== null) {
    const { runId, pid, host, since } = running;
    print(io, yellow(`run ${runId} is going on since ${since} (process ${pid} on ${host})`));
  }
  if (from === 'warehouse' && runs.length > 0) {
    print(
      io,
      dim('It has the state; what follows is from the warehouse, as of the last run that published.'),
    );
  }
  for (const [index, run] of runs.entries()) {
    if (index > 0 || running !== null) print(io, '');
    printRunSummary(io, run);
  }
}
