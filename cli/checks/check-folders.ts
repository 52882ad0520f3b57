import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LoadedConfig } from '../../config/schema.ts';
import { statePath } from '../../connectors/engines/open-engine.ts';
import type { Verdict } from './verdict.ts';

/** That the files of warehouse and state can be written; nothing is made by looking. */
export async function* checkFolders({ warehouse }: LoadedConfig): AsyncGenerator<Verdict> {
  for (const [subject, file] of [
    ['warehouse', warehouse.path],
    ['state', statePath(warehouse)],
  ] as const) {
    const isWritable = await mayWrite(file);
    yield {
      group: 'surroundings',
      subject,
      level: isWritable ? 'ok' : 'failed',
      message: isWritable ? file : `${file} cannot be written`,
      ...(isWritable ? {} : { hint: `give this user the right to write in ${dirname(file)}` }),
    };
  }
}

/** The file and its folder, or the nearest folder above that exists: the rest would be made there. */
async function mayWrite(file: string): Promise<boolean> {
  if ((await kindOf(file)) !== 'nothing' && !(await allowsWriting(file))) return false;
  let folder = dirname(file);
  while ((await kindOf(folder)) === 'nothing' && folder !== dirname(folder)) folder = dirname(folder);
  return (await kindOf(folder)) === 'folder' && allowsWriting(folder);
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    return 'nothing';
  }
}

async function allowsWriting(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
