import type { Agreement } from './compare.ts';
import type { Patterns } from './patterns.ts';
import type { Comparison, Level } from './settings.ts';

export interface Evidence {
  comparisons: readonly Comparison[];
  /** The pairs that blocking found. */
  blocked: Patterns;
  /** Pairs drawn without regard to what they hold. */
  chance: Patterns;
  /** n (n - 1) / 2 of n accounts. */
  allPairs: number;
  agreement: Agreement;
}

/** Shares by comparison, then level; each comparison's add up to 1. */
export type Shares = number[][];

export interface Estimate {
  lambda: number;
  /** Share of all pairs that are two people of one household, or two firms under one roof. */
  relatives: number;
  m: Shares;
  u: Shares;
  /** Shares among those pairs. */
  h: Shares;
  /** True pairs, by comparison, from which m was learned: both sides say something, and no rule asked for it. */
  seen: number[];
  rounds: number;
  hasConverged: boolean;
}

const mostRounds = 100;
const smallestChange = 1e-3;
/** Relatives for each pair that is one customer, at least: some data show none, and the next account may be a spouse. */
const fewestRelatives = 0.02;

/**
 * Expectation maximisation (Winkler 2000) over pattern counts, with three kinds of pairs: one customer (m), strangers (u) and
 * relatives (h), who share an address, a mailbox or a number but not the given name or birth date. Without the third, couples
 * are taken for one customer and teach the model that one customer often has two given names. Their shares are the
 * assumed ones: learned freely, the third kind becomes whatever pairs the other two fit worst. u comes from the
 * chance pairs, less those that are probably one customer; the rest from the blocked pairs. A pair tells about a
 * comparison only if some rule that finds it says nothing about that comparison: the pairs of a rule on names all
 * have equal names.
 */
export function maximiseExpectation(evidence: Evidence): Estimate {
  const { comparisons, blocked, chance, allPairs } = evidence;
  let lambda = Math.min(0.1, total(blocked.count) / 10 / allPairs);
  let relatives = lambda / 5;
  let m: Shares = comparisons.map(({ levels }) =>
    normalised(
      levels,
      levels.map((level) => level.m),
    ),
  );
  let h: Shares = comparisons.map(({ levels }) =>
    normalised(
      levels,
      levels.map((level) => level.relatives ?? level.m),
    ),
  );
  let u = chanceShares(evidence, nothing(chance), nothing(blocked), lambda, m);
  for (let rounds = 1; ; rounds += 1) {
    for (const [place, comparison] of comparisons.entries()) {
      if (areStrangersIn(comparison)) h[place] = u[place] ?? [];
    }
    const kinds = probabilities(blocked, { lambda, relatives, m, u, h });
    const matches = weightedSum(blocked.count, kinds.match);
    const nextLambda = Math.min(0.5, Math.max(matches, 1) / allPairs);
    const related = weightedSum(blocked.count, kinds.relatives) / allPairs;
    relatives = Math.min(0.5, Math.max(related, nextLambda * fewestRelatives));
    const next = comparisons.map((_, place) => matchShares(comparisons, place, blocked, kinds.match));
    const change = Math.max(
      Math.abs(Math.log(nextLambda / lambda)),
      ...next.flatMap(({ shares }, place) =>
        shares.map((share, index) => Math.abs(share - (m[place]?.[index] ?? 0))),
      ),
    );
    lambda = nextLambda;
    m = next.map(({ shares }) => shares);
    h = h.map((shares, place) => relativeShares(comparisons, place, blocked, kinds.relatives) ?? shares);
    u = chanceShares(evidence, probabilities(chance, { lambda, relatives, m, u, h }), kinds, lambda, m);
    const hasConverged = change < smallestChange;
    if (hasConverged || rounds === mostRounds) {
      return { lambda, relatives, m, u, h, seen: next.map(({ seen }) => seen), rounds, hasConverged };
    }
  }
}

/** True where relatives agree no more than strangers do. */
function areStrangersIn({ levels }: Comparison): boolean {
  return levels.every((level) => level.relatives === undefined);
}

