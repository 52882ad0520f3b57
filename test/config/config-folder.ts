import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WhalecurveError } from '../../config/error.ts';
import { loadConfig } from '../../config/load-config.ts';

export interface ConfigFolder {
  path: string;
  /** Writes a file and gives its path. */
  write(name: string, text: string): Promise<string>;
  remove(): Promise<void>;
}

export async function makeConfigFolder(): Promise<ConfigFolder> {
  const path = await mkdtemp(join(tmpdir(), 'whalecurve-config-'));
  return {
    path,
    write: async (name, text) => {
      await writeFile(join(path, name), text);
      return join(path, name);
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** What loading a config of this text complains of. */
export async function problemsOf(
  folder: ConfigFolder,
  text: string,
  environment: Record<string, string> = {},
): Promise<readonly WhalecurveError[]> {
  const file = await folder.write('whalecurve.yml', text);
  try {
    await loadConfig(file, environment);
  } catch (error) {
    if (!(error instanceof WhalecurveError)) throw error;
    return error.problems.length > 0 ? error.problems : [error];
  }
  return [];
}

/** `code line:column message`, the short form in which tests compare problems. */
export function shortForm({ code, where, message }: WhalecurveError): string {
  return `${code} ${where?.split(':').slice(-2).join(':')} ${message}`;
}
