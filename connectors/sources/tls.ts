import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { WhalecurveError } from '../../config/error.ts';
import type { TlsConfig } from '../../config/schema.ts';

/** Options of Node's TLS, as both drivers take them. */
export interface TlsOptions {
  rejectUnauthorized: boolean;
  ca?: string;
  cert?: string;
  key?: string;
}

/**
 * What the config says of TLS, its files read. undefined: nothing is said, so the URL decides; false: no TLS.
 * Certificates are verified unless the config says `reject_unauthorized: false`.
 */
export async function readTls(
  tls: TlsConfig | undefined,
  folder: string,
  sourceName: string,
): Promise<TlsOptions | false | undefined> {
  if (tls === undefined || tls === false) return tls;
  if (tls === true) return { rejectUnauthorized: true };
  const options: TlsOptions = { rejectUnauthorized: tls.reject_unauthorized };
  for (const part of ['ca', 'cert', 'key'] as const) {
    const file = tls[part];
    if (file === undefined) continue;
    try {
      options[part] = await readFile(path.resolve(folder, file), 'utf8');
    } catch (cause) {
      throw new WhalecurveError('WC-SOURCE-001', `the file of tls.${part} cannot be read: ${file}`, {
        where: sourceName,
        hint: `tls.${part} is a path from the folder of the config file`,
        cause,
      });
    }
  }
  return options;
}
