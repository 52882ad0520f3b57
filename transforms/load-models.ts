import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WhalecurveError } from '../config/error.ts';
import { packageRoot } from '../config/package-root.ts';
import { lintModel } from './lint-model.ts';
import { type ModelCache, openModelCache } from './model-cache.ts';
import { readModel, readParts } from './read-model.ts';
import type { Step } from './step.ts';

/** Folders below transforms/ that hold SQL which is no model. */
const otherSql = new Set(['prelude', 'conform']);

/**
 * Every model as a step: `<stage>/<table>.sql` makes the table `<stage>.<table>`. Sorted by name; orderSteps
 * gives the order of a run.
 *
 * @param folder default: that of this package, whose files do not change while it runs
 * @throws WC-MODEL-001 for a file that is no model, with its line.
 */
export async function loadModels(folder?: string): Promise<Step[]> {
  if (folder !== undefined) return readModels(folder);
  shipped ??= readShipped();
  return shipped;
}

/** Every stage of a run asks for them. */
let shipped: Promise<Step[]> | undefined;

async function readShipped(): Promise<Step[]> {
  const cache = await openModelCache();
  const steps = await readModels(join(packageRoot(), 'transforms'), cache);
  await cache.save();
  return steps;
}

async function readModels(folder: string, cache?: ModelCache): Promise<Step[]> {
  const steps: Step[] = [];
  for (const stage of await readdir(folder, { withFileTypes: true })) {
    if (!stage.isDirectory() || otherSql.has(stage.name)) continue;
    for (const name of await readdir(join(folder, stage.name))) {
      if (!name.endsWith('.sql')) continue;
      const file = join(folder, stage.name, name);
      const table = { schema: stage.name, table: name.slice(0, -'.sql'.length) };
      const text = await readFile(file, 'utf8');
      const read = () => readParts(file, text);
      const parts = cache === undefined ? read() : cache.partsOf(text, read);
      steps.push(readModel(file, text, table, parts));
    }
  }
  return steps.sort((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
}

/**
 * The models of a user, all of stage value: `<table>.sql` makes the table `value.<table>`.
 *
 * @throws WC-MODEL-001 for a file that is no model, and where the folder is not there or its files have names that no
 *   table can have
 */
export async function loadOwnModels(folder: string): Promise<Step[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new WhalecurveError('WC-MODEL-001', `the folder of models ${folder} cannot be read`, {
      where: 'models',
      hint: 'name a folder that is there, or take `models` out of the config',
      cause,
    });
  });
  const steps: Step[] = [];
  for (const name of names.filter((each) => each.endsWith('.sql')).sort()) {
    const table = name.slice(0, -'.sql'.length);
    const file = join(folder, name);
    if (!/^[a-z][a-z0-9_]{0,62}$/.test(table)) {
      throw new WhalecurveError('WC-MODEL-001', `${name} gives a table a name that it cannot have`, {
        where: `${file}:1:1`,
        hint: 'lower case letters, digits and _, with a letter first, 63 at most',
      });
    }
    const text = await readFile(file, 'utf8');
    const [broken] = lintModel(file, text);
    if (broken !== undefined) throw broken;
    steps.push(readModel(file, text, { schema: 'value', table }));
  }
  return steps;
}

function nameOf({ table }: Step): string {
  return `${table.schema}.${table.table}`;
}
