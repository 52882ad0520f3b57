import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openModelCache } from '../../transforms/model-cache.ts';
import { readParts } from '../../transforms/read-model.ts';

let folder = '';
let path = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-models-'));
  path = join(folder, 'dist', 'models.json');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const model = (table: string) => `/*
comment: x
grain: x
key: id
columns: { id: x }
*/
select id from ${table}`;

/** The tables that the models read, and how many of them had to be parsed. */
async function read(...texts: string[]): Promise<{ needs: string[]; parsed: number }> {
  const cache = await openModelCache(path);
  let parsed = 0;
  const needs = texts.map((text) => {
    const parts = cache.partsOf(text, () => {
      parsed++;
      return readParts('model.sql', text);
    });
    return parts.needs.join();
  });
  await cache.save();
  return { needs, parsed };
}

describe('the kept parts of models', () => {
  it('spare the parsing of a text that was read before, and of no other', async () => {
    const [one, other] = [model('entities.accounts'), model('entities.purchases')];
    expect(await read(one)).toEqual({ needs: ['entities.accounts'], parsed: 1 });
    expect(await read(one, other)).toEqual({ needs: ['entities.accounts', 'entities.purchases'], parsed: 1 });
    expect(await read(one, other)).toEqual({ needs: ['entities.accounts', 'entities.purchases'], parsed: 0 });
  });

  it('are no more than a copy: without the file, or with a damaged one, models are read from their text', async () => {
    const text = model('entities.visits');
    await read(text);
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, 20));
    expect(await read(text)).toEqual({ needs: ['entities.visits'], parsed: 1 });
    await rm(path);
    expect(await read(text)).toEqual({ needs: ['entities.visits'], parsed: 1 });
  });
});
