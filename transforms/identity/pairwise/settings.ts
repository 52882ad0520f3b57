import type { Linkage } from './average-evidence.ts';
import type { Contradiction } from './contradictions.ts';

/**
 * What pairwise resolution does, as data: a user adds an attribute with its comparison and a blocking key by
 * adding entries, without code. SQL expressions are in DuckDB's dialect; those of a blocking rule read the
 * columns of one account, those of a comparison read the two accounts `l` and `r`.
 */
export interface PairwiseSettings {
  /** Attributes besides the built-in ones: columns of the accounts table, compared as they are but for case and marks. */
  attributes: readonly OwnAttribute[];
  blocking: readonly BlockingRule[];
  comparisons: readonly Comparison[];
  contradictions: readonly Contradiction[];
  linkage: Linkage;
  /** A block of more accounts is refined by the rule's second key or left out; bounds the pairs. */
  largestBlock: number;
  /**
   * Pairs per account that all rules together may give, and how many they may give however few the accounts are. No rule
   * may take more than a fifth; the largest blocks of a rule are left out first.
   */
  pairsPerAccount: number;
  fewestPairs: number;
  /** Accounts that one round of clustering takes together. */
  largestComponent: number;
  /** Random pairs from which chance agreement is learned. */
  randomPairs: number;
}

/** A column of the accounts table that the product knows nothing about, such as a loyalty card. */
export interface OwnAttribute {
  name: string;
}

export interface BlockingRule {
  name: string;
  /** SQL over one account; accounts with an equal key are compared. Null: the account takes no part. */
  key: string;
  /** Comparisons on whose attributes the key agrees: what they find cannot be learned from this rule's pairs. */
  uses: readonly string[];
  /** SQL over one account that splits blocks that are too large. */
  refine?: string;
}

export interface Comparison {
  name: string;
  /** Columns that it looks at; where every account lacks all of them there is nothing to compare. */
  attributes: readonly string[];
  /** SQL over `l` and `r` that several levels use: computed once per pair, under the name given here. */
  measures?: Readonly<Record<string, string>>;
  /** SQL over `l` and `r`: true where one side says nothing, which is no evidence either way. */
  missing: string;
  /** From certain to different. The last level takes all the rest. */
  levels: readonly Level[];
  /**
   * Comparisons one of which must agree in the pairs from which m is learned: relatives share all but these, and would teach
   * that one customer often has two given names.
   */
  witnesses?: readonly string[];
  /** True where the assumed shares are a decision, not a first guess: nothing is learned. */
  isFixed?: boolean;
}

export interface Level {
  name: string;
  /** SQL over `l` and `r`; the first level that is true holds. */
  when: string;
  /**
   * Attributes whose values the two share at this level: agreement on a rare value says more than on a common one
   * (Winkler 1989). Each has a column `<attribute>_bits`, minus the binary logarithm of the value's share.
   */
  rarity?: readonly string[];
  /** Assumed share among true pairs, where EM starts and what holds where nothing can be learned. */
  m: number;
  /**
   * Assumed share among chance pairs. At a level with `rarity` the chance of agreeing on those values is counted from the
   * data, and this is the chance of the rest of the condition: 1 where there is no rest.
   */
  u: number;
  /**
   * Assumed share among pairs of two people of one household, or two firms under one roof, which is not learned. Where no level
   * has one, they agree no more than strangers do.
   */
  relatives?: number;
}
