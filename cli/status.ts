import type { Command } from 'commander';
import { WhalecurveError } from '../config/error.ts';
import type { LoadedConfig } from '../config/schema.ts';
import type { LockHolder } from '../connectors/engines/lock.ts';
import { databaseName, openLock } from '../connectors/engines/open-engine.ts';
import { lastPublishedAt, type RunSummary, readRunSummaries } from '../jobs/run-summary.ts';
import { colorsOf } from './colors.ts';
import { type CommandIo, print, printJson } from './command-io.ts';
import { duration, durationWords } from './duration.ts';
import { example } from './example.ts';
import { globalOptions, loadedConfig } from './global-options.ts';
import { printRunSummary, utcTime } from './print-run-summary.ts';
import { watchRun } from './runs/watch-run.ts';
import { wholeNumber } from './whole-number.ts';
import { withHistory } from './with-history.ts';

/** `whalecurve status` */
export function registerStatus(program: Command, io: CommandIo): void {
  program
    .command('status')
    .description('what the last run did, and whether one is going on')
    .option('--last <runs>', 'how many runs, newest first', wholeNumber(1), 1)
    .option('--watch', 'follow the run that is going on until it ends')
    .option(
      '--max-age <time>',
      'fail if no run has published for longer than this, for a monitor: 26h, 90m, 2d',
      duration,
    )
    .addHelpText(
      'after',
      example(
        'whalecurve status',
        'whalecurve status --last 7 --json',
        'whalecurve status --watch',
        'whalecurve status --max-age 26h',
      ),
    )
    .action(
      async (
        { last, maxAge, watch }: { last: number; maxAge?: number; watch?: boolean },
        command: Command,
      ) => {
        const config = await loadedConfig(command, io);
        if (watch) await watchRun(config, command, io);
        const running = await openLock(config.warehouse, 'run').holder();
        const { runs, from, publishedAt } = await recentRuns(config, last, running);
        if (globalOptions(command).json) printJson(io, { running, from, publishedAt, runs });
        else printStatus(io, { running, from, runs });
        if (maxAge !== undefined) refuseStale(config, publishedAt, { maxAge, now: io.now() });
      },
    );
}

/** The dead man's switch: a schedule that stopped, or nights that fail, say nothing themselves. */
function refuseStale(
  config: LoadedConfig,
  publishedAt: string | null,
  { maxAge, now }: { maxAge: number; now: Date },
): void {
  const age = publishedAt === null ? null : now.getTime() - Date.parse(publishedAt);
  if (age !== null && age <= maxAge) return;
  const message =
    publishedAt === null || age === null
      ? 'no run has published yet'
      : `the last run that published ended ${durationWords(age)} ago (${utcTime(publishedAt)}); it may be ${durationWords(maxAge)}`;
  throw new WhalecurveError('WC-RUN-005', message, {
    where: databaseName(config.warehouse, 'warehouse'),
    hint: 'see above what the last run did; `whalecurve run` runs at once',
  });
}

interface Status {
  running: LockHolder | null;
  /** `warehouse` while a run has the state: then these are the runs up to the last one that published. */
  from: 'state' | 'warehouse';
  runs: readonly RunSummary[];
  /** When the newest run that published ended. */
  publishedAt: string | null;
}

async function recentRuns(
  config: LoadedConfig,
  limit: number,
  running: LockHolder | null,
): Promise<Omit<Status, 'running'>> {
  try {
    return await withHistory(config, async ({ engine, from, schema }) => ({
      from,
      runs: await readRunSummaries(engine, config, { limit, schema }),
      publishedAt: await lastPublishedAt(engine, schema),
    }));
  } catch (error) {
    const code = error instanceof WhalecurveError ? error.code : undefined;
    // The first run of all: its state is locked, or not there yet.
    if (running !== null && (code === 'WC-ENGINE-001' || code === 'WC-RUN-003')) {
      return { from: 'state', runs: [], publishedAt: null };
    }
    throw error;
  }
}

function printStatus(io: CommandIo, { running, from, runs }: Omit<Status, 'publishedAt'>): void {
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
