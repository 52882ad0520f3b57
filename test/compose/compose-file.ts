import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../../config/package-root.ts';

/** What these tests read of `docker-compose.yml`. */
export interface ComposeFile {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

export interface Service {
  image?: string;
  build?: { context: string; dockerfile: string };
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  command?: string[];
  healthcheck?: { test: string[]; interval: string; retries: number };
}

export async function composeFile(): Promise<ComposeFile> {
  return parse(await readFile(join(packageRoot(), 'docker-compose.yml'), 'utf8'));
}

/** A script of the first start, `compose/NAME.sql`. */
export function composeScript(name: string): Promise<string> {
  return readFile(join(packageRoot(), 'compose', `${name}.sql`), 'utf8');
}