/** Bits of a pattern's levels and rarity, without the prior. */
export function patternBits(patterns: Patterns, weights: Shares, index: number): number {
  let bits = patterns.rarity[index] ?? 0;
  for (let place = 0; place < weights.length; place += 1) {
    const level = patterns.levels[place]?.[index] ?? 0;
    if (level > 0) bits += weights[place]?.[level - 1] ?? 0;
  }
  return bits;
}

interface Kinds {
  match: Float64Array;
  relatives: Float64Array;
}

function probabilities(
  patterns: Patterns,
  { lambda, relatives, m, u, h }: Pick<Estimate, 'lambda' | 'relatives' | 'm' | 'u' | 'h'>,
): Kinds {
  const [matchWeights, relativeWeights] = [logRatios(m, u), logRatios(h, u)];
  const strangers = 1 - lambda - relatives;
  const kinds = {
    match: new Float64Array(patterns.count.length),
    relatives: new Float64Array(patterns.count.length),
  };
  for (let index = 0; index < patterns.count.length; index += 1) {
    const match = (lambda / strangers) * 2 ** patternBits(patterns, matchWeights, index);
    const related = (relatives / strangers) * 2 ** patternBits(patterns, relativeWeights, index);
    kinds.match[index] = match / (match + related + 1);
    kinds.relatives[index] = related / (match + related + 1);
  }
  return kinds;
}

function logRatios(shares: Shares, u: Shares): Shares {
  return shares.map((levels, place) =>
    levels.map((share, index) => Math.log2(share / (u[place]?.[index] ?? 1))),
  );
}

/** The assumed shares count as so many true pairs, and so many pairs of relatives. */
const assumedMatches = 10;
const assumedRelatives = 50;

function matchShares(
  comparisons: readonly Comparison[],
  place: number,
  patterns: Patterns,
  probable: Float64Array,
): { shares: number[]; seen: number } {
  const { levels = [], isFixed, witnesses, learnsRelatives: isStrict } = comparisons[place] ?? {};
  const sums = normalised(
    levels,
    levels.map((level) => level.m),
  ).map((share) => share * assumedMatches);
  if (isFixed) return { shares: normalised(levels, sums), seen: 0 };
  const isWitnessed =
    witnesses !== undefined && (isStrict || comparisons.some(({ name }) => witnesses.includes(name)));
  const agrees = isWitnessed ? agreeIn(comparisons, witnesses, patterns) : undefined;
  let seen = 0;
  for (let index = 0; index < probable.length; index += 1) {
    const level = patterns.levels[place]?.[index] ?? 0;
    if (level === 0 || !isFree(patterns, index, place) || agrees?.(index) === false) continue;
    const pairs = (probable[index] ?? 0) * (patterns.count[index] ?? 0);
    sums[level - 1] = (sums[level - 1] ?? 0) + pairs;
    seen += pairs;
  }
  return { shares: normalised(levels, sums), seen };
}

/**
 * Shares among relatives, learned where a witness differs, which keeps those who are one customer out of it: father and son
 * have one name, and how often is a matter of the country.
 */
function relativeShares(
  comparisons: readonly Comparison[],
  place: number,
  patterns: Patterns,
  probable: Float64Array,
): number[] | undefined {
  const { levels = [], witnesses, learnsRelatives } = comparisons[place] ?? {};
  if (!learnsRelatives || witnesses === undefined) return undefined;
  const differs = differIn(comparisons, witnesses, patterns);
  const sums = normalised(
    levels,
    levels.map((level) => level.relatives ?? level.m),
  ).map((share) => share * assumedRelatives);
  for (let index = 0; index < probable.length; index += 1) {
    const level = patterns.levels[place]?.[index] ?? 0;
    if (level === 0 || !isFree(patterns, index, place) || !differs(index)) continue;
    sums[level - 1] = (sums[level - 1] ?? 0) + (probable[index] ?? 0) * (patterns.count[index] ?? 0);
  }
  return normalised(levels, sums);
}

/** Whether some rule that finds the pairs of the pattern says nothing about the comparison. */
function isFree(patterns: Patterns, index: number, place: number): boolean {
  return Math.floor((patterns.free[index] ?? 0) / 2 ** place) % 2 === 1;
}

