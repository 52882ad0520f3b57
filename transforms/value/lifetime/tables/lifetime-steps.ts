import type { LifetimeConfig } from '../../../../config/lifetime-settings.ts';
import type { Step } from '../../../step.ts';
import { lifetime } from './lifetime.ts';
import { lifetimeHistories } from './lifetime-histories.ts';
import { lifetimeScores } from './lifetime-scores.ts';
import { lifetimeState } from './lifetime-state.ts';
import { modelBacktests } from './model-backtests.ts';
import { modelFits } from './model-fits.ts';

/** The steps from purchase days to what each customer will be worth. */
export function lifetimeSteps(config: LifetimeConfig): Step[] {
  return [
    lifetimeHistories(config),
    lifetimeState(config),
    modelFits,
    modelBacktests,
    lifetimeScores(config),
    lifetime(config),
  ];
}
