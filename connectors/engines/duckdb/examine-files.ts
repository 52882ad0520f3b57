import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CheckVerdict } from '../../sources/source.ts';

/** That the files of warehouse and state can be written, and the masked one if there is to be one. */
export async function* examineFiles(files: Readonly<Record<string, string>>): AsyncGenerator<CheckVerdict> {
  for (const [subject, file] of Object.entries(files)) {
    const isOk = await mayWrite(file);
    yield isOk
      ? { subject, isOk, message: file }
      : {
          subject,
          isOk,
          message: `${file} cannot be written`,
          hint: `give this user the right to write in ${dirname(file)}`,
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
