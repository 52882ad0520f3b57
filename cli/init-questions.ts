import { nearestWord } from '../config/nearest-word.ts';
import { engines, type InitAnswers, type InitSource, sourceTypes } from './init-text.ts';

export interface Terminal {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}

/**
 * Asks on the terminal; what is given stands as the answer to be confirmed. null: the person left by Ctrl-C.
 */
export async function askForAnswers(
  given: InitAnswers,
  terminal: Terminal = { input: process.stdin, output: process.stdout },
): Promise<InitAnswers | null> {
  try {
    return await answersOf(given, terminal);
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') return null;
    throw error;
  }
}

async function answersOf(given: InitAnswers, terminal: Terminal): Promise<InitAnswers> {
  // Loaded here because it takes a moment and every other use of the command does without.
  const { confirm, input, select } = await import('@inquirer/prompts');
  const currency = await input(
    {
      message: 'Currency of the reports (ISO 4217)',
      default: given.currency,
      validate: (text) => /^[A-Z]{3}$/.test(text) || 'three capital letters, such as EUR',
    },
    terminal,
  );
  const timezone = await input(
    { message: 'Time zone in which days are counted', default: given.timezone, validate: zoneProblem },
    terminal,
  );
  const engine = await select(
    {
      message: 'Where shall the tables live?',
      choices: engines.map((value) => ({ value, name: engineTexts[value] })),
      default: given.engine,
    },
    terminal,
  );
  const sources: InitSource[] = [];
  do {
    const name = await input(
      {
        message: sources.length === 0 ? 'Name of the first source, e.g. finance' : 'Name of the source',
        validate: (text) => nameProblem(text, sources),
      },
      terminal,
    );
    const choices = sourceTypes.map((value) => ({ value, name: typeTexts[value] }));
    const type = await select({ message: `What is ${name}?`, choices }, terminal);
    const path =
      type === 'files'
        ? await input({ message: 'Folder of its files', default: `./exports/${name}` }, terminal)
        : '';
    sources.push({ name, type, path });
  } while (await confirm({ message: 'Another source?', default: sources.length < 2 }, terminal));
  return { currency, timezone, engine, sources };
}

const engineTexts = {
  duckdb: 'in a file: DuckDB, no server needed',
  postgres: 'in a PostgreSQL database',
};

const typeTexts = {
  postgres: 'a PostgreSQL database',
  mysql: 'a MySQL or MariaDB database',
  files: 'files: CSV, TSV, JSONL or Parquet',
};

function zoneProblem(zone: string): true | string {
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
  if (zones.includes(zone)) return true;
  const nearest = nearestWord(zone, zones);
  return nearest === undefined ? 'a zone such as Europe/London' : `did you mean ${nearest}?`;
}

function nameProblem(name: string, sources: readonly InitSource[]): true | string {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) return 'lower case letters, digits and _, with a letter first';
  return sources.every((source) => source.name !== name) || 'there is a source of that name already';
}
