import type { ModelJudgement } from '../models/purchase-model.ts';

/** Probability of being alive right after the first purchase: below 1 where a customer may drop out at it. */
export function aliveAtFirst(judgement: ModelJudgement): number {
  return judgement.aliveProbability({ repeats: 0, lastDays: 0, ageDays: 0 });
}
