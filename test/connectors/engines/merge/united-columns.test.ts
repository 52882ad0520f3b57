import { describe, expect, it } from '@jest/globals';
import { unitedType } from '../../../../connectors/engines/merge/united-columns.ts';
import type { RawType } from '../../../../connectors/sources/source.ts';

const decimal = (precision: number, scale: number) => ({ precision, scale });

describe('the type that holds the values of two', () => {
  const cases: [RawType, RawType, RawType][] = [
    ['integer', 'bigint', 'bigint'],
    ['boolean', 'integer', 'integer'],
    // A 32-bit number has ten digits, a 64-bit one nineteen.
    ['integer', decimal(6, 2), decimal(12, 2)],
    ['bigint', decimal(6, 2), decimal(21, 2)],
    // Four digits before the point and four after it.
    [decimal(6, 2), decimal(5, 4), decimal(8, 4)],
    // 30 before and 10 after are more than 38.
    [decimal(30, 0), decimal(12, 10), 'text'],
    ['integer', 'double', 'double'],
    // 2^53 + 1 is no double.
    ['bigint', 'double', 'text'],
    [decimal(6, 2), 'double', 'text'],
    // Which day a moment is depends on the zone.
    ['date', 'timestamp', 'text'],
    ['timestamp', 'timestamptz', 'text'],
    ['text', 'integer', 'text'],
  ];
  it.each(cases)('of %j and %j is %j, in either order', (one, other, both) => {
    expect(unitedType(one, other)).toEqual(both);
    expect(unitedType(other, one)).toEqual(both);
  });
});
