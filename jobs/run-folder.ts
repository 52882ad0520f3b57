import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedConfig } from '../config/schema.ts';
import { runsFolder as runsFolderOf } from '../connectors/engines/open-engine.ts';

/**
 * The folder of one run, where workers leave what they extracted.
 */
export function runFolder(config: LoadedConfig, runId: string): string {
  return join(runsFolder(config), runId);
}

export async function makeRunFolder(config: LoadedConfig, runId: string): Promise<string> {
  const folder = runFolder(config, runId);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Removes what killed runs left behind. Only for the holder of the run's lock: no other run is alive. */
export async function removeLeftoverRunFolders(config: LoadedConfig, runId: string): Promise<void> {
  const folders = await readdir(runsFolder(config)).catch(nothingWhereMissing);
  for (const name of folders) {
    if (name !== runId) await rm(join(runsFolder(config), name), { recursive: true, force: true });
  }
}

export async function removeRunFolder(config: LoadedConfig, runId: string): Promise<void> {
  await rm(runFolder(config, runId), { recursive: true, force: true });
  const isEmpty = (await readdir(runsFolder(config)).catch(nothingWhereMissing)).length === 0;
  if (isEmpty) await rm(runsFolder(config), { recursive: true, force: true });
}

function runsFolder(config: LoadedConfig): string {
  return runsFolderOf(config.warehouse);
}

function nothingWhereMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
