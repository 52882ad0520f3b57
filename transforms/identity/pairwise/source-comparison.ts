import type { Comparison } from './settings.ts';

/**
 * Whether a second account of one source is likely to be the same customer. Most systems are kept free of duplicates, some are
 * full of them: learned, and no level is surer than the other.
 */
export const source: Comparison = {
  name: 'source',
  attributes: ['source'],
  missing: 'l.source is null or r.source is null',
  isUnordered: true,
  levels: [
    { name: 'another source', when: 'l.source <> r.source', m: 0.5, u: 0.5 },
    { name: 'same source', when: 'true', m: 0.5, u: 0.5 },
  ],
};
