import type { LifetimeConfig } from '../../../../config/lifetime-settings.ts';
import type { Step } from '../../../step.ts';
import { lifetime } from './lifetime.ts';
import { lifetimeHistories } from './lifetime-histories.ts';
import { lifetimeScores } from './lifetime-scores.ts';
import { lifetimeState } from './lifetime-state.ts';
import { modelBacktests } from './model-backtests.ts';
import { modelFits } from './model-fits.ts';

/**
 * The steps from purchase days to what each customer will be worth.
 *
 * @param others tables of other models with something to say in model_fits and model_backtests
 * @param place where they stand: alone, or beside those of contracts
 */
export function lifetimeSteps(
  config: LifetimeConfig,
  others: readonly string[] = [],
  place: Parameters<typeof lifetime>[1] = 'alone',
): Step[] {
  const tables = ['value.lifetime_state', ...others];
  return [
    lifetimeHistories(config),
    lifetimeState(config),
    modelFits(tables),
    modelBacktests(tables),
    lifetimeScores(config),
    lifetime(config, place),
  ];
}
