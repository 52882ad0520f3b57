import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertTotalsAgree, controlChecks, isSameAmount } from '../../jobs/control-gate.ts';
import type { TotalsAsText } from '../../jobs/extracted-table.ts';

const totals = (rows: string, amount: string, keyChecksum: string | null = '6'): TotalsAsText => ({
  rows,
  sums: { amount },
  keyChecksum,
  moneyChecksum: null,
  rowChecksum: null,
});
const checksOf = (sent: TotalsAsText, arrived: TotalsAsText) =>
  controlChecks('finance.payments', { place: 'sent', totals: sent }, { place: 'landed', totals: arrived });

describe('the control totals of a table', () => {
  it('agree when rows, money and keys do, however many zeros the two sides write', () => {
    const checks = checksOf(totals('3', '10.50'), totals('3', '10.5000'));
    expect(checks.map(({ failures }) => failures)).toEqual([0, 0, 0]);
    expect(() => assertTotalsAgree(checks)).not.toThrow();
  });

  it('that differ by one cent stop the run with WC-GATE-001, both amounts and the table', () => {
    expect(() => assertTotalsAgree(checksOf(totals('3', '10.50'), totals('3', '10.51')))).toThrow(
      expect.objectContaining({
        code: 'WC-GATE-001',
        where: 'finance.payments',
        message: 'control_totals: sum of amount, sent = landed: expected 10.50, found 10.51',
      }),
    );
  });

  it('say which checksum differs: of keys, of money that is text, of every column', () => {
    const sent = { ...totals('3', '1'), moneyChecksum: '8', rowChecksum: '9' };
    const failed = (arrived: Partial<typeof sent>) =>
      checksOf(sent, { ...sent, ...arrived }).filter(({ failures }) => failures > 0);
    expect(failed({ keyChecksum: '5' })).toMatchObject([{ name: 'control_totals: keys, sent = landed' }]);
    expect(failed({ moneyChecksum: '5' })).toMatchObject([
      { name: 'control_totals: money as text, sent = landed' },
    ]);
    expect(failed({ rowChecksum: '5' })).toMatchObject([
      { name: 'control_totals: every column, sent = landed', expected: '9', found: '5' },
    ]);
  });

  it('are not compared by key where one side has none', () => {
    expect(checksOf(totals('3', '1', null), totals('3', '1', '7'))).toHaveLength(2);
  });
});

describe('two amounts', () => {
  it('are the same with any zeros before or after, and differ in any digit', () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 20n), 10n ** 20n),
        fc.nat(6),
        fc.nat(3),
        fc.nat(3),
        (digits, scale, before, after) => {
          const sign = digits < 0n ? '-' : '';
          const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
          const whole = text.slice(0, text.length - scale);
          const fraction = text.slice(text.length - scale);
          const plain = scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
          const padded = `${sign}${'0'.repeat(before)}${whole}.${fraction}${'0'.repeat(after)}`;
          expect(isSameAmount(plain, padded)).toBe(true);
          expect(isSameAmount(plain, `${sign}1${whole}.${fraction}`)).toBe(false);
        },
      ),
    );
  });

  it('zero is zero, with a sign or without; nothing is not zero', () => {
    expect(isSameAmount('-0.00', '0')).toBe(true);
    expect(isSameAmount('', '0.0')).toBe(false);
  });
});
