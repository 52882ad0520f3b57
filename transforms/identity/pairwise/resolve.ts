import type { DuckDBConnection } from '@duckdb/node-api';
import type { BlockingReport } from './block-keys.ts';
import { drawChancePairs } from './chance-pairs.ts';
import { type Cut, chooseCut } from './choose-cut.ts';
import { clusterAccounts } from './cluster-accounts.ts';
import { comparePairs } from './compare.ts';
import { believedContradictions } from './contradictions.ts';
import { countOf } from './duckdb-rows.ts';
import { findPairs } from './find-pairs.ts';
import { learn } from './learn.ts';
import { type Model, weightSql } from './model.ts';
import { readPatterns } from './patterns.ts';
import type { PairwiseSettings } from './settings.ts';
import { standardise } from './standardise.ts';
import { weighValues } from './weigh-values.ts';

export interface Resolution {
  accounts: number;
  blocking: readonly BlockingReport[];
  model: Model;
  cut: Cut;
  /** Comparisons whose "different" keeps accounts apart in these data. */
  contradictions: readonly string[];
  /** By node, which is the place of the account by account_number: the smallest node of its customer. */
  clusters: Int32Array;
}

export interface ResolveOptions {
  /** Nodes that a person put together or apart. */
  mustLink?: readonly (readonly [number, number])[];
  cannotLink?: readonly (readonly [number, number])[];
  /** Evidence in bits; chosen from the data by default. */
  cut?: number;
  /** Told when a stage begins. */
  onStage?: (stage: string) => void;
}

/**
 * Finds which accounts are one customer, from what they hold and without labels. `table` has one row per
 * account: account_number and any of the columns of standardise.ts and of the settings. Works in temporary tables of the
 * connection and leaves accounts, scored (l, r, weight and the levels) there.
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
  const agreement = await weighValues(connection, settings.attributes);
  const comparisons = settings.comparisons.filter(
    ({ attributes, isFixed }) => isFixed || attributes.some((name) => agreement.has(name)),
  );
  const accounts = await countOf(connection, 'accounts');
  stage('block');
  const blocking = await findPairs(connection, settings, comparisons);
  stage('compare');
  await comparePairs(connection, 'pairs', 'compared', comparisons, agreement);
  await drawChancePairs(connection, accounts, settings.randomPairs);
  await comparePairs(connection, 'chance_pairs', 'chance', comparisons);
  stage('learn');
  const blocked = await readPatterns(connection, 'compared', comparisons.length);
  const chance = await readPatterns(connection, 'chance', comparisons.length);
  const allPairs = (accounts * (accounts - 1)) / 2;
  const model = learn({ comparisons, blocked, chance, allPairs, agreement });
  const chosen = chooseCut(model, blocked, accounts);
  const cut = options.cut === undefined ? chosen : { ...chosen, bits: options.cut };
  stage('cluster');
  await connection.run(`create or replace temp view scored as
    select *, ${weightSql(model)} - ${cut.bits.toFixed(3)}::double as weight from compared`);
  const contradictions = believedContradictions(settings.contradictions, model);
  const clusters = await clusterAccounts(connection, {
    accounts,
    mustLink: options.mustLink ?? [],
    cannotLink: options.cannotLink ?? [],
    contradictions,
    linkage: settings.linkage,
    largestComponent: settings.largestComponent,
  });
  return {
    accounts,
    blocking,
    model,
    cut,
    contradictions: contradictions.map(({ comparison }) => comparison),
    clusters,
  };
}
