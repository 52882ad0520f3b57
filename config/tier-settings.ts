import { z } from 'zod';

/** Which customers are A+, A, B, C, D. */
export const tierSettings = z
  .strictObject({
    by: z
      .enum(['rank_share', 'score'])
      .default('rank_share')
      .describe('rank_share: the share of customers at or above the rank; score: the score itself'),
    'A+': z.number().optional().describe('rank_share: up to this share; score: from this score'),
    A: z.number().optional(),
    B: z.number().optional(),
    C: z.number().optional(),
  })
  .transform(({ by, ...cuts }) => ({ by, cuts: { ...defaultCuts[by], ...definedOnly(cuts) } }))
  .refine(
    ({ by, cuts }) => isOrdered(by, Object.values(cuts)),
    'the cuts of the tiers must be in order, from A+ to C',
  )
  .describe(
    'Tiers from the best to the rest (D). Default by rank share: A+ the first 5 %, A to 20 % (the Pareto share), B to 50 %, C to 80 %; by score: 80, 65, 50, 35. Assumption',
  );

const defaultCuts = {
  rank_share: { 'A+': 0.05, A: 0.2, B: 0.5, C: 0.8 },
  score: { 'A+': 80, A: 65, B: 50, C: 35 },
};

function definedOnly(cuts: Record<string, number | undefined>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(cuts).flatMap(([tier, cut]) => (cut === undefined ? [] : [[tier, cut]])),
  );
}

function isOrdered(by: 'rank_share' | 'score', cuts: readonly number[]): boolean {
  const ascending = by === 'rank_share' ? cuts : cuts.map((cut) => -cut);
  return ascending.every((cut, index) => index === 0 || cut > (ascending[index - 1] ?? cut));
}
