import { readFile } from 'node:fs/promises';
import { noReferences, readConfigDocument } from './config-document.ts';

/** The config as its file has it: no defaults filled in, variables as `${NAME}`. */
export async function readWrittenConfig(file: string): Promise<unknown> {
  return readConfigDocument(file, await readFile(file, 'utf8'), noReferences).value;
}