/** Whether, in a pattern, one of the named comparisons is at its last level. */
function differIn(
  comparisons: readonly Comparison[],
  names: readonly string[],
  patterns: Patterns,
): (index: number) => boolean {
  const places = [...comparisons.entries()].filter(([, { name }]) => names.includes(name));
  return (index) =>
    places.some(([place, { levels }]) => (patterns.levels[place]?.[index] ?? 0) === levels.length);
}

function nothing({ count }: Patterns): Kinds {
  return { match: new Float64Array(count.length), relatives: new Float64Array(count.length) };
}

/** Whether, in a pattern, one of the named comparisons is at any level but its last. */
function agreeIn(
  comparisons: readonly Comparison[],
  names: readonly string[],
  patterns: Patterns,
): (index: number) => boolean {
  const places = [...comparisons.entries()].filter(([, { name }]) => names.includes(name));
  return (index) =>
    places.some(([place, { levels }]) => {
      const level = patterns.levels[place]?.[index] ?? 0;
      return level > 0 && level < levels.length;
    });
}

/** The assumed shares count as so many chance pairs: a sample does not hold levels as rare as one in a million. */
const assumedPairs = 200_000;
/** So many where the level holds only given another agreement, which is rare by itself. */
const assumedGiven = 200;

/**
 * Shares among strangers: from the chance pairs. What holds only given another agreement is too rare among them, and comes from
 * the blocked pairs too: a rule that says nothing about a comparison finds the strangers as they are.
 */
function chanceShares(
  evidence: Evidence,
  inChance: Kinds,
  inBlocked: Kinds,
  lambda: number,
  m: Shares,
): Shares {
  const { comparisons, chance, blocked, agreement } = evidence;
  const most = Math.min(assumedPairs, 0.2 * total(chance.count));
  return comparisons.map(({ levels, isFixed }, place) => {
    if (isFixed) return levels.map((level) => level.u);
    const sums = levels.map(
      (level, index) =>
        (level.given === undefined ? most : Math.min(most, assumedGiven)) *
        assumedChance(level, agreement, lambda * (m[place]?.[index] ?? 0)),
    );
    for (let index = 0; index < chance.count.length; index += 1) {
      const level = chance.levels[place]?.[index] ?? 0;
      if (level === 0) continue;
      sums[level - 1] =
        (sums[level - 1] ?? 0) + (1 - (inChance.match[index] ?? 0)) * (chance.count[index] ?? 0);
    }
    if (levels.some(({ given }) => given !== undefined)) {
      for (let index = 0; index < blocked.count.length; index += 1) {
        const level = blocked.levels[place]?.[index] ?? 0;
        if (level === 0 || !isFree(blocked, index, place)) continue;
        const strangers = 1 - (inBlocked.match[index] ?? 0) - (inBlocked.relatives[index] ?? 0);
        sums[level - 1] = (sums[level - 1] ?? 0) + strangers * (blocked.count[index] ?? 0);
      }
    }
    return normalised(levels, sums);
  });
}

/** At least this share of the pairs that agree on a value do so by chance. */
const leastByChance = 0.05;

/** Chance of a level: of agreeing on its rare values, which the data tell, times that of the rest of its condition. */
function assumedChance({ rarity, u }: Level, agreement: Agreement, byIdentity: number): number {
  if (rarity === undefined) return u;
  const agree = 2 ** -rarity.reduce((bits, name) => bits + (agreement.get(name) ?? 60), 0);
  if (rarity.length > 1 || u < 1) return u * agree;
  return Math.max(agree - byIdentity, agree * leastByChance);
}

export function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += values[index] ?? 0;
  return sum;
}

function weightedSum(values: ArrayLike<number>, weights: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += (values[index] ?? 0) * (weights[index] ?? 0);
  return sum;
}

/** Shares that add up to 1 among the levels with the same `given`. */
function normalised(levels: readonly Level[], sums: readonly number[]): number[] {
  const all = new Map<string, number>();
  for (const [index, { given = '' }] of levels.entries())
    all.set(given, (all.get(given) ?? 0) + (sums[index] ?? 0));
  return sums.map((value, index) => value / (all.get(levels[index]?.given ?? '') || 1));
}
