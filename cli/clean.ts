import type { Command } from 'commander';
import { durationInWords } from '../config/duration.ts';
import type { RetentionSettings } from '../config/retention-settings.ts';
import { clean, type Outlived } from '../jobs/clean.ts';
import { type CommandIo, print, printJson } from './command-io.ts';
import { example } from './example.ts';
import { globalOptions, loadedConfig } from './global-options.ts';
import { changingState } from './identity/with-state.ts';
import { printTable } from './print-table.ts';

/** `whalecurve clean` */
export function registerClean(program: Command, io: CommandIo): void {
  program
    .command('clean')
    .description('remove from the state what `retention` no longer keeps')
    .option('--dry-run', 'only say what would be removed')
    .addHelpText('after', example('whalecurve clean --dry-run', 'whalecurve clean'))
    .action(async ({ dryRun: isDry = false }: { dryRun?: boolean }, command: Command) => {
      const config = await loadedConfig(command, io);
      const now = io.now();
      const removed = await changingState(config, { name: 'clean', now }, (engine) =>
        clean(engine, config.retention, { now: now.toISOString(), isDry }),
      );
      if (globalOptions(command).json) printJson(io, { isDry, removed });
      else printRemoved(io, removed, config.retention, isDry);
    });
}

function printRemoved(
  io: CommandIo,
  removed: readonly Outlived[],
  retention: RetentionSettings,
  isDry: boolean,
): void {
  if (removed.length === 0) {
    print(io, 'Nothing has outlived `retention`.');
    return;
  }
  printTable(
    io,
    [isDry ? 'would be removed' : 'removed', 'rows', 'kept for'],
    removed.map(({ what, rows, kept }) => [what, rows, `${kept}: ${durationInWords(retention[kept])}`]),
  );
}
