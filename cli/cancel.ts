import type { Command } from 'commander';
import { cancelRun } from '../jobs/cancel-run.ts';
import { type CommandIo, print, printJson } from './command-io.ts';
import { example } from './example.ts';
import { globalOptions, loadedConfig } from './global-options.ts';

/** `whalecurve cancel` */
export function registerCancel(program: Command, io: CommandIo): void {
  program
    .command('cancel')
    .description('stop the run that is going on, wherever it runs, and wait until it has ended')
    .addHelpText(
      'after',
      `${example('whalecurve cancel', 'whalecurve cancel -c nightly.yml --json')}
What it asks of the sources is cancelled at their servers, and nothing is published. The next run goes on where this
one stopped; \`whalecurve run --fresh\` reads every source again. On engine duckdb this machine must see the folder of
the state.
`,
    )
    .action(async (_options: unknown, command: Command) => {
      const config = await loadedConfig(command, io);
      const runId = await cancelRun(config);
      if (globalOptions(command).json) printJson(io, { cancelled: runId });
      else print(io, `run ${runId} was cancelled`);
    });
}
