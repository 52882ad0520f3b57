import type { Command } from 'commander';
import { resolveAsOf } from '../config/as-of.ts';
import { readConfigPlaces } from '../config/config-places.ts';
import { plainPasswords } from '../config/plain-passwords.ts';
import { redact, redactText } from '../config/redact.ts';
import type { LoadedConfig } from '../config/schema.ts';
import { type FileForms, fileFormsUnlessBusy } from '../jobs/file-forms.ts';
import { checkExchangeRates } from './checks/check-exchange-rates.ts';
import { checkModels } from './checks/check-models.ts';
import { checkRedis } from './checks/check-redis.ts';
import { checkSource } from './checks/check-source.ts';
import { checkWarehouse } from './checks/check-warehouse.ts';
import type { Verdict } from './checks/verdict.ts';
import { colorsOf } from './colors.ts';
import { type CommandIo, print, printJson } from './command-io.ts';
import { example } from './example.ts';
import { configFile, globalOptions, loadedConfig } from './global-options.ts';

/** `whalecurve check` */
export function registerCheck(program: Command, io: CommandIo): void {
  program
    .command('check')
    .summary('test every connection, table and mapping; reads no rows')
    .description(
      'Tests every connection, permission, table, column and mapping, the exchange rates, the folders and\nRedis, with a verdict for each. Ends with 1 where one of them fails.',
    )
    .addHelpText('after', example('whalecurve check', 'whalecurve check -c nightly.yml --json'))
    .action(async (_options: unknown, command: Command) => {
      const config = await loadedConfig(command, io);
      const { json } = globalOptions(command);
      const verdicts: Verdict[] = [];
      for await (const verdict of allVerdicts(config, configFile(command, io), io.now())) {
        if (!json) printVerdict(io, verdict, verdicts.at(-1)?.group, widthOf(config));
        verdicts.push(verdict);
      }
      if (json) printJson(io, redact(verdicts, config.secrets));
      else printSummary(io, verdicts);
      if (verdicts.some(({ level }) => level === 'failed')) io.endWith(1);
    });
}

async function* allVerdicts(config: LoadedConfig, shown: string, now: Date): AsyncGenerator<Verdict> {
  const sources = Object.entries(config.sources);
  const tables = sources.reduce((count, [, source]) => count + Object.keys(source.tables).length, 0);
  const asOf = resolveAsOf(config, now);
  yield {
    group: 'config',
    subject: shown,
    level: 'ok',
    message: `${counted(sources.length, 'source')}, ${counted(tables, 'table')}, as of ${asOf} in ${config.reporting.timezone}`,
  };
  for (const where of await plainPasswords(config.file, shown)) {
    yield {
      group: 'config',
      subject: shown,
      level: 'warning',
      message: 'a password stands in the file itself',
      where,
      hint: 'write ${NAME} in its place, and the value into the environment or .env',
    };
  }
  yield* checkModels(config);
  const placesOf = await readConfigPlaces(config.file, shown);
  // The state is opened once, and only for a source of files.
  let fileForms: Promise<FileForms> | undefined;
  const readForms = () => {
    fileForms ??= fileFormsUnlessBusy(config);
    return fileForms;
  };
  for (const [name, source] of sources) yield* checkSource(name, source, config, { placesOf, readForms });
  yield* checkExchangeRates(config, asOf);
  yield* checkWarehouse(config);
  yield* checkRedis(config.runner);
}

function printVerdict(io: CommandIo, verdict: Verdict, groupBefore: string | undefined, width: number): void {
  const colors = colorsOf(io);
  const { group, subject, level, message, code, where, hint } = verdict;
  if (group !== groupBefore) print(io, `${groupBefore === undefined ? '' : '\n'}${colors.bold(group)}`);
  const sign = { ok: colors.green('✓'), warning: colors.yellow('!'), failed: colors.red('✗') }[level];
  const margin = ' '.repeat(width + 6);
  const line = (text: string) => print(io, redactText(text, io.secrets));
  line(`  ${sign} ${subject.padEnd(width)}  ${message}${code === undefined ? '' : colors.dim(` (${code})`)}`);
  if (where !== undefined && where !== subject) line(`${margin}${colors.dim('at')} ${colors.cyan(where)}`);
  if (hint !== undefined) line(`${margin}${colors.dim('hint')} ${hint}`);
}

function printSummary(io: CommandIo, verdicts: readonly Verdict[]): void {
  const colors = colorsOf(io);
  const count = (level: Verdict['level']) => verdicts.filter((verdict) => verdict.level === level).length;
  const failed = count('failed');
  const warnings = count('warning');
  const parts = [
    `${count('ok')} ok`,
    ...(warnings > 0 ? [colors.yellow(counted(warnings, 'warning'))] : []),
    ...(failed > 0 ? [colors.red(`${failed} failed`)] : []),
  ];
  print(io, `\n${parts.join(', ')}`);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function widthOf(config: LoadedConfig): number {
  const subjects = Object.entries(config.sources).flatMap(([name, { tables }]) =>
    Object.keys(tables).map((table) => `${name}.${table}`.length),
  );
  return Math.min(44, Math.max(16, ...subjects));
}
