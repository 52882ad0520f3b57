import { type AttributeType, standardAttributes } from '../../../config/identity-attributes.ts';
import { columnsNamedIn } from '../../../config/identity-expressions.ts';
import type { IdentitySettings } from '../../../config/identity-settings.ts';
import { configuredComparison } from './configured-comparisons.ts';
import { defaultPairwiseSettings } from './default-settings.ts';
import type {
  BlockingRule,
  Comparison,
  MatchingSettings,
  OwnAttribute,
  PairwiseSettings,
} from './settings.ts';

/** How accounts are matched: the shipped settings with what the config adds, replaces and leaves out. */
export function configuredMatching(settings: IdentitySettings): MatchingSettings {
  const { accept, review } = settings.thresholds;
  return {
    pairwise: pairwiseOf(settings),
    rules: settings.rules.map(({ name, on, when }) => ({
      name,
      on,
      ...(when === undefined ? {} : { when }),
    })),
    uniqueWithin: [...new Set(settings.unique_within)].sort(),
    ...(accept === 'auto' ? {} : { cutBits: bitsOf(accept) }),
    ...(review === 'auto' ? {} : { reviewBits: bitsOf(review) }),
  };
}

/** log2 of the odds of a probability. */
function bitsOf(probability: number): number {
  return Math.log2(probability / (1 - probability));
}

function pairwiseOf(settings: IdentitySettings): PairwiseSettings {
  const shipped = defaultPairwiseSettings;
  const comparisons = comparisonsOf(settings, shipped.comparisons);
  const blocking = blockingOf(settings, shipped.blocking, comparisons);
  const known = new Set(comparisons.map(({ name }) => name));
  return {
    ...shipped,
    attributes: attributesOf(settings, comparisons),
    ...(settings.nicknames.length === 0
      ? {}
      : { nicknames: settings.nicknames.map((group) => group.map(plainName)) }),
    comparisons,
    blocking,
    contradictions: shipped.contradictions.filter(({ comparison }) => known.has(comparison)),
    pairsPerAccount: settings.pairs_per_account ?? shipped.pairsPerAccount,
    largestBlock: settings.largest_block ?? shipped.largestBlock,
  };
}

/** As standardise.ts writes given names. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** A comparison with the name of a shipped one takes its place. */
function comparisonsOf(
  { attributes, comparisons }: IdentitySettings,
  shipped: readonly Comparison[],
): Comparison[] {
  const own = Object.entries(comparisons).flatMap(([name, written]) => {
    if (written === false) return [];
    return [configuredComparison(name, written, attributes[written.attribute ?? name]?.type ?? 'text')];
  });
  return [...shipped.filter(({ name }) => !(name in comparisons)), ...own];
}

/** The user's rules first: a pair counts for the first rule that finds it. */
function blockingOf(
  { blocking }: IdentitySettings,
  shipped: readonly BlockingRule[],
  comparisons: readonly Comparison[],
): BlockingRule[] {
  const named = new Set(blocking.map(({ name }) => name));
  const own = blocking
    .filter(({ on }) => on.length > 0)
    .map(
      ({ name, on, split_by: refine }): BlockingRule => ({
        name,
        key: textKey(on),
        uses: comparisonsUsing(on, comparisons),
        ...(refine === undefined ? {} : { refine: textKey([refine]) }),
      }),
    );
  return [...own, ...shipped.filter(({ name }) => !named.has(name))];
}

/** SQL of one text for several expressions, null where one of them is. The line end closes a comment in one of them. */
export function textKey(expressions: readonly string[]): string {
  return expressions.map((expression) => `cast((${expression}\n) as varchar)`).join(" || '|' || ");
}

function comparisonsUsing(expressions: readonly string[], comparisons: readonly Comparison[]): string[] {
  const columns = new Set(expressions.flatMap(columnsNamedIn).map((name) => wholeOf[name] ?? name));
  return comparisons
    .filter(({ attributes }) => attributes.some((name) => columns.has(name)))
    .map(({ name }) => name);
}

/** Columns that are a part of an attribute which is compared as a whole. */
const wholeOf: Readonly<Record<string, string>> = {
  mailbox: 'email',
  mail_domain: 'email',
  middle_names: 'given_name',
  street_number: 'street',
  postcode_area: 'postcode',
};

/**
 * The columns of accounts, beyond those that are known by name, that something looks at: attributes of the user, and columns
 * of the contract that nothing shipped compares, such as industry.
 */
function attributesOf(settings: IdentitySettings, comparisons: readonly Comparison[]): OwnAttribute[] {
  const { attributes, blocking, rules } = settings;
  const expressions = [
    ...blocking.flatMap(({ on, split_by: splitBy }) => (splitBy === undefined ? on : [...on, splitBy])),
    ...rules.flatMap(({ on, when }) => (when === undefined ? on : [...on, when])),
    ...Object.values(settings.comparisons).flatMap((written) =>
      written === false ? [] : (written.levels ?? []).flatMap(({ when }) => when ?? []),
    ),
  ];
  const used = [
    ...expressions.flatMap(columnsNamedIn),
    ...comparisons.flatMap((comparison) => comparison.attributes),
  ];
  const typeOf = (name: string): AttributeType => attributes[name]?.type ?? 'text';
  return [...new Set(used)]
    .filter((name) => !(name in standardAttributes))
    .sort()
    .map((name) => ({ name, type: typeOf(name), placeholders: settings.placeholders[name] ?? [] }));
}
