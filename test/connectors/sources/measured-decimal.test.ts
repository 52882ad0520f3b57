import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimalHolding, wholeDigits } from '../../../connectors/sources/measured-decimal.ts';

describe('the decimal type of a column whose numbers were looked at', () => {
  it.each([
    [
      { whole: 2, places: 0 },
      { precision: 18, scale: 0 },
    ],
    [
      { whole: 1, places: 1 },
      { precision: 18, scale: 4 },
    ],
    [
      { whole: 14, places: 4 },
      { precision: 18, scale: 4 },
    ],
    [
      { whole: 15, places: 4 },
      { precision: 38, scale: 4 },
    ],
    [
      { whole: 20, places: 5 },
      { precision: 38, scale: 10 },
    ],
    [
      { whole: 30, places: 5 },
      { precision: 38, scale: 5 },
    ],
    [
      { whole: 0, places: 38 },
      { precision: 38, scale: 38 },
    ],
    [{ whole: 30, places: 9 }, null],
  ])('for %j is %j', (measured, type) => {
    expect(decimalHolding(measured)).toEqual(type);
  });

  it('holds every digit whenever 38 are enough', () => {
    const size = fc.integer({ min: 0, max: 45 });
    fc.assert(
      fc.property(size, size, (whole, places) => {
        const type = decimalHolding({ whole, places });
        if (whole + places > 38) return expect(type).toBeNull();
        const { precision, scale } = type as { precision: number; scale: number };
        expect(scale).toBeGreaterThanOrEqual(places);
        expect(precision - scale).toBeGreaterThanOrEqual(whole);
        expect(precision).toBeLessThanOrEqual(38);
      }),
    );
  });

  it('counts the digits before the point as they stand in the text of the server', () => {
    expect(['0', '-12', '7.5', '0.001', '-0012.5'].map(wholeDigits)).toEqual([0, 2, 1, 0, 2]);
  });
});
