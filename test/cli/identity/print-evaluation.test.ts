import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { CommandIo } from '../../../cli/command-io.ts';
import { printEvaluation } from '../../../cli/identity/print-evaluation.ts';
import type { Evaluation } from '../../../transforms/identity/measure/evaluate.ts';

const at = (bits: number, probability: number, precision: number, recall: number, isPresent = false) => ({
  ...{ bits, probability, isPresent, customers: 120, largest: 7 },
  pairsAlone: { precision: 0.75, recall: 0.25, f1: 0.375 },
  pairwise: { precision, recall, f1: (2 * precision * recall) / (precision + recall) },
  bCubed: { precision: 1, recall: 0.5, f1: 2 / 3 },
});

const evaluation: Evaluation = {
  form: 'persons',
  accounts: {
    ...{ given: 1_005, known: 1_001, notJudged: 3 },
    unknown: [{ source: 'shop', accounts: 4, examples: ['shop:x', 'shop:y', 'shop:z'] }],
  },
  pairs: { found: 1_000, true: 1_200, right: 990 },
  pairwise: { precision: 0.99, recall: 0.825, f1: 0.9 },
  customers: {
    ...{ accounts: 1_001, foundCustomers: 120, trueCustomers: 100, largestFound: 7, largestTrue: 9 },
    cluster: { precision: 0.5, recall: 0.6, f1: 6 / 11 },
    bCubed: { precision: 0.999_99, recall: 0.85, f1: 0.919 },
  },
  thresholds: [at(-3, 0.1111, 0.93, 0.9), at(1, 0.6667, 0.99, 0.825, true), at(10, 0.999, 1, 0.4)],
  missed: [
    { reason: 'never compared', pairs: 200, examples: [['crm:1', 'shop:a']] },
    { reason: 'date_of_birth', pairs: 10, examples: [] },
  ],
  wrong: Array.from({ length: 14 }, (_, place) => ({
    ...{ reason: `rule r${place}`, pairs: 20 - place },
    examples: [['crm:7', 'crm:8'] as const],
  })),
};

function printed(given: Evaluation): string {
  let text = '';
  const stdout = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk);
      done();
    },
  });
  const io: CommandIo = {
    ...{ stdout, stderr: new Writable(), environment: {}, isTerminal: false, cwd: '/', secrets: [] },
    ...{ now: () => new Date(0), endWith: () => {} },
  };
  printEvaluation(io, given);
  return text;
}

describe('an evaluation in the terminal', () => {
  const text = printed(evaluation);

  it('says what was judged, and names what the state does not know', () => {
    expect(text).toContain('1,001 accounts judged (3 others are not in the truth)');
    expect(text).toContain('no run has seen: 4: shop 4 (shop:x, shop:y, shop:z, …)');
  });

  it('has the measures, never rounded to certainty', () => {
    expect(text).toMatch(/pairs +\.9900 +\.8250 +\.9000 +990 right of 1,000 found and 1,200 true/);
    expect(text).toMatch(/B³, by account +>\.9999 +\.8500 +\.9190 +largest: 7 accounts found, 9 true/);
  });

  it('shows the trade by the cut as a table and as a curve from the worst precision to 100 %', () => {
    expect(text).toMatch(/\n +\.1111 +-3\.00 +\.9300 +\.9000/);
    expect(text).toMatch(/\n▶ \.6667 +1\.00 +\.9900 +\.8250/);
    expect(text).toMatch(/100 %┤━/);
    expect(text).toMatch(/ 90 %┤/);
    expect(text).toContain('●');
  });

  it('gives the errors by what made them, with the most common dozen and a word on the rest', () => {
    expect(text).toMatch(/never compared +200 +crm:1 \+ shop:a/);
    expect(text).toContain('cut: dates of birth contradict');
    expect(text).toContain('rule r11');
    expect(text).not.toContain('rule r12');
    expect(text).toContain('and 15 pairs of 2 other kinds');
  });

  it('of pairs alone has no word on whole customers', () => {
    const pairs = printed({ ...evaluation, form: 'pairs', customers: null });
    expect(pairs).not.toContain('B³');
    expect(pairs).not.toContain('whole customers');
  });
});
