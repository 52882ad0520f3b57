import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { builtInComparisons } from '../../config/identity-checks.ts';
import { knownKeys } from '../../config/json-schema.ts';
import { loadConfig } from '../../config/load-config.ts';
import { defaultPairwiseSettings } from '../../transforms/identity/pairwise/default-settings.ts';
import { type ConfigFolder, makeConfigFolder, problemsOf, shortForm } from './config-folder.ts';

let folder: ConfigFolder;
beforeAll(async () => {
  folder = await makeConfigFolder();
});
afterAll(() => folder.remove());

const sources = `sources:
  crm: { type: files, path: ., tables: { c.csv: { entity: accounts, map: { account_ref: id, loyalty_card: card } } } }
  shop: { type: files, path: ., tables: {} }
`;

/** The lines of `identity:` begin at line 5. */
async function problems(identity: string): Promise<string[]> {
  const found = await problemsOf(folder, `${sources}identity:\n${identity}`);
  return found.map(
    (problem) => `${shortForm(problem)}${problem.hint === undefined ? '' : ` (${problem.hint})`}`,
  );
}

const card = '  attributes: { loyalty_card: { type: identifier } }\n';

describe('identity as data', () => {
  it('takes an attribute with its comparison, blocking key and rule, and decisions', async () => {
    const file = await folder.write(
      'whole.yml',
      `${sources}identity:
  attributes: { loyalty_card: { type: identifier } }
  placeholders: { loyalty_card: [L000001] }
  comparisons:
    loyalty_card: { kind: identifier, m: 0.9 }
    industry: { kind: exact }
    family_name:
      levels:
        - { name: equal, when: l.family_name = r.family_name, m: 0.8, u: 1, rarity: true }
        - { name: different, m: 0.2, u: 0.99 }
    street: false
  blocking:
    - { name: loyalty card, on: [loyalty_card], split_by: "left(given_name, 1)" }
    - { name: birth date, on: [] }
  rules:
    - { name: same_card, on: [loyalty_card], when: "l.family_name = r.family_name or l.email = r.email" }
  must_link: [[crm:123, shop:7:7]]
  cannot_link: [["crm:5", "crm:6", "shop:7"]]
  decisions: { file: decisions.csv }
  unique_within: [crm]
  thresholds: { accept: 0.99, review: 0.5 }
`,
    );
    const { identity } = await loadConfig(file, {});
    expect(identity.decisions?.file).toBe(join(folder.path, 'decisions.csv'));
    expect(identity.placeholders.loyalty_card).toEqual(['L000001']);
  });

  it('refuses a mapped column that is no attribute, and suggests one that is', async () => {
    expect(await problems('  attributes: { loyalty_cart: {} }\n')).toEqual([
      'WC-CONFIG-003 2:93 unknown column `loyalty_card`: the entity accounts has none of that name (did you mean `loyalty_cart`?)',
    ]);
  });

  it('refuses an attribute whose name is taken or cannot be a column', async () => {
    expect(
      await problems('  attributes: { loyalty_card: {}, email: {}, mailbox: {}, select: {} }\n'),
    ).toEqual([
      'WC-CONFIG-007 5:35 `email` is a column that every table of accounts may have (leave it out here: `comparisons`, `blocking` and `rules` may name it)',
      'WC-CONFIG-002 5:46 `mailbox` cannot be the name of an attribute (give it another name, for example with a word before it)',
      'WC-CONFIG-002 5:59 `select` cannot be the name of an attribute (give it another name, for example with a word before it)',
    ]);
  });

  it('refuses what compares, blocks or links by an unknown attribute, each at its place', async () => {
    const found =
      await problems(`${card}  comparisons: { loyalty_crad: { kind: exact }, postcode_comparison: false }
  blocking: [{ name: card, on: [loyalty_card, citty] }]
  rules: [{ name: same, on: [loyalty_card], when: l.loyalty_card = r.lyalty_card }]
  placeholders: { card: [x] }
`);
    expect(found).toEqual([
      'WC-CONFIG-002 6:18 there is no attribute `loyalty_crad` (did you mean `loyalty_card`?)',
      expect.stringMatching(
        /^WC-CONFIG-002 6:70 there is no built-in comparison `postcode_comparison` to leave out \(known are: /,
      ),
      'WC-CONFIG-002 7:47 `identity.blocking[0].on[1]`: there is no attribute `citty` (did you mean `city`?)',
      'WC-CONFIG-002 8:51 `identity.rules[0].when`: there is no attribute `lyalty_card` (did you mean `loyalty_card`?)',
      expect.stringMatching(/^WC-CONFIG-003 9:19 there is no attribute `card`/),
    ]);
  });

  it.each([
    ['l.loyalty_card = ', 'syntax error at end of input'],
    ['l.loyalty_card = (select 1)', 'an expression is made of columns, constants and functions'],
    ['random() < 0.5', 'random() cannot be used here'],
    ['true; drop table accounts', 'an expression gives one value and reads no tables'],
    ['true from accounts', 'an expression gives one value and reads no tables'],
    ['cast(l.loyalty_card as integer) = 1', 'a cast could fail on a value, and the night with it'],
    ['loyalty_card is not null', '`loyalty_card` names no account'],
  ])('refuses the SQL `%s`: %s', async (when, message) => {
    const [problem, ...others] = await problems(
      `${card}  rules: [{ name: same, on: [loyalty_card], when: ${JSON.stringify(when)} }]\n`,
    );
    expect(problem).toContain(`WC-CONFIG-002 6:51 \`identity.rules[0].when\`: ${message}`);
    expect(others).toEqual([]);
  });

  it('refuses levels that say too much or too little', async () => {
    const found = await problems(`${card}  comparisons:
    loyalty_card:
      kind: exact
      levels:
        - { name: equal, m: 0.9, u: 0.01 }
        - { name: different, when: "true", m: 0.1, u: 0.99 }
`);
    expect(found).toEqual([
      'WC-CONFIG-007 8:7 `levels` and `kind` say the same thing twice (leave out `kind`)',
      'WC-CONFIG-005 10:11 the required key `when` is missing: only the last level has none',
      'WC-CONFIG-007 11:30 the last level takes all the rest and has no `when`',
    ]);
  });

  it('refuses decisions that name no source, deny each other or are no accounts', async () => {
    const found = await problems(`  must_link: [[crm:1, erp:2], [crm:3, shop:3]]
  cannot_link: [[crm:3, shop:4, shop:3], [crm:9, crm:9]]
  unique_within: [shpo]
`);
    // The map of the sources names a card that is no attribute here.
    expect(found.slice(1)).toEqual([
      'WC-CONFIG-002 5:23 `identity.must_link[0][1]` names `erp`, expected the name of a source (did you mean `crm`?)',
      'WC-CONFIG-007 6:17 crm:3 and shop:3 stand in `identity.must_link` too (keep one of the two decisions)',
      'WC-CONFIG-007 6:50 `crm:9` stands twice in `identity.cannot_link[1]`',
      'WC-CONFIG-002 7:19 `identity.unique_within[0]` names `shpo`, expected the name of a source (did you mean `shop`?)',
    ]);
    expect(await problems(`${card}  must_link: [[crm-1, crm:2]]\n`)).toEqual([
      'WC-CONFIG-002 6:16 `identity.must_link[0][0]` is `crm-1`, expected an account as source:account_ref, such as crm:123',
    ]);
  });

  it('refuses a name that stands twice, and a review that is not below acceptance', async () => {
    const found = await problems(`${card}  blocking: [{ name: a, on: [city] }, { name: a, on: [phone] }]
  rules: [{ name: tax_id, on: [tax_id] }]
  thresholds: { accept: 0.9, review: 0.95 }
`);
    expect(found).toEqual([
      'WC-CONFIG-007 6:47 two blocking rules are named `a`',
      'WC-CONFIG-007 7:19 the name `tax_id` is that of another rule (links say by its name which rule made them: give it one of its own)',
      'WC-CONFIG-007 8:38 `review` is 0.95, which is not below `accept` (0.9) (pairs between the two are left to a person)',
    ]);
  });

  it('knows the keys of a comparison, for completion and for a key that is misspelt', async () => {
    expect(knownKeys(['identity', 'comparisons', 'card'], {})).toEqual(['attribute', 'kind', 'm', 'levels']);
    expect(await problems(`${card}  comparisons: { loyalty_card: { knid: exact } }\n`)).toEqual([
      'WC-CONFIG-003 6:34 unknown key `knid` in `identity.comparisons.loyalty_card` (did you mean `kind`?)',
    ]);
    expect(await problems(`${card}  comparisons: { loyalty_card: { kind: excat } }\n`)).toEqual([
      'WC-CONFIG-002 6:40 `identity.comparisons.loyalty_card.kind` is `excat`, expected one of exact, identifier, text, number, date (did you mean `exact`?)',
    ]);
  });

  it('knows the built-in comparisons by the names they have', () => {
    expect([...builtInComparisons].sort()).toEqual(
      defaultPairwiseSettings.comparisons.map(({ name }) => name).sort(),
    );
  });
});
