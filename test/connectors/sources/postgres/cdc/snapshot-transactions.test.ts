import { describe, expect, it } from '@jest/globals';
import { visibleIn } from '../../../../../connectors/sources/postgres/cdc/snapshot-transactions.ts';

describe('a transaction of the log', () => {
  it('is seen by a snapshot where it is below xmax and was not under way', () => {
    const isVisible = visibleIn('100:105:101,103');
    expect(['99', '100', '101', '102', '103', '104', '105'].filter(isVisible)).toEqual([
      '99',
      '100',
      '102',
      '104',
    ]);
  });

  it('has 32 bits, and is the nearest to the snapshot on either side of a wrap', () => {
    const wrap = 2n ** 32n;
    const after = visibleIn(`${wrap + 10n}:${wrap + 10n}:`);
    expect(['9', '10', String(wrap - 1n)].filter(after)).toEqual(['9', String(wrap - 1n)]);
    const before = visibleIn(`${wrap - 5n}:${wrap - 5n}:`);
    expect([String(wrap - 6n), '3'].filter(before)).toEqual([String(wrap - 6n)]);
  });
});
