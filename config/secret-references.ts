import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { parseDocument, visit } from 'yaml';
import type { Environment } from './environment.ts';
import { standIn, withStandIns } from './variables.ts';

/** What the references of a config stand for, and why some stand for nothing. */
export interface References {
  /** By what stands between the braces: `NAME`, `file:PATH` or `cmd:LINE`. */
  values: Environment;
  reasons: Readonly<Record<string, string>>;
}

/** Longest that a command may take; a keychain that asks for a password would wait for ever. */
const commandSeconds = 30;

/**
 * Reads what `${file:PATH}` and `${cmd:LINE}` of a config stand for: the text of a file, as Docker and Kubernetes
 * hand out secrets, or what a command prints, as password managers do; without its last line break. PATH starts
 * from the config's folder, where LINE runs too, by the shell. Only values refer: what a comment says is not run.
 */
export async function readReferences(
  text: string,
  folder: string,
  environment: Environment,
): Promise<References> {
  const values: Record<string, string | undefined> = { ...environment };
  const reasons: Record<string, string> = {};
  for (const reference of referencesIn(text)) {
    const [kind, rest] = [
      reference.slice(0, reference.indexOf(':')),
      reference.slice(reference.indexOf(':') + 1),
    ];
    try {
      const found =
        kind === 'file'
          ? await readFile(resolve(folder, rest), 'utf8')
          : await printed(rest, folder, environment);
      values[reference] = found.replace(/\r?\n$/, '');
    } catch (cause) {
      reasons[reference] = kind === 'file' ? whyNoFile(rest, cause) : whyNothingPrinted(cause);
    }
  }
  return { values, reasons };
}

function referencesIn(text: string): Set<string> {
  const references = new Set<string>();
  visit(parseDocument(withStandIns(text), { merge: true }), {
    Scalar(role, { value }) {
      if (role === 'key' || typeof value !== 'string') return;
      for (const [, name = ''] of value.matchAll(standIn)) if (name.includes(':')) references.add(name);
    },
  });
  return references;
}

async function printed(line: string, folder: string, environment: Environment): Promise<string> {
  const options = { cwd: folder, env: environment, timeout: commandSeconds * 1000 };
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', line], options);
  if (stdout.trim() === '') throw new Error('it printed nothing');
  return stdout;
}

function whyNoFile(path: string, cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException;
  return code === 'ENOENT' ? `there is no file ${path}` : `the file ${path} cannot be read (${code})`;
}

/** The command's own words may hold the secret: of them only the first line of what it complained of. */
function whyNothingPrinted(cause: unknown): string {
  const { code, killed, stderr, message } = cause as {
    code?: number;
    killed?: boolean;
    stderr?: string;
    message: string;
  };
  if (killed === true) return `the command did not end within ${commandSeconds} s`;
  if (code === undefined) return `the command failed: ${message}`;
  const complaint = stderr?.trim().split('\n')[0] ?? '';
  return `the command failed with exit code ${code}${complaint === '' ? '' : `: ${complaint}`}`;
}
