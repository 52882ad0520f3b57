import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../config/package-root.ts';
import type { ModelHeader } from './model-header.ts';

/** What is read out of the text of a model. */
export interface ModelParts {
  header: ModelHeader;
  /** Where the header ends, in characters. */
  end: number;
  /** `schema.table` of every table that the SELECT reads. */
  needs: readonly string[];
}

export interface ModelCache {
  /** The kept parts of a model, or those that `read` gives, which are then kept. */
  partsOf(text: string, read: () => ModelParts): ModelParts;
  /** Writes down what was read anew. */
  save(): Promise<void>;
}

/**
 * The parts of the shipped models by the SHA-256 of their text and of the code that reads them, in `dist/`: two parsers
 * take 130 CPU ms for all of them, which every small command and test file would pay. Nothing rests on the file: what
 * it lacks is read out of the text.
 */
export async function openModelCache(path = join(packageRoot(), 'dist', 'models.json')): Promise<ModelCache> {
  const code = await codeHash();
  const kept = await readKept(path);
  const used: Record<string, ModelParts> = {};
  let isNew = false;
  return {
    partsOf(text, read) {
      const name = createHash('sha256').update(code).update(text).digest('hex');
      const known = kept[name];
      isNew ||= known === undefined;
      const parts = known ?? read();
      used[name] = parts;
      return parts;
    },
    async save() {
      if (!isNew) return;
      const candidate = `${path}.${process.pid}`;
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(candidate, JSON.stringify(used));
        await rename(candidate, path);
      } catch {
        // A package that may not be written to: the next process reads the models once more.
      }
    },
  };
}

async function readKept(path: string): Promise<Record<string, ModelParts>> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    // Not there yet, or damaged.
    return {};
  }
}

const readers = ['read-model', 'read-model-header', 'model-header', 'model-cache'];

/** Compiled or not, these files stand beside this one. */
async function codeHash(): Promise<string> {
  const here = fileURLToPath(import.meta.url);
  const extension = here.slice(here.lastIndexOf('.'));
  const hash = createHash('sha256');
  for (const name of readers) hash.update(await readFile(join(dirname(here), `${name}${extension}`)));
  return hash.digest('hex');
}
