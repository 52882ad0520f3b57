import type { IdentitySettings } from '../../../config/identity-settings.ts';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { resolveAgain } from '../matching/run-matching.ts';
import { configuredMatching } from '../pairwise/configured-settings.ts';
import { probabilityOf } from '../pairwise/model.ts';
import { clusterAt } from './cluster-at.ts';
import {
  bringTruth,
  type ErrorKind,
  judgeCustomers,
  judgeScored,
  missedPairs,
  type TruthAccounts,
  wrongPairs,
} from './judge.ts';
import { takeOutcome } from './outcome.ts';
import { type PairCounts, type PartitionMeasures, type Quality, qualityOf } from './partition-measures.ts';
import { bitsOf, thresholdCurve, usualProbabilities } from './threshold-curve.ts';
import type { Truth } from './truth.ts';

export interface Evaluation {
  form: Truth['form'];
  accounts: TruthAccounts;
  /** Of the customers of the last run. */
  pairs: PairCounts;
  pairwise: Quality;
  /** Whole customers, B³ and sizes; null where the truth is about pairs alone. */
  customers: Omit<PartitionMeasures, 'pairs' | 'pairwise'> | null;
  thresholds: readonly ThresholdQuality[];
  missed: readonly ErrorKind[];
  wrong: readonly ErrorKind[];
}

/** What another cut would give. */
export interface ThresholdQuality {
  /** Evidence in bits from which on a pair is accepted, and the probability that it stands for. */
  bits: number;
  probability: number;
  /** True for the cut of the last run. */
  isPresent: boolean;
  /** If each accepted pair stood alone. */
  pairsAlone: Quality;
  /** Of the customers that clustering would make of them. */
  pairwise: Quality;
  bCubed: Quality | null;
  customers: number | null;
  largest: number | null;
}

export interface EvaluateOptions {
  /** Keys of so many pairs are given for each kind of error. */
  examples: number;
}

/**
 * Measures the customers of the last run against a truth, and what another cut would have given. Reads the state; all
 * accounts are compared again, under the model of the state, in a scratch.
 */
export async function evaluateIdentity(
  engine: Engine,
  settings: IdentitySettings,
  truth: Truth,
  { examples }: EvaluateOptions,
): Promise<Evaluation> {
  const matching = configuredMatching(settings);
  const scratch = await engine.openScratch();
  try {
    const { connection } = scratch;
    const found = await resolveAgain(engine, scratch, matching, settings);
    await takeOutcome(scratch);
    const accounts = await bringTruth(connection, truth);
    const { pairs, partition } = await judgeCustomers(connection, truth.form);
    const scored = await judgeScored(connection, truth.form, found.cut.bits);
    const missed = await missedPairs(connection, {
      form: truth.form,
      missed: pairs.true - pairs.right,
      examples,
    });
    const wrong = await wrongPairs(connection, {
      form: truth.form,
      wrong: pairs.found - pairs.right,
      examples,
    });
    const present = found.cut.bits;
    const others = usualProbabilities.map(bitsOf).filter((bits) => Math.abs(bits - present) > 0.01);
    const cuts = [...others, present].sort((one, other) => one - other);
    const thresholds: ThresholdQuality[] = [];
    for (const { bits, precision, recall, f1 } of thresholdCurve(scored, pairs.true, cuts)) {
      await clusterAt(scratch, matching.pairwise, found, bits);
      const clustered = await judgeCustomers(connection, truth.form, 'reclustered');
      thresholds.push({
        bits,
        probability: probabilityOf(bits),
        isPresent: bits === present,
        pairsAlone: { precision, recall, f1 },
        pairwise: qualityOf(clustered.pairs),
        bCubed: clustered.partition?.bCubed ?? null,
        customers: clustered.partition?.foundCustomers ?? null,
        largest: clustered.partition?.largestFound ?? null,
      });
    }
    return {
      ...{ form: truth.form, accounts, pairs, pairwise: qualityOf(pairs) },
      customers: partition === null ? null : withoutPairs(partition),
      ...{ thresholds, missed, wrong },
    };
  } finally {
    await scratch.close();
  }
}

function withoutPairs({ pairs: _pairs, pairwise: _pairwise, ...rest }: PartitionMeasures) {
  return rest;
}
