import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../config/package-root.ts';
import type { Engine } from '../../connectors/engines/engine.ts';

/**
 * The SQL that defines the functions of the common dialect on one kind of engine, for `openEngine`. A file may
 * call what one before it by name defines.
 */
export async function readPrelude(kind: Engine['kind']): Promise<string> {
  const folder = join(packageRoot(), 'transforms', 'prelude');
  const files = (await readdir(folder))
    .filter((name) => name.startsWith(kind) && name.endsWith('.sql'))
    .sort();
  return (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}
