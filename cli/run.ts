import { type Command, Option } from 'commander';
import { exitCode } from '../jobs/run-summary.ts';
import { runPipeline } from '../pipelines/run-pipeline.ts';
import { type CommandIo, printJson } from './command-io.ts';
import { example } from './example.ts';
import { globalOptions, loadedConfig } from './global-options.ts';
import { printRunSummary } from './print-run-summary.ts';
import { runProgress } from './run-progress.ts';
import { untilInterrupted } from './until-interrupted.ts';
import { usualSeconds } from './usual-seconds.ts';

interface RunFlags {
  asOf?: string;
  fresh?: boolean;
  runner?: 'inline' | 'bullmq';
}

/** `whalecurve run` */
export function registerRun(program: Command, io: CommandIo): void {
  program
    .command('run')
    .description('run the whole pipeline once: from the sources to the warehouse')
    .option('--as-of <date>', 'last day that takes part, for a back-test: 2026-01-31, or today')
    .addOption(
      new Option('--runner <type>', 'where the jobs run, in place of the config').choices([
        'inline',
        'bullmq',
      ]),
    )
    .option('--fresh', 'read every source again, also where an interrupted run could go on')
    .addHelpText(
      'after',
      `${example('whalecurve run', 'whalecurve run --as-of 2025-12-31 --json')}
Exit code 0: done. 1: failed, and the warehouse is as it was. 2: wrong usage or config.
3: done, but more rows were quarantined than quarantine.max_share allows, or a source could not be read
and its rows are those of an earlier run (on_source_failure: publish_stale).
`,
    )
    .action(async ({ asOf, fresh, runner }: RunFlags, command: Command) => {
      const { json, verbose } = globalOptions(command);
      const config = await loadedConfig(command, io);
      const usual = io.isTerminal ? await usualSeconds(config) : new Map<string, number>();
      const onProgress = runProgress(io, { isVerbose: verbose, usual, log: config.log });
      const summary = await untilInterrupted((signal) =>
        runPipeline(config, {
          now: io.now(),
          signal,
          onProgress,
          isFresh: fresh ?? false,
          ...(asOf === undefined ? {} : { asOf }),
          ...(runner === undefined ? {} : { runner }),
        }),
      );
      if (json) printJson(io, summary);
      else printRunSummary(io, summary);
      io.endWith(exitCode(summary));
    });
}
