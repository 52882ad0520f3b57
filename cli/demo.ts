import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { runDemo } from '../demo/run-demo.ts';
import { serveDatabases } from '../demo/serve.ts';
import { writeDemoFolder } from '../demo/write-demo-folder.ts';
import { writePlainFiles } from '../demo/write-plain-files.ts';
import { exitCode } from '../jobs/run-summary.ts';
import { whaleCurveSvg } from '../report/whale-curve-svg.ts';
import { type CommandIo, print, printJson } from './command-io.ts';
import { demoProgress } from './demo-progress.ts';
import { registerDemoSeed } from './demo-seed.ts';
import { example } from './example.ts';
import { globalOptions } from './global-options.ts';
import { printDemo } from './print-demo.ts';
import { untilInterrupted } from './until-interrupted.ts';
import { wholeNumber } from './whole-number.ts';

interface CompanyFlags {
  customers: number;
  seed: number;
  folder: string;
}

/** `whalecurve demo` */
export function registerDemo(program: Command, io: CommandIo): void {
  const demo = program
    .command('demo')
    .description('make a company of four silos, run the pipeline on it, show what came out')
    .addOption(customersOption())
    .addOption(seedOption())
    .addOption(folderOption())
    .option('--picture <file>', 'also draw the whale curve, as SVG')
    .addHelpText(
      'after',
      example('whalecurve demo', 'whalecurve demo --customers 20000', 'whalecurve demo serve'),
    )
    .action(async ({ picture, ...flags }: CompanyFlags & { picture?: string }, command: Command) => {
      const folder = resolve(io.cwd, flags.folder);
      const progress = demoProgress(io);
      const result = await untilInterrupted((signal) =>
        runDemo({ ...flags, ...progress, folder, environment: io.environment, now: io.now(), signal }),
      ).finally(progress.end);
      if (picture !== undefined && result.view.curve !== null) {
        await writeFile(resolve(io.cwd, picture), await whaleCurveSvg(result.view.curve));
      }
      if (globalOptions(command).json) printJson(io, { ...result, config: undefined });
      else printDemo(io, result, shownPath(io, folder));
      io.endWith(exitCode(result.summary));
    });

  demo
    .command('serve')
    .description("bring the demo's two databases up again, until Ctrl-C")
    .addOption(customersOption())
    .addOption(seedOption())
    .addOption(folderOption())
    .addHelpText('after', example('whalecurve demo serve'))
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CompanyFlags>();
      const folder = resolve(io.cwd, flags.folder);
      const shown = shownPath(io, folder);
      if (!existsSync(join(folder, 'databases', 'sales'))) await writeDemoFolder(flags, folder);
      io.stderr.write(`Starting the databases of ${shown} …\n`);
      const { urls, stop } = await serveDatabases(folder, { keepsLiveAddresses: false });
      for (const [variable, url] of Object.entries(urls)) print(io, `${variable}=${url}`);
      print(
        io,
        `\nServing until Ctrl-C. In another terminal:\n\n  npx whalecurve -c ${shown}/whalecurve.yml run`,
      );
      await untilInterrupted(aborted);
      await stop();
    });

  registerDemoSeed(demo, io, [customersOption(), seedOption()]);

  demo
    .command('generate')
    .description('only write the tables of such a company as plain CSV files, for benchmarks')
    .addOption(customersOption())
    .addOption(seedOption())
    .requiredOption('--to <folder>', 'where the files go')
    .addHelpText('after', example('whalecurve demo generate --customers 1000000 --to /data/company'))
    .action(({ to }: { to: string }, command: Command) => {
      const flags = command.optsWithGlobals<CompanyFlags>();
      const rows = writePlainFiles(flags, resolve(io.cwd, to));
      if (globalOptions(command).json) printJson(io, rows);
      else
        for (const [table, count] of Object.entries(rows))
          print(io, `${table}  ${count.toLocaleString('en-US')}`);
    });
}

function customersOption(): Option {
  return new Option('--customers <number>', 'how many customers the company has')
    .default(2000)
    .argParser(wholeNumber(1));
}

function seedOption(): Option {
  return new Option('--seed <number>', 'another seed, another company').default(42).argParser(wholeNumber(0));
}

function folderOption(): Option {
  return new Option('--folder <folder>', 'where it lives').default('.whalecurve/demo');
}

/** As a person in the current folder would write it. */
function shownPath(io: CommandIo, path: string): string {
  const near = relative(io.cwd, path);
  return near === '' ? '.' : near.startsWith('..') ? path : near;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolveWhenAborted) => {
    signal.addEventListener('abort', () => resolveWhenAborted(), { once: true });
  });
}
