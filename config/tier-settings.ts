import { z } from 'zod';

const basis = z.enum(['rank_share', 'score', 'cumulative_value']);
type Basis = z.output<typeof basis>;

/** The tiers that have a cut, from the best; the rest is D. */
const cutTiers = ['A+', 'A', 'B', 'C'] as const;

/** All tiers, from the best. */
export const tiers = [...cutTiers, 'D'] as const;

/** Which customers are A+, A, B, C, D. */
export const tierSettings = z
  .strictObject({
    by: basis
      .default('rank_share')
      .describe(
        'rank_share: the share of customers at or above the rank; score: the score itself; cumulative_value: the share of all positive net contribution that more profitable customers bring, so that A are those who make the first 80 % of the profit. Who brings none is D',
      ),
    'A+': z
      .number()
      .optional()
      .describe('rank_share, cumulative_value: up to this share; score: from this score'),
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
    'Tiers from the best to the rest (D). Default by rank share: A+ the first 5 %, A to 20 % (the Pareto share), B to 50 %, C to 80 %; by score: 80, 65, 50, 35; by cumulative value: A+ the first half of the profit, A to 80 % (ABC analysis), B to 95 %, C the rest of it. Assumption',
  );

const defaultCuts = {
  rank_share: { 'A+': 0.05, A: 0.2, B: 0.5, C: 0.8 },
  score: { 'A+': 80, A: 65, B: 50, C: 35 },
  cumulative_value: { 'A+': 0.5, A: 0.8, B: 0.95, C: 1 },
};

function definedOnly(cuts: Record<string, number | undefined>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(cuts).flatMap(([tier, cut]) => (cut === undefined ? [] : [[tier, cut]])),
  );
}

function isOrdered(by: Basis, cuts: readonly number[]): boolean {
  const ascending = by === 'score' ? cuts.map((cut) => -cut) : cuts;
  return ascending.every((cut, index) => index === 0 || cut > (ascending[index - 1] ?? cut));
}
