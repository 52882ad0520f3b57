import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { identitySettings } from '../../../../config/identity-settings.ts';
import type { Engine } from '../../../../connectors/engines/engine.ts';
import { explainTwoAccounts } from '../../../../transforms/identity/explain/explain-pair.ts';
import { engineKinds, openOn } from '../../both-engines.ts';
import { identifyAccounts } from '../accounts-stage.ts';

const settings = identitySettings.parse({});
const givenNames = [
  'Ada',
  'Grace',
  'Alan',
  'Kurt',
  'Emmy',
  'Carl',
  'Sofia',
  'Henri',
  'Maria',
  'Paul',
  'Nina',
];
const familyNames = [
  'Byron',
  'Hopper',
  'Turing',
  'Gauss',
  'Noether',
  'Friedrich',
  'Kowalewski',
  'Weber',
  'Meyer',
];
const towns = ['London', 'Leeds', 'York', 'Bath', 'Oxford'];

/** 160 people in two systems; in the second, every third is misspelt and every fourth has moved. */
const accounts = Array.from({ length: 160 }, (_, person) => {
  const family = `${familyNames[person % 9]}${'abcdefghijklmnop'[(person >> 3) % 16]}`;
  const one = {
    source: 'crm',
    account_ref: String(person),
    given_name: givenNames[(person * 7) % 11] ?? '',
    family_name: family,
    date_of_birth: `19${40 + (person % 60)}-0${1 + (person % 9)}-1${person % 10}`,
    email: `p${person}@mail${person % 50}.example`,
    street: `${1 + person} Long Street`,
    city: towns[person % 5] ?? '',
    postcode: `AB${person % 40} ${person % 9}XY`,
  };
  const other = {
    ...one,
    source: 'shop',
    email: person % 2 === 0 ? one.email : `q${person}@other.example`,
    ...(person % 3 === 0 ? { family_name: `${family}h` } : {}),
    ...(person % 4 === 0 ? { street: `${900 - person} Short Lane`, city: 'Hull', postcode: 'HU1 1AA' } : {}),
  };
  return [one, other];
}).flat();

describe.each(engineKinds)('explaining two accounts under a learned model on %s', (kind) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openOn(kind);
    await identifyAccounts(engine, accounts);
  });
  afterAll(() => engine?.close());

  it('gives the evidence, levels and probability that the run gave the link', async () => {
    const links = await engine.query(
      `select source, account_ref, other_source, other_account_ref, evidence, levels, probability, decision
       from identity.links order by evidence desc, account_number, other_account_number`,
    );
    expect(links.length).toBeGreaterThan(100);
    for (const link of [links[0], links.at(-1)]) {
      const explained = await explainTwoAccounts(engine, settings, [
        { source: String(link?.other_source), accountRef: String(link?.other_account_ref) },
        { source: String(link?.source), accountRef: String(link?.account_ref) },
      ]);
      expect(explained.kind).toBe('learned');
      expect(explained.decision).toBe(link?.decision);
      expect(explained.evidence).toBeCloseTo(Number(link?.evidence), 2);
      expect(explained.probability).toBeCloseTo(Number(link?.probability), 4);
      const levels = explained.steps.flatMap(({ comparison, level }) =>
        level === null ? [] : [`${comparison}: ${level}`],
      );
      expect(levels.join(', ')).toBe(link?.levels);
      const sum = explained.steps.reduce(
        (bits, step) => bits + step.weight + step.rarity,
        explained.priorBits,
      );
      expect(sum + explained.relativesBits).toBeCloseTo(explained.evidence, 1);
    }
  });

  it('weighs two accounts that no blocking rule brings together, and says which rules both take part in', async () => {
    const explained = await explainTwoAccounts(engine, settings, [
      { source: 'crm', accountRef: '1' },
      { source: 'shop', accountRef: '156' },
    ]);
    expect(explained).toMatchObject({ isOneCustomer: false, decision: null, sharedBlocks: [] });
    expect(explained.differentBlocks).toContain('family name and birth date');
    expect(explained.evidence).toBeLessThan(explained.cut - 10);
    expect(explained.steps.find(({ comparison }) => comparison === 'name')).toMatchObject({
      level: 'different',
      values: [{ family_name: expect.stringMatching(/^hopper/) }, expect.anything()],
    });
  });
});
