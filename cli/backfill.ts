import type { Command } from 'commander';
import { WhalecurveError } from '../config/error.ts';
import { suggestion } from '../config/nearest-word.ts';
import type { LoadedConfig } from '../config/schema.ts';
import type { Backfill } from '../jobs/read-plan.ts';
import { exitCode } from '../jobs/run-summary.ts';
import { backfillPipeline } from '../pipelines/backfill.ts';
import { runPipeline } from '../pipelines/run-pipeline.ts';
import { type CommandIo, printJson } from './command-io.ts';
import { example } from './example.ts';
import { globalOptions, loadedConfig } from './global-options.ts';
import { printRunSummary } from './print-run-summary.ts';
import { runProgress } from './run-progress.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface BackfillFlags {
  from?: string;
  to?: string;
  full?: boolean;
}

/** `whalecurve backfill` */
export function registerBackfill(program: Command, io: CommandIo): void {
  program
    .command('backfill')
    .summary('read one table again, and make the warehouse anew')
    .description('read rows of one table again that were loaded before, and make the warehouse anew')
    .argument('<table>', 'source and table as the config names them: finance.billing.payments')
    .option('--from <value>', 'rows from this value of the cursor on')
    .option('--to <value>', 'rows below this value of the cursor')
    .option('--full', 'all rows; those that are gone at the source are marked so')
    .addHelpText(
      'after',
      `${example(
        'whalecurve backfill finance.billing.payments --from 2026-01-01 --to 2026-02-01',
        'whalecurve backfill finance.billing.payments --full',
      )}
No cursor moves: the next night goes on where the last one stopped. Rows that are as they were are not written again.
`,
    )
    .action(async (table: string, flags: BackfillFlags, command: Command) => {
      const { json, verbose } = globalOptions(command);
      const config = await loadedConfig(command, io);
      const { source, backfill } = chosenRows(config, table, flags);
      const summary = await untilInterrupted((signal) =>
        runPipeline(config, {
          now: io.now(),
          pipeline: backfillPipeline(source, backfill),
          signal,
          onProgress: runProgress(io, { isVerbose: verbose, log: config.log }),
        }),
      );
      if (json) printJson(io, summary);
      else printRunSummary(io, summary);
      io.endWith(exitCode(summary));
    });
}

/** @throws WC-USAGE-001 for a table that the config does not have, and for rows that cannot be chosen so */
function chosenRows(
  { sources }: LoadedConfig,
  named: string,
  { from, to, full = false }: BackfillFlags,
): { source: string; backfill: Backfill } {
  const usage = (message: string, hint: string | undefined) =>
    new WhalecurveError('WC-USAGE-001', message, hint === undefined ? {} : { hint });
  const [source = ''] = named.split('.');
  const name = named.slice(source.length + 1);
  const table = sources[source]?.tables[name];
  if (table === undefined) {
    const known = Object.entries(sources).flatMap(([one, { tables }]) =>
      Object.keys(tables).map((other) => `${one}.${other}`),
    );
    throw usage(`the config has no table ${named}`, suggestion(named, known));
  }
  const isPart = from !== undefined || to !== undefined;
  if (isPart === full) {
    throw usage('say which rows to read again', 'either --full, or --from and --to, or one of these two');
  }
  if (isPart && table.cursor === undefined) {
    throw usage(`${named} has no cursor to choose rows by`, 'use --full, or give the table a `cursor:`');
  }
  return {
    source,
    backfill: { table: name, ...(from !== undefined && { from }), ...(to !== undefined && { until: to }) },
  };
}
