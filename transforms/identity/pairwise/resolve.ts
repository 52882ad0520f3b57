import type { DuckDBConnection } from '@duckdb/node-api';
import {
  assumedAgreement,
  assumedCut,
  assumedModel,
  assumedValueBits,
  assumeValueBits,
} from './assumed-model.ts';
import type { BlockingReport } from './block-keys.ts';
import { addToPairs, type CertainLinks, gatherCertainLinks } from './certain-pairs.ts';
import { drawChancePairs } from './chance-pairs.ts';
import { type Cut, chooseCut } from './choose-cut.ts';
import { clusterAccounts } from './cluster-accounts.ts';
import { type Agreement, comparePairs } from './compare.ts';
import { believedContradictions, type Contradiction } from './contradictions.ts';
import { countAboveCut } from './count-above-cut.ts';
import { countOf } from './duckdb-rows.ts';
import { findPairs } from './find-pairs.ts';
import { learn } from './learn.ts';
import type { BlockingPlan } from './live-blocks.ts';
import { type Model, weightSql } from './model.ts';
import { readPatterns } from './patterns.ts';
import { areAllPairsCompared, everyBlock, findPlannedPairs, planOf } from './planned-pairs.ts';
import type { ValueBits } from './replace-value-bits.ts';
import type { Comparison, PairwiseSettings } from './settings.ts';
import { bitsOfSecondAccounts, sourcesIn, withLevelOfEach } from './source-comparison.ts';
import { standardise } from './standardise.ts';
import { weighValues } from './weigh-values.ts';

/** What was learned once and holds until it is learned anew. */
export interface Learned {
  /** `assumed`: there was too little to learn from, or nothing came out. */
  kind: 'learned' | 'assumed';
  model: Model;
  cut: Cut;
  agreement: Agreement;
  /** Undefined where all pairs were compared. */
  plan: BlockingPlan | undefined;
}

export interface Frozen extends Learned {
  /** Where the rarity of the values is read: those of the night on which it was learned. */
  values: readonly ValueBits[];
}

export interface Resolution extends Learned {
  /** The cut that was learned, also where another one was given. */
  learnedCut: Cut;
  accounts: number;
  /** Those that the model has, in its order. */
  comparisons: readonly Comparison[];
  blocking: readonly BlockingReport[];
  /** What keeps accounts apart in these data. */
  contradictions: readonly Contradiction[];
  /** By node, which is the place of the account by account_number: the smallest node of its customer. */
  clusters: Int32Array;
  /** By node: the smallest node of the accounts that chains of pairs above the cut lead to. */
  components: Int32Array;
}

export interface ResolveOptions {
  /** Nodes that a person put together or apart. */
  mustLink?: readonly (readonly [number, number])[];
  cannotLink?: readonly (readonly [number, number])[];
  certain?: CertainLinks;
  /** Table of the session of pairs (l, r) that are compared whatever the rules find. */
  alsoCompared?: string;
  /** Sources in which nobody has two accounts. */
  uniqueWithin?: readonly string[];
  /** Evidence in bits; chosen from the data by default. */
  cut?: number | undefined;
  /** With fewer accounts nothing is learned: the assumed model holds. Default 0. */
  fewestToLearn?: number;
  frozen?: Frozen | undefined;
  /** Told when a stage begins. */
  onStage?: (stage: string) => void;
}

/**
 * Finds which accounts are one customer, from what they hold and without labels. `table` has one row per
 * account: account_number and any of the columns of standardise.ts and of the settings. Works in temporary tables of the
 * connection and leaves there accounts, certain (l, r, rule, place) and scored (l, r, weight and the levels).
 */
export async function resolve(
  connection: DuckDBConnection,
  table: string,
  settings: PairwiseSettings,
  options: ResolveOptions = {},
): Promise<Resolution> {
  const stage = options.onStage ?? (() => undefined);
  stage('standardise');
  await standardise(connection, table, settings);
  const { agreement, comparisons, isAssumed } = await weigh(connection, settings, options);
  const accounts = await countOf(connection, 'accounts');
  stage('block');
  const blocking = await pairsOf(connection, settings, comparisons, options.frozen);
  const certain = options.certain ? await gatherCertainLinks(connection, options.certain) : [];
  if (certain.length > 0) await addToPairs(connection, 'certain');
  if (options.alsoCompared !== undefined) await addToPairs(connection, options.alsoCompared);
  stage('compare');
  await comparePairs(connection, 'pairs', 'compared', comparisons, agreement);
  const learned =
    options.frozen ??
    (isAssumed
      ? assumed(comparisons, agreement, `fewer than ${options.fewestToLearn} accounts`)
      : await learnFrom(connection, { settings, comparisons, agreement, accounts, blocking, stage }));
  const cut = options.cut === undefined ? learned.cut : { ...learned.cut, bits: options.cut };
  stage('cluster');
  await connection.run(`create or replace temp view scored as
    select *, ${weightSql(learned.model)} - ${cut.bits.toFixed(3)}::double as weight from compared`);
  const contradictions = contradictionsOf(settings, learned, options.uniqueWithin ?? []);
  const { clusters, components } = await clusterAccounts(connection, {
    accounts,
    mustLink: options.mustLink ?? [],
    certain,
    cannotLink: options.cannotLink ?? [],
    contradictions,
    linkage: settings.linkage,
    secondAccounts: bitsOfSecondAccounts(learned.model),
    largestComponent: settings.largestComponent,
  });
  const { kind, model, plan } = learned;
  return {
    kind,
    model,
    plan,
    cut,
    learnedCut: learned.cut,
    agreement: learned.agreement,
    comparisons,
    accounts,
    blocking,
    contradictions,
    clusters,
    components,
  };
}

