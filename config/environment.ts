import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'dotenv';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that a config in `folder` sees: those of `.env` beside it, and over them the environment's. */
export async function readEnvironment(folder: string, environment: Environment): Promise<Environment> {
  let text = '';
  try {
    text = await readFile(join(folder, '.env'), 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
  }
  const set = Object.entries(environment).filter(([, value]) => value !== undefined);
  return { ...parse(text), ...Object.fromEntries(set) };
}
