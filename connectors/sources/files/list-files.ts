import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { WhalecurveError } from '../../../config/error.ts';
import { nearestWord } from '../../../config/nearest-word.ts';
import { formatOfName } from './file-format.ts';
import { globPattern, isGlob } from './glob.ts';

/** One file, as it was when the snapshot was opened. */
export interface DataFile {
  /** Absolute. */
  path: string;
  /** Below the source's folder, with `/`: what `_file` holds. */
  file: string;
  /** Where it lies, if a link leads there. */
  realPath: string;
  bytes: number;
  modifiedMs: number;
}

/**
 * Every file below `folder` that is not hidden, by name in the order of its bytes. A link that leads out of
 * the folder is left out: a config must not read what lies elsewhere.
 */
export async function listFiles(folder: string): Promise<DataFile[]> {
  const files: DataFile[] = [];
  try {
    const root = await realpath(folder);
    await collect({ root, folder: root, above: [] }, files);
  } catch (cause) {
    throw new WhalecurveError('WC-SOURCE-001', `the folder ${folder} cannot be read: ${wordsOf(cause)}`, {
      where: folder,
      hint: '`path` is relative to the folder of the config file, and must be readable',
      cause,
    });
  }
  return files.sort((a, b) => compareText(a.file, b.file));
}

interface Walk {
  root: string;
  folder: string;
  /** The real paths of the folders above: a link to one of them would be walked for ever. */
  above: readonly string[];
}

async function collect({ root, folder, above }: Walk, files: DataFile[]): Promise<void> {
  const here = await realpath(folder);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    const real = entry.isSymbolicLink() ? await unlessGone(realpath(path)) : join(here, entry.name);
    if (real === null || !isBelow(root, real)) continue;
    const state = await unlessGone(stat(real));
    if (state === null) continue;
    if (state.isDirectory()) {
      if (real !== here && !above.includes(real)) {
        await unlessGone(collect({ root, folder: path, above: [...above, here] }, files));
      }
    } else if (state.isFile()) {
      const file = relative(root, path).split(sep).join('/');
      files.push({ path, file, realPath: real, bytes: state.size, modifiedMs: state.mtimeMs });
    }
  }
}

/**
 * Null for a link that leads nowhere, and for what vanished since its folder was listed: other programs, and a
 * run's own lock files, come and go beside the data.
 */
async function unlessGone<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (['ENOENT', 'ELOOP'].includes(codeOf(error) ?? '')) return null;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}

/** Each file once, under its own name rather than that of a link to it. */
export function withoutDuplicates(files: readonly DataFile[]): DataFile[] {
  const byRealPath = new Map<string, DataFile>();
  for (const file of files) {
    const known = byRealPath.get(file.realPath);
    if (known === undefined || file.path === file.realPath) byRealPath.set(file.realPath, file);
  }
  return files.filter((file) => byRealPath.get(file.realPath) === file);
}

function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function wordsOf(cause: unknown): string {
  return codeOf(cause) ?? String(cause);
}

/**
 * The files that the name of a table means: a file, all data files in a folder and the folders below it, or
 * those that a glob matches. Throws WC-FILE-001 if there are none, with the nearest name that exists.
 */
export function matchFiles(
  files: readonly DataFile[],
  name: string,
  folder: string,
  isFormatGiven: boolean,
): DataFile[] {
  const wanted = normalName(name, folder);
  const exact = files.filter((file) => file.file === wanted);
  if (exact.length > 0) return exact;
  const pattern = isGlob(wanted) ? globPattern(wanted) : null;
  const matched = files.filter((file) => {
    if (pattern?.test(file.file)) return true;
    const isInFolder = wanted === '' || file.file.startsWith(`${wanted}/`);
    // Other files beside the data, a README for example, are no part of a folder's table.
    return isInFolder && (isFormatGiven || formatOfName(file.file) !== null);
  });
  if (matched.length > 0) return withoutDuplicates(matched);
  const names = files.map((file) => file.file);
  const nearest = nearestWord(wanted, names);
  throw new WhalecurveError('WC-FILE-001', `no file matches ${name} in ${folder}`, {
    where: join(folder, name),
    hint: nearest === undefined ? namesHint(names) : `did you mean ${nearest}?`,
  });
}

function namesHint(names: readonly string[]): string {
  if (names.length === 0) return 'the folder holds no file';
  return `there are ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
}

/** The name with `/` and without `./`; refuses one that leads out of the folder. */
function normalName(name: string, folder: string): string {
  const path = resolve(folder, name);
  if (!isBelow(resolve(folder), path)) {
    throw new WhalecurveError('WC-FILE-001', `${name} leads out of ${folder}`, {
      where: folder,
      hint: 'name a file below `path`, or set `path` to the folder that holds it',
    });
  }
  return relative(resolve(folder), path).split(sep).join('/');
}

function isBelow(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
