import type { IdentitySettings } from '../../../config/identity-settings.ts';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { learnAnew } from '../matching/run-matching.ts';
import { configuredMatching } from '../pairwise/configured-settings.ts';
import { type ModelReport, readModel } from './read-model.ts';

export interface Training {
  /** Null where there was no model. */
  before: ModelReport | null;
  after: ModelReport;
}

/**
 * Learns the model anew from the accounts of the last run; the next run is the first to use it, and the customers stay as they
 * are until then. A trial keeps nothing.
 */
export async function trainAnew(
  engine: Engine,
  settings: IdentitySettings,
  { isTrial }: { isTrial: boolean },
): Promise<Training> {
  const before = await readModel(engine);
  let after: ModelReport | null = null;
  const undone = new Error('a trial keeps nothing');
  try {
    await engine.transaction(async () => {
      await learnAnew(engine, configuredMatching(settings), settings);
      after = await readModel(engine);
      if (isTrial) throw undone;
    });
  } catch (error) {
    if (error !== undone) throw error;
  }
  if (after === null) throw new Error('identity.model is empty after learning');
  return { before, after };
}
