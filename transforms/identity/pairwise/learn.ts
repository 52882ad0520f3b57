import { type Evidence, maximiseExpectation } from './expectation-maximisation.ts';
import type { ComparisonModel, LevelModel, Model } from './model.ts';
import type { Level } from './settings.ts';

/** Fewer true pairs tell nothing about a comparison. */
const fewestSeen = 20;

/**
 * Learns the model from the data, and does not believe it where it makes no sense: a comparison whose surest level is
 * no evidence for one customer, or which hardly any true pair shows, keeps its assumed shares; so do all where the
 * fit as a whole fails.
 */
export function learn(evidence: Evidence): Model {
  const { comparisons } = evidence;
  const { lambda, relatives, m, u, h, seen, rounds, hasConverged } = maximiseExpectation(evidence);
  const notes: string[] = [];
  const failure = failureOf(lambda * evidence.allPairs, lambda, hasConverged, rounds);
  if (failure !== undefined) notes.push(`${failure}: the assumed shares hold`);
  const learned = comparisons.map((comparison, place): ComparisonModel => {
    const { name, levels, isFixed, isUnordered = false } = comparison;
    const isFree = isFixed || isUnordered;
    const fitted = levels.map(
      (level, index): Fitted => ({
        name: level.name,
        ...(level.given === undefined ? {} : { given: level.given }),
        m: m[place]?.[index] ?? level.m,
        u: u[place]?.[index] ?? level.u,
        relatives: Math.log2((h[place]?.[index] ?? level.m) / (u[place]?.[index] ?? level.u)),
      }),
    );
    const assumed = fitted.map((level, index) => ({ ...level, m: levels[index]?.m ?? level.m }));
    if (isFixed || failure !== undefined)
      return { name, isLearned: false, levels: withWeights(assumed, isFree) };
    const [first] = fitted;
    if ((seen[place] ?? 0) < fewestSeen) {
      notes.push(`${name}: fewer than ${fewestSeen} true pairs show it; the assumed shares hold`);
    } else if (!isUnordered && first !== undefined && first.m <= first.u) {
      notes.push(`${name}: its surest level came out as no evidence; the assumed shares hold`);
    } else {
      return { name, isLearned: true, levels: withWeights(fitted, isFree) };
    }
    return { name, isLearned: false, levels: withWeights(assumed) };
  });
  return { lambda, relatives, comparisons: learned, rounds, notes };
}

function failureOf(
  matches: number,
  lambda: number,
  hasConverged: boolean,
  rounds: number,
): string | undefined {
  if (!hasConverged) return `EM did not come to rest in ${rounds} rounds`;
  if (lambda >= 0.5) return 'EM took most pairs for one customer';
  if (matches <= 1) return 'EM found no pair that is one customer';
  return undefined;
}

type Fitted = Omit<LevelModel, 'weight'> & Pick<Level, 'given'>;

/**
 * Weights that never rise from one level to the next: levels out of order are taken together, with the sum of
 * their shares, as pooling adjacent violators does.
 */
export function withWeights(levels: readonly Fitted[], keepsOrder = false): LevelModel[] {
  const pools: { m: number; u: number; levels: Fitted[] }[] = [];
  for (const level of levels) {
    pools.push({ m: level.m, u: level.u, levels: [level] });
    for (;;) {
      const [before, last] = pools.slice(-2);
      if (keepsOrder || before === undefined || last === undefined) break;
      if (before.levels[0]?.given !== last.levels[0]?.given || before.m / before.u >= last.m / last.u) break;
      pools.splice(-2, 2, {
        m: before.m + last.m,
        u: before.u + last.u,
        levels: [...before.levels, ...last.levels],
      });
    }
  }
  return pools.flatMap((pool) =>
    pool.levels.map(({ given: _, ...level }) => ({ ...level, weight: Math.log2(pool.m / pool.u) })),
  );
}
