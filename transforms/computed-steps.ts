import { identitySettings } from '../config/identity-settings.ts';
import type { Config } from '../config/schema.ts';
import { valueSettings } from '../config/value-settings.ts';
import { recordChanges } from './customers/record-changes.ts';
import { countryDictionary } from './identity/country-dictionary.ts';
import { matchingSteps } from './identity/matching/matching-steps.ts';
import { members } from './identity/members.ts';
import { phoneDictionary } from './identity/phone-dictionary.ts';
import type { Step } from './step.ts';
import { contractSteps } from './value/contracts/contract-steps.ts';
import { lifetimeSteps } from './value/lifetime/tables/lifetime-steps.ts';
import { prospectFitStep } from './value/prospects/prospect-fit-step.ts';
import { prospectScoresStep } from './value/prospects/prospect-scores-step.ts';

/** What of the config decides which tables there are, and which columns they have; `file` is where it was read. */
export type StepSettings = Pick<Config, 'identity' | 'value' | 'models'> & { file?: string };

export const defaultStepSettings: StepSettings = {
  identity: identitySettings.parse({}),
  value: valueSettings.parse({}),
};

/**
 * The steps that need TypeScript beside their SQL: loops to a fixed point, libraries, state over the runs, and columns
 * that the settings name.
 *
 * @param settings default: the defaults
 */
export function computedSteps(settings: StepSettings = defaultStepSettings): Step[] {
  return [
    countryDictionary,
    phoneDictionary,
    ...matchingSteps(settings.identity),
    members,
    recordChanges,
    prospectFitStep(settings.value.prospects),
    prospectScoresStep,
    ...futureSteps(settings.value),
  ];
}

/** Purchases to come, and beside them the renewals of contracts, where the settings say what a contract is. */
function futureSteps({ lifetime, contracts }: StepSettings['value']): Step[] {
  const others = ['value.prospect_fit'];
  return contracts.categories.length === 0
    ? lifetimeSteps(lifetime, others)
    : [
        ...lifetimeSteps(lifetime, [...others, 'value.contract_fit'], 'beside_contracts'),
        ...contractSteps(contracts, lifetime),
      ];
}
