import { place, street } from './address-comparisons.ts';
import { company, taxId } from './company-comparisons.ts';
import { email, phone } from './contact-comparisons.ts';
import { dateOfBirth } from './date-comparison.ts';
import { defaultBlocking } from './default-blocking.ts';
import { personName } from './name-comparison.ts';
import type { PairwiseSettings } from './settings.ts';
import { source } from './source-comparison.ts';

/** One configuration for every data set: what a set lacks is missing, and missing is no evidence. */
export const defaultPairwiseSettings: PairwiseSettings = {
  attributes: [],
  largestBlock: 100,
  pairsPerAccount: 10,
  fewestPairs: 4_000_000,
  largestComponent: 20_000,
  linkage: { clip: 10, unscored: -1 },
  contradictions: [
    { comparison: 'tax_id', attribute: 'tax_id', kind: 'identifier', within: 'country' },
    { comparison: 'date_of_birth', attribute: 'date_of_birth', kind: 'date' },
  ],
  randomPairs: 500_000,
  comparisons: [personName, dateOfBirth, email, phone, street, place, taxId, company, source],
  blocking: defaultBlocking,
};
