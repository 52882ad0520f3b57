import type { AttributeType } from '../../../config/identity-attributes.ts';
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
  /** Groups of given names that are one name, besides the shipped ones; lower case without marks. */
  nicknames?: readonly (readonly string[])[];
  blocking: readonly BlockingRule[];
  comparisons: readonly Comparison[];
  contradictions: readonly Contradiction[];
  linkage: Linkage;
  /** A block of more accounts is refined by the rule's second key or left out; bounds the pairs. */
  largestBlock: number;
  /**
   * Pairs per account that all rules together may give, and how many they may give however few the accounts are. No rule
   * may take more than a fifth, a loose one a twentieth (or an eighth of the fewest); the largest blocks are refined first, and
   * what is still too large is left out.
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
  /** How its values are written evenly; default: text. */
  type?: AttributeType;
  /** Values that stand for "not known", besides n/a and its like. */
  placeholders?: readonly string[];
}

/** What a user may say about matching beyond how pairs are found and compared. */
export interface MatchingSettings {
  pairwise: PairwiseSettings;
  /** Links that are certain, besides those of identity.links. */
  rules: readonly CertainRule[];
  /** Sources in which nobody has two accounts. */
  uniqueWithin: readonly string[];
  /** Evidence in bits above which a pair is accepted, and above which it is reviewed; undefined: chosen from the data. */
  cutBits?: number;
  reviewBits?: number;
}

export interface CertainRule {
  name: string;
  /** SQL over one account: two accounts that are equal in all of these are linked, where none is null … */
  on: readonly string[];
  /** … and this SQL over `l` and `r` is true. */
  when?: string;
}

export interface BlockingRule {
  name: string;
  /** SQL over one account; accounts with an equal key are compared. Null: the account takes no part. */
  key: string;
  /** Comparisons on whose attributes the key agrees: what they find cannot be learned from this rule's pairs. */
  uses: readonly string[];
  /** SQL over one account that splits blocks that are too large. */
  refine?: string;
  /** True where most pairs are strangers: it may take less of the pairs that all rules may give. */
  isLoose?: boolean;
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
  /** True where relatives often agree by custom: their shares are learned where a witness differs. */
  learnsRelatives?: boolean;
  /** True where no level is surer than another: what is learned holds, whichever way it goes. */
  isUnordered?: boolean;
  /** True where the assumed shares are a decision, not a first guess: nothing is learned. */
  isFixed?: boolean;
}

export interface Level {
  name: string;
  /** SQL over `l` and `r`; the first level that is true holds. */
  when: string;
  /**
   * What else the two have in common where this level can hold, such as one postcode. Levels of one `given` have shares that add up
   * to 1: of two addresses under one postcode, the equal street says little and the different one much.
   */
  given?: string;
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
