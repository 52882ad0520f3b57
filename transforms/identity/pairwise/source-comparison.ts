import type { ComparisonModel, Model } from './model.ts';
import type { Comparison } from './settings.ts';

const anySource = 'same source';
const oneSource = `${anySource}: `;
/** A level is kept in a byte; of a company with more sources the first ones by name are learned. */
const mostSources = 200;

/**
 * Whether a second account of one source is likely to be the same customer. Most systems are kept free of duplicates, some are
 * full of them: learned, and no level is surer than another.
 */
export const source: Comparison = {
  name: 'source',
  attributes: ['source'],
  missing: 'l.source is null or r.source is null',
  isUnordered: true,
  levels: [
    { name: 'another source', when: 'l.source <> r.source', m: 0.5, u: 0.5 },
    { name: anySource, when: 'true', m: 0.5, u: 0.5 },
  ],
};

/**
 * The comparison of the source with a level for each source that the accounts have, so that each is learned for itself: one
 * system is free of duplicates, another full of them. What is not among them says nothing. Any other comparison stays as it is.
 */
export function withLevelOfEach(comparison: Comparison, sources: readonly string[]): Comparison {
  const [another, same] = comparison.levels;
  if (comparison.name !== source.name || same?.name !== anySource || another === undefined) return comparison;
  const known = [...sources].sort().slice(0, mostSources);
  if (known.length === 0) return comparison;
  const [m, u] = [same.m / known.length, same.u / known.length];
  return {
    ...comparison,
    missing: `${comparison.missing} or (l.source = r.source and l.source not in (${known.map(text).join(', ')}))`,
    levels: [
      another,
      ...known.map((name) => ({ name: `${oneSource}${name}`, when: `l.source = ${text(name)}`, m, u })),
    ],
  };
}

/** The sources that a model knows, by name. */
export function sourcesIn(model: Pick<Model, 'comparisons'>): string[] {
  return [...bitsOfSecondAccounts(model).keys()];
}

/** By source, the evidence in bits that a second account in it gives for one customer; what is not in it gives none. */
export function bitsOfSecondAccounts({ comparisons }: Pick<Model, 'comparisons'>): Map<string, number> {
  const levels: ComparisonModel['levels'] =
    comparisons
      .find(({ name }) => name === source.name)
      ?.levels.filter(({ name }) => name.startsWith(oneSource)) ?? [];
  return new Map(levels.map(({ name, weight }) => [name.slice(oneSource.length), weight]));
}

function text(name: string): string {
  return `'${name.replaceAll("'", "''")}'`;
}
