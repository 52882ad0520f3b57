import type { Command } from 'commander';
import type { CommandIo } from './command-io.ts';
import { commandLog } from './command-log.ts';
import { example } from './example.ts';
import { globalOptions, loadedConfig } from './global-options.ts';
import { untilInterrupted } from './until-interrupted.ts';
import { wholeNumber } from './whole-number.ts';

/** `whalecurve worker` */
export function registerWorker(program: Command, io: CommandIo): void {
  program
    .command('worker')
    .description('take jobs from the queue of `runner: { type: bullmq }` until stopped')
    .option('--concurrency <jobs>', 'jobs at the same time', wholeNumber(1), 2)
    .addHelpText(
      'after',
      `${example('whalecurve worker', 'whalecurve worker --concurrency 4')}
Workers and \`whalecurve run\` need the same config file and the same folder of the state; secrets come from
the environment of each worker. SIGTERM: the worker ends the jobs it has, and takes no other.
`,
    )
    .action(async ({ concurrency }: { concurrency: number }, command: Command) => {
      const config = await loadedConfig(command, io);
      const log = commandLog(io, {
        isVerbose: globalOptions(command).verbose,
        settings: config.log,
      });
      const { runQueueWorker } = await import('../jobs/queue-worker.ts');
      await untilInterrupted((signal) =>
        runQueueWorker(config, {
          concurrency,
          environment: io.environment,
          log,
          clock: () => io.now(),
          signal,
        }),
      );
    });
}
