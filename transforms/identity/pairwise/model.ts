/** What was learned, as it is kept for the nights to come and shown to a person. */
export interface Model {
  /** Share of all pairs of accounts that are one customer. */
  lambda: number;
  /** Share of all pairs that are two people of one household, or two firms under one roof. */
  relatives: number;
  comparisons: readonly ComparisonModel[];
  /** Rounds of EM. */
  rounds: number;
  /** What could not be learned, and what holds instead. */
  notes: readonly string[];
}

export interface ComparisonModel {
  name: string;
  /** False where the assumed shares of the settings hold. */
  isLearned: boolean;
  levels: readonly LevelModel[];
}

export interface LevelModel {
  name: string;
  /** Share of the level among pairs that are one customer, and among chance pairs. */
  m: number;
  u: number;
  /** Evidence in bits: log2(m / u), never lower than that of a later level. */
  weight: number;
  /** Evidence in bits for relatives rather than strangers. */
  relatives: number;
  /** Pairs at the level among those above the cut, when it was learned; undefined where nothing was. */
  pairsAboveCut?: number;
}

/** Log2 of the odds before any evidence. */
export function priorBits({ lambda }: Pick<Model, 'lambda'>): number {
  return Math.log2(lambda / (1 - lambda));
}

export function probabilityOf(bits: number): number {
  return 1 / (1 + 2 ** -bits);
}

/**
 * Evidence in bits that a pair is one customer rather than strangers or relatives; 0 is even odds. What speaks for
 * one customer as much as for relatives counts for little.
 */
export function evidenceBits(model: Model, match: number, relatives: number): number {
  return priorBits(model) + match - Math.log2(1 + oddsOfRelatives(model) * 2 ** relatives);
}

/** SQL of evidenceBits over the columns of comparePairs. */
export function weightSql(model: Model): string {
  const sumOf = (bitsOf: (level: LevelModel) => number): string =>
    model.comparisons
      .map(({ levels }, index) => {
        const cases = levels.map(
          (level, place) => `when ${place + 1} then ${bitsOf(level).toFixed(4)}::double`,
        );
        return `case c${index} ${cases.join(' ')} else 0 end`;
      })
      .join(' + ');
  const match = `rarity + ${sumOf(({ weight }) => weight)}`;
  const relatives = `rarity + ${sumOf((level) => level.relatives)}`;
  return `round(${priorBits(model).toFixed(4)}::double + ${match} - log2(1 + ${oddsOfRelatives(model)}::double * pow(2, ${relatives})), 3)`;
}

/** Odds of two people of one household rather than strangers, before any evidence. */
export function oddsOfRelatives({ lambda, relatives }: Model): number {
  return relatives / (1 - lambda - relatives);
}
