import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { packageVersion } from '../config/package-version.ts';
import type { LoadedConfig } from '../config/schema.ts';
import type { RunOrigin } from './run-history.ts';

/** Which product and which config a run came from. */
export async function originOf(config: LoadedConfig): Promise<RunOrigin> {
  return {
    configHash: await configHash(config),
    productVersion: packageVersion(),
    sources: Object.keys(config.sources).length,
  };
}

/** Of the file as it was written, where secrets are only references: the same on every machine. */
export async function configHash(config: LoadedConfig): Promise<string> {
  return createHash('sha256')
    .update(await readFile(config.file))
    .digest('hex')
    .slice(0, 16);
}
