import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type IdentityDecision, pairsDecided } from '../../../transforms/identity/decisions.ts';

const none = { must_link: [], cannot_link: [] };

it('links accounts that are one customer with the first, and keeps every two of the others apart', () => {
  const rows = pairsDecided(
    { must_link: [['crm:2', 'crm:1', 'shop:7:7']], cannot_link: [['crm:5', 'crm:6', 'erp:1']] },
    [],
  );
  expect(rows).toEqual([
    ['must_link', 'crm', '1', 'crm', '2'],
    ['must_link', 'crm', '2', 'shop', '7:7'],
    ['cannot_link', 'crm', '5', 'crm', '6'],
    ['cannot_link', 'crm', '5', 'erp', '1'],
    ['cannot_link', 'crm', '6', 'erp', '1'],
  ]);
});

it('refuses a decision of the file that denies one of the config, naming both places', () => {
  const decided: IdentityDecision[] = [
    { decision: 'cannot_link', account: 'crm:2', otherAccount: 'crm:1', where: 'decisions.csv:2' },
  ];
  expect(() => pairsDecided({ ...none, must_link: [['crm:1', 'crm:2']] }, decided)).toThrow(
    expect.objectContaining({
      code: 'WC-CONFIG-007',
      where: 'decisions.csv:2',
      message: 'crm:1 and crm:2 are cannot_link here and must_link in identity.must_link[0]',
    }),
  );
});

it('gives the same rows whatever the order of the decisions and of their sides', () => {
  const account = fc
    .tuple(fc.constantFrom('a', 'b1', 'b_c'), fc.nat(5))
    .map(([source, ref]) => `${source}:${ref}`);
  const decision = fc.tuple(account, account).filter(([one, other]) => one !== other);
  const row = ([account, otherAccount]: [string, string]): IdentityDecision => ({
    decision: 'must_link',
    account,
    otherAccount,
    where: 'decisions.csv',
  });
  fc.assert(
    fc.property(fc.array(decision, { maxLength: 12 }), (pairs) => {
      const given = pairsDecided(none, pairs.map(row));
      const turned = [...pairs].reverse().map(([one, other]): [string, string] => [other, one]);
      expect(pairsDecided(none, [...pairs, ...turned].reverse().map(row))).toEqual(given);
      expect(new Set(given.map((one) => one.join('\n'))).size).toBe(given.length);
    }),
  );
});
