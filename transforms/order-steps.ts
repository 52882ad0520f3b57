import { WhalecurveError } from '../config/error.ts';
import { suggestion } from '../config/nearest-word.ts';
import type { Step } from './step.ts';

/** Schemas whose tables are there before the first step runs. */
const givenSchemas = new Set(['raw', 'settings', 'entities', 'whalecurve']);

/**
 * The steps so that each stands after those whose tables it reads; steps that are free of each other stand
 * by name, so that every run has the same order.
 * @throws WC-MODEL-001 for a need that no step builds, WC-MODEL-003 for a circle, naming it.
 */
export function orderSteps(steps: readonly Step[]): Step[] {
  const byName = new Map(steps.map((step) => [nameOf(step), step]));
  const names = [...byName.keys()].sort();
  const needed = new Map(
    [...byName].map(([name, step]) => [
      name,
      step.needs.filter((need) => isBuilt(name, need, byName)).sort(),
    ]),
  );
  const ordered: Step[] = [];
  const placed = new Set<string>();

  const place = (name: string, path: readonly string[]): void => {
    if (placed.has(name)) return;
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name];
      throw new WhalecurveError('WC-MODEL-003', `models depend on each other: ${circle.join(' → ')}`, {
        where: name,
        hint: 'take one of these tables out of the model before it, or split a model in two',
      });
    }
    for (const need of needed.get(name) ?? []) place(need, [...path, name]);
    const step = byName.get(name);
    if (step !== undefined) ordered.push(step);
    placed.add(name);
  };
  for (const name of names) place(name, []);
  return ordered;
}

function isBuilt(name: string, need: string, byName: ReadonlyMap<string, Step>): boolean {
  if (byName.has(need)) return true;
  if (givenSchemas.has(need.split('.')[0] ?? '')) return false;
  throw new WhalecurveError('WC-MODEL-001', `${name} reads ${need}, which no model makes`, {
    where: name,
    hint: suggestion(need, byName.keys()),
  });
}

function nameOf({ table }: Step): string {
  return `${table.schema}.${table.table}`;
}
