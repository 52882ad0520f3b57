import type { Command } from 'commander';
import { keepSchedule } from '../pipelines/keep-schedule.ts';
import type { CommandIo } from './command-io.ts';
import { commandLog } from './command-log.ts';
import { example } from './example.ts';
import { globalOptions, loadedConfig } from './global-options.ts';
import { untilInterrupted } from './until-interrupted.ts';

/** `whalecurve schedule` */
export function registerSchedule(program: Command, io: CommandIo): void {
  program
    .command('schedule')
    .description('run the pipeline at the times of `schedule.cron`, until stopped')
    .addHelpText(
      'after',
      `${example('whalecurve schedule')}
A time that comes while a run is still going on is skipped, with a line in the log. SIGTERM stops the run that
is going on, and then the schedule.
`,
    )
    .action(async (_options: unknown, command: Command) => {
      const config = await loadedConfig(command, io);
      const log = commandLog(io, {
        isVerbose: globalOptions(command).verbose,
        settings: config.log,
      });
      await untilInterrupted((signal) => keepSchedule(config, { log, clock: () => io.now(), signal }));
    });
}