interface Weighed {
  agreement: Agreement;
  comparisons: readonly Comparison[];
  isAssumed: boolean;
}

/** Leaves the table accounts with the rarity of each value, and says what can be compared. */
async function weigh(
  connection: DuckDBConnection,
  settings: PairwiseSettings,
  { frozen, fewestToLearn = 0 }: ResolveOptions,
): Promise<Weighed> {
  if (frozen !== undefined) {
    await weighValues(connection, settings, (counted) =>
      frozen.values.filter(({ attribute }) => counted.has(attribute)),
    );
    return { agreement: frozen.agreement, comparisons: comparisonsOf(settings, frozen), isAssumed: false };
  }
  const isEnough = (await countOf(connection, 'plain_accounts')) >= fewestToLearn;
  const isFilled =
    (counted: Agreement) =>
    (comparison: Comparison): boolean =>
      comparison.isFixed === true || comparison.attributes.some((name) => counted.has(name));
  // Where the accounts hold nothing at all there is nothing to learn from: the assumed model holds, and finds nothing.
  const isAssumed = (counted: Agreement): boolean =>
    !isEnough || !settings.comparisons.some(isFilled(counted));
  const counted = await weighValues(connection, settings, (agreement) =>
    isAssumed(agreement) ? assumedValueBits(agreement, settings.attributes) : [],
  );
  const sources = counted.has('source') ? await sourcesOf(connection) : [];
  const filled = settings.comparisons
    .filter(isFilled(counted))
    .map((comparison) => withLevelOfEach(comparison, sources));
  const comparisons = filled.length > 0 ? filled : settings.comparisons;
  if (!isAssumed(counted)) return { agreement: counted, comparisons, isAssumed: false };
  return { agreement: assumedAgreement(counted, settings.attributes), comparisons, isAssumed: true };
}

async function pairsOf(
  connection: DuckDBConnection,
  settings: PairwiseSettings,
  comparisons: readonly Comparison[],
  frozen: Frozen | undefined,
): Promise<BlockingReport[]> {
  if (frozen !== undefined && !(await areAllPairsCompared(connection, settings))) {
    return findPlannedPairs(connection, settings, frozen.plan ?? everyBlock(settings));
  }
  return findPairs(connection, settings, comparisons);
}

function assumed(comparisons: readonly Comparison[], agreement: Agreement, reason: string): Learned {
  const model = assumedModel(comparisons, agreement, reason);
  return {
    kind: 'assumed',
    model,
    cut: { bits: assumedCut, precision: Number.NaN, recall: Number.NaN },
    agreement,
    plan: undefined,
  };
}

interface Evidence {
  settings: PairwiseSettings;
  comparisons: readonly Comparison[];
  agreement: Agreement;
  accounts: number;
  blocking: readonly BlockingReport[];
  stage: (name: string) => void;
}

async function learnFrom(
  connection: DuckDBConnection,
  { settings, comparisons, agreement, accounts, blocking, stage }: Evidence,
): Promise<Learned> {
  await drawChancePairs(connection, accounts, settings.randomPairs);
  await comparePairs(connection, 'chance_pairs', 'chance', comparisons);
  stage('learn');
  const blocked = await readPatterns(connection, 'compared', comparisons.length);
  const chance = await readPatterns(connection, 'chance', comparisons.length);
  const allPairs = (accounts * (accounts - 1)) / 2;
  const model = learn({ comparisons, blocked, chance, allPairs, agreement });
  const cut = chooseCut(model, blocked, accounts);
  const plan = (await areAllPairsCompared(connection, settings)) ? undefined : planOf(blocking);
  if (model.comparisons.every(({ isLearned }) => !isLearned)) {
    const values = assumedAgreement(agreement, settings.attributes);
    await assumeValueBits(connection, agreement, settings.attributes);
    await comparePairs(connection, 'pairs', 'compared', comparisons, values);
    return { ...assumed(comparisons, values, model.notes.join('; ')), plan };
  }
  return { kind: 'learned', model: countAboveCut(model, blocked, cut.bits), cut, agreement, plan };
}

/** What keeps accounts apart under a model. */
export function contradictionsOf(
  settings: PairwiseSettings,
  { model }: Pick<Learned, 'model'>,
  uniqueWithin: readonly string[],
): Contradiction[] {
  const believed = believedContradictions(settings.contradictions, model);
  if (uniqueWithin.length === 0) return believed;
  return [
    ...believed,
    { comparison: 'unique_within', attribute: 'source', kind: 'once', only: uniqueWithin },
  ];
}

/** The comparisons of the settings that the model has, in its order. */
export function comparisonsOf(settings: PairwiseSettings, { model }: Pick<Learned, 'model'>): Comparison[] {
  const sources = sourcesIn(model);
  const known = new Map(
    settings.comparisons.map((comparison) => [comparison.name, withLevelOfEach(comparison, sources)]),
  );
  return model.comparisons.flatMap(({ name }) => known.get(name) ?? []);
}

async function sourcesOf(connection: DuckDBConnection): Promise<string[]> {
  const reader = await connection.runAndReadAll('select value from values_of_source');
  return reader.getRows().map(([value]) => String(value));
}
