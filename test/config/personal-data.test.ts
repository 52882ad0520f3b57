import { describe, expect, it } from '@jest/globals';
import { withoutContacts, withoutValues } from '../../config/personal-data.ts';

describe('personal data in a message', () => {
  it.each([
    ['row of ada.byron+shop@mail.example.org refused', 'row of ***@*** refused'],
    ['JÖRG@müller.example', '***@***'],
    ['call +44 20 7946 0018 now', 'call +*** now'],
    ['541909 rows in 12.5 s at 2026-11-24T02:00:07Z', '541909 rows in 12.5 s at 2026-11-24T02:00:07Z'],
    ['r_20260701T020000Z_4f1c2a', 'r_20260701T020000Z_4f1c2a'],
  ])('%s: addresses and numbers of people are blotted out', (text, kept) => {
    expect(withoutContacts(text)).toBe(kept);
  });

  it.each([
    ['row 3 has "Ada \\"the\\" Byron"', 'row 3 has "…"'],
    [
      '3 rows break it, such as {"source_key":"4711"} {"source_key":"Ada"}',
      '3 rows break it, such as "…" "…"',
    ],
    ["Could not convert string 'Ada' to INT32", 'Could not convert string "…" to INT32'],
    ['`net_amount` of shop.orders.csv', '`net_amount` of shop.orders.csv'],
  ])('%s: what is quoted of the data stays out', (message, kept) => {
    expect(withoutValues(message)).toBe(kept);
  });
});
