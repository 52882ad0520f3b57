import { access, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { WhalecurveError } from '../config/error.ts';
import { suggestion } from '../config/nearest-word.ts';
import { colorsOf } from './colors.ts';
import { type CommandIo, print, printJson } from './command-io.ts';
import { example } from './example.ts';
import { globalOptions } from './global-options.ts';
import { askForAnswers } from './init-questions.ts';
import {
  configText,
  type EngineKind,
  engines,
  environmentText,
  type InitAnswers,
  type InitSource,
  type SourceType,
  sourceTypes,
} from './init-text.ts';

interface InitOptions {
  source: string[];
  currency?: string;
  timezone?: string;
  engine?: string;
  force?: boolean;
}

/** `whalecurve init` */
export function registerInit(program: Command, io: CommandIo): void {
  program
    .command('init')
    .summary('write whalecurve.yml and .env.example')
    .description('Writes a commented whalecurve.yml and an .env.example: asks on a terminal, or takes flags.')
    .option(
      '--source <name=type>',
      `a source, as often as there are; types: ${sourceTypes.join(', ')}`,
      (word: string, words: string[]) => [...words, word],
      [],
    )
    .option('--currency <code>', 'ISO 4217 code that every report is in (default: USD)')
    .option('--timezone <zone>', 'IANA zone in which days are counted (default: that of this machine)')
    .option('--engine <name>', `where tables live: ${engines.join(' or ')} (default: duckdb)`)
    .option('--force', 'replace a config that is there already')
    .addHelpText(
      'after',
      example(
        'whalecurve init',
        'whalecurve init --engine postgres --source finance=postgres --source sales=mysql',
        'whalecurve init --source finance=postgres --source service=files --currency EUR --timezone Europe/Berlin',
      ),
    )
    .action(async (options: InitOptions, command: Command) => {
      const file = resolve(io.cwd, globalOptions(command).config);
      if (!options.force) await refuseToReplace(file);
      const answers = await answersFrom(options, io);
      if (answers === null) {
        io.stderr.write('interrupted: nothing was written\n');
        io.endWith(1);
        return;
      }
      await writeFile(file, configText(answers, basename(file)));
      const example = join(dirname(file), '.env.example');
      const variables = environmentText(answers);
      if (variables !== null) await writeFile(example, variables);
      const written = variables === null ? [file] : [file, example];
      if (globalOptions(command).json) printJson(io, { written });
      else printNextSteps(io, written, answers, globalOptions(command).config);
    });
}

async function refuseToReplace(file: string): Promise<void> {
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (!exists) return;
  throw new WhalecurveError('WC-USAGE-002', `${basename(file)} is there already`, {
    where: file,
    hint: 'give another name by `-c FILE`, or replace it by `--force`',
  });
}

/** From the flags, else from the person at the terminal; null when that person left by Ctrl-C. */
async function answersFrom(options: InitOptions, io: CommandIo): Promise<InitAnswers | null> {
  const timezone = options.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const given = {
    currency: options.currency ?? 'USD',
    timezone,
    engine: engineFrom(options.engine ?? 'duckdb'),
    sources: options.source.map(sourceFrom),
  };
  if (given.sources.length > 0) return given;
  if (io.isTerminal && process.stdin.isTTY) return askForAnswers(given);
  throw new WhalecurveError('WC-USAGE-001', 'no source is named, and there is no terminal to ask', {
    hint: 'name at least one: `whalecurve init --source finance=postgres --source service=files`',
  });
}

function engineFrom(word: string): EngineKind {
  const engine = engines.find((known) => known === word);
  if (engine !== undefined) return engine;
  throw new WhalecurveError('WC-USAGE-001', `there is no engine \`${word}\``, {
    hint: suggestion(word, engines),
  });
}

function sourceFrom(word: string): InitSource {
  const [name = '', type = '', ...rest] = word.split('=');
  const isType = (text: string): text is SourceType => sourceTypes.some((known) => known === text);
  if (rest.length > 0 || !/^[a-z][a-z0-9_]*$/.test(name)) {
    throw new WhalecurveError('WC-USAGE-001', `\`--source ${word}\` is not NAME=TYPE`, {
      hint: 'a name has lower case letters, digits and _: `--source finance=postgres`',
    });
  }
  if (!isType(type)) {
    throw new WhalecurveError('WC-USAGE-001', `\`${type}\` is no type of source`, {
      hint: suggestion(type, sourceTypes),
    });
  }
  return { name, type, path: `./exports/${name}` };
}

function printNextSteps(
  io: CommandIo,
  written: readonly string[],
  answers: InitAnswers,
  config: string,
): void {
  const colors = colorsOf(io);
  const option = config === 'whalecurve.yml' ? '' : ` -c ${config}`;
  for (const file of written) print(io, `${colors.green('✓')} wrote ${relative(io.cwd, file) || file}`);
  const [first] = answers.sources;
  const steps = [
    ...(written.length > 1 ? [['cp .env.example .env', 'then put the connection URLs into .env']] : []),
    [`whalecurve discover ${first?.name ?? ''}${option}`, 'tables as YAML, to paste into the config'],
    [`whalecurve check${option}`, 'every connection, table and mapping, before anything is read'],
    [`whalecurve run${option}`, 'the whole pipeline'],
  ];
  const width = Math.max(...steps.map(([command = '']) => command.length));
  const lines = steps.map(([command = '', text = '']) => `  ${command.padEnd(width)}   ${colors.dim(text)}`);
  print(io, `\nNext:\n${lines.join('\n')}`);
}
