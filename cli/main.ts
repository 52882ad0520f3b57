import { type Argument, Command, CommanderError } from 'commander';
import { WhalecurveError } from '../config/error.ts';
import { packageVersion } from '../config/package-version.ts';
import type { CommandIo, ExitCode } from './command-io.ts';
import { example } from './example.ts';
import { globalOptions } from './global-options.ts';
import { printError } from './print-error.ts';
import { registerVerbs } from './verbs.ts';

/** Runs the command of these words; gives its exit code. What `surroundings` leave out is the process's own. */
export async function main(
  words: readonly string[],
  surroundings: Partial<Omit<CommandIo, 'endWith' | 'secrets'>> = {},
): Promise<number> {
  let exitCode: ExitCode = 0;
  const io: CommandIo = {
    ...processSurroundings(),
    ...surroundings,
    secrets: [],
    endWith: (code) => {
      exitCode = code;
    },
  };
  const program = programFor(io);
  try {
    await registerVerbs(program, io, words);
    if (words.length === 0) program.outputHelp();
    else await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    // A verb that only groups others, called alone: its help is on stderr already.
    if (error instanceof CommanderError && error.code === 'commander.help') return 2;
    const shown = error instanceof CommanderError ? usageError(error) : error;
    // Commander may have stopped before it knew the options, so the words themselves are asked.
    const { json, verbose } = globalOptions(program);
    printError(io, shown, {
      json: json || words.includes('--json'),
      verbose: verbose || words.includes('--verbose'),
    });
    return exitCodeOf(shown);
  }
}

function programFor(io: CommandIo): Command {
  return new Command('whalecurve')
    .description(
      'Consolidates the databases a business keeps in silos into one customer table,\nand writes to a warehouse what each customer is worth.',
    )
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('-c, --config <file>', 'the config file', 'whalecurve.yml')
    .option('--json', 'results as JSON on stdout, errors as JSON on stderr')
    .option('--verbose', 'more of what is done, and the cause of an error')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // What is wrong is printed once, by printError, in the form of every other error.
      outputError: () => {},
    })
    .configureHelp({
      showGlobalOptions: true,
      // The options of a verb stand in its own help; here they would only widen the column.
      subcommandTerm: (verb) => [verb.name(), ...verb.registeredArguments.map(argumentTerm)].join(' '),
    })
    .addHelpCommand(new Command('help [verb]').description('print the help of a verb').helpGroup('Look:'))
    .exitOverride()
    .addHelpText('after', example('whalecurve check', 'whalecurve run -c nightly.yml'));
}

function argumentTerm(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

function processSurroundings(): Omit<CommandIo, 'endWith' | 'secrets'> {
  if (process.stdout.listenerCount('error', endWhenReaderLeft) === 0)
    process.stdout.on('error', endWhenReaderLeft);
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    isTerminal: process.stdout.isTTY === true && process.stderr.isTTY === true,
    now: () => new Date(),
    cwd: process.cwd(),
  };
}

/** `whalecurve plan | head`: that the reader has seen enough is no failure. */
function endWhenReaderLeft(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}

/** `error: unknown command 'chek'\n(Did you mean check?)` in the form of the other errors. */
function usageError(error: CommanderError): WhalecurveError {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const near = /\(Did you mean (.+)\?\)/.exec(rest.join(' '))?.[1];
  return new WhalecurveError('WC-USAGE-001', first.replaceAll("'", '`'), {
    hint: near === undefined ? 'see `whalecurve --help`' : `did you mean \`${near}\`?`,
  });
}

/** Wrong usage or config is 2, so that a scheduler can tell it from a night that failed. */
function exitCodeOf(error: unknown): ExitCode {
  return error instanceof WhalecurveError && /^WC-(USAGE|CONFIG|MAP)-/.test(error.code) ? 2 : 1;
}
