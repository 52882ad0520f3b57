import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../config/package-root.ts';
import type { Engine } from '../../connectors/engines/engine.ts';

/** The SQL that defines the functions of the common dialect on one kind of engine, for `openEngine`. */
export function readPrelude(kind: Engine['kind']): Promise<string> {
  return readFile(join(packageRoot(), 'transforms', 'prelude', `${kind}.sql`), 'utf8');
}
