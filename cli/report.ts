import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { Command } from 'commander';
import type { LoadedConfig } from '../config/schema.ts';
import { valueReport } from '../report/value-report.ts';
import { withWarehouse } from '../report/warehouse.ts';
import { type Evaluation, evaluateIdentity } from '../transforms/identity/measure/evaluate.ts';
import { type CommandIo, print, printJson } from './command-io.ts';
import { example } from './example.ts';
import { globalOptions, loadedConfig } from './global-options.ts';
import { readTruth } from './identity/read-truth.ts';
import { readingState } from './identity/with-state.ts';

/** `whalecurve report` */
export function registerReport(program: Command, io: CommandIo): void {
  program
    .command('report')
    .option('--out <file>', 'the file to write; one that is there is replaced', 'report.html')
    .option(
      '--truth <file>',
      'also measure who is one customer against this CSV, as `identity evaluate` does',
    )
    .summary('the last run as one page: the whale curve, tiers, costs, future')
    .description(
      'Writes what the customers of the last published run are worth as one HTML file that needs no network:\nthe whale curve, tiers and groups, the cost to serve, lifetime value, what if, segments, back-tests, the data.',
    )
    .addHelpText('after', example('whalecurve report', 'whalecurve report --out /srv/reports/customers.html'))
    .action(async ({ out, truth }: { out: string; truth?: string }, command: Command) => {
      const config = await loadedConfig(command, io);
      const evaluation = truth === undefined ? null : await evaluationAgainst(config, io, truth);
      const { html, sections, leftOut } = await withWarehouse(config, (warehouse) =>
        valueReport(warehouse, evaluation),
      );
      const file = resolve(io.cwd, out);
      await replaceFile(file, html);
      const bytes = Buffer.byteLength(html);
      if (globalOptions(command).json) return printJson(io, { file, bytes, sections, leftOut });
      const near = relative(io.cwd, file);
      const shown = near.startsWith('..') ? file : near;
      print(io, `${shown}: ${sections.length} sections, ${Math.ceil(bytes / 1024)} KB; open it in a browser`);
      if (leftOut.length > 0)
        print(io, `left out, since this run published nothing for it: ${leftOut.join(', ')}`);
    });
}

async function evaluationAgainst(config: LoadedConfig, io: CommandIo, file: string): Promise<Evaluation> {
  const truth = await readTruth(io, file);
  return readingState(config, (engine) => evaluateIdentity(engine, config.identity, truth, { examples: 0 }));
}

/** Whoever reads the file sees the old report or the new one; it names customers, so only its owner reads it. */
async function replaceFile(file: string, text: string): Promise<void> {
  const beside = `${file}.${randomUUID()}`;
  try {
    await writeFile(beside, text, { mode: 0o600 });
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
