import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../config/package-root.ts';
import { readModel } from './read-model.ts';
import type { Step } from './step.ts';

/** Folders below transforms/ that hold SQL which is no model. */
const otherSql = new Set(['prelude', 'conform']);

/**
 * Every model as a step: `<stage>/<table>.sql` makes the table `<stage>.<table>`. Sorted by name; orderSteps
 * gives the order of a run.
 * @throws WC-MODEL-001 for a file that is no model, with its line.
 */
export async function loadModels(folder = join(packageRoot(), 'transforms')): Promise<Step[]> {
  const steps: Step[] = [];
  for (const stage of await readdir(folder, { withFileTypes: true })) {
    if (!stage.isDirectory() || otherSql.has(stage.name)) continue;
    for (const name of await readdir(join(folder, stage.name))) {
      if (!name.endsWith('.sql')) continue;
      const file = join(folder, stage.name, name);
      const table = { schema: stage.name, table: name.slice(0, -'.sql'.length) };
      steps.push(readModel(file, await readFile(file, 'utf8'), table));
    }
  }
  return steps.sort((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
}

function nameOf({ table }: Step): string {
  return `${table.schema}.${table.table}`;
}
