import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bitsOf, thresholdCurve } from '../../../../transforms/identity/measure/threshold-curve.ts';

describe('the curve over thresholds', () => {
  it('says what accepting at even odds, at 3 : 1 and at 15 : 1 would give', () => {
    // 10 true pairs in all, of which 2 were never compared.
    const scored = [
      { bits: 4.2, pairs: 5, right: 5 },
      { bits: 2, pairs: 3, right: 2 },
      { bits: 0.5, pairs: 4, right: 1 },
      { bits: -3, pairs: 9, right: 0 },
    ];
    const curve = thresholdCurve(scored, 10, [bitsOf(0.9375), bitsOf(0.5), bitsOf(0.75)]);
    expect(curve).toEqual([
      {
        bits: 0,
        probability: 0.5,
        pairs: { found: 12, true: 10, right: 8 },
        precision: 8 / 12,
        recall: 0.8,
        f1: 16 / 22,
      },
      {
        bits: bitsOf(0.75),
        probability: expect.closeTo(0.75, 12),
        pairs: { found: 8, true: 10, right: 7 },
        precision: 7 / 8,
        recall: 0.7,
        f1: 14 / 18,
      },
      {
        bits: bitsOf(0.9375),
        probability: expect.closeTo(0.9375, 12),
        pairs: { found: 5, true: 10, right: 5 },
        precision: 1,
        recall: 0.5,
        f1: 10 / 15,
      },
    ]);
  });

  it('counts what a filter of the pairs counts, at every threshold', () => {
    const pair = fc.record({ bits: fc.integer({ min: -8, max: 8 }), isRight: fc.boolean() });
    fc.assert(
      fc.property(fc.array(pair), fc.array(fc.integer({ min: -9, max: 9 })), (pairs, thresholds) => {
        const scored = pairs.map(({ bits, isRight }) => ({ bits, pairs: 1, right: Number(isRight) }));
        for (const { bits, pairs: counted } of thresholdCurve(scored, 100, thresholds)) {
          const above = pairs.filter((each) => each.bits >= bits);
          expect(counted).toEqual({
            found: above.length,
            true: 100,
            right: above.filter(({ isRight }) => isRight).length,
          });
        }
      }),
    );
  });
});
