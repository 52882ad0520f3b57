import { components } from './identity/components.ts';
import { countryDictionary } from './identity/country-dictionary.ts';
import { members } from './identity/members.ts';
import { phoneDictionary } from './identity/phone-dictionary.ts';
import type { Step } from './step.ts';

/** The steps that need TypeScript beside their SQL: loops to a fixed point, libraries, and state over the runs. */
export function computedSteps(): Step[] {
  return [countryDictionary, phoneDictionary, components, members];
}
