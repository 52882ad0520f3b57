import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { standardAttributes } from '../../../../config/identity-attributes.ts';
import { identitySettings } from '../../../../config/identity-settings.ts';
import { openSession } from '../../../../connectors/engines/duckdb/session.ts';
import { findCertainLinks } from '../../../../transforms/identity/pairwise/configured-rules.ts';
import { configuredMatching } from '../../../../transforms/identity/pairwise/configured-settings.ts';
import { defaultPairwiseSettings } from '../../../../transforms/identity/pairwise/default-settings.ts';
import { columnsOf } from '../../../../transforms/identity/pairwise/duckdb-rows.ts';
import { resolve } from '../../../../transforms/identity/pairwise/resolve.ts';
import { standardise } from '../../../../transforms/identity/pairwise/standardise.ts';

type Session = Awaited<ReturnType<typeof openSession>>;
type Account = Readonly<Record<string, string | null>>;

let session: Session;

beforeAll(async () => {
  session = await openSession({ memoryLimit: '1GB', threads: 2 }, 'configured-test');
});
afterAll(() => session.close());

const matching = (written: unknown) => configuredMatching(identitySettings.parse(written));

/** Leaves a table written (account_number from 1, the columns of the accounts). */
async function write(accounts: readonly Account[]): Promise<void> {
  const names = [...new Set(accounts.flatMap((account) => Object.keys(account)))];
  const cell = (value: string | null | undefined) =>
    value === null || value === undefined ? 'null' : `'${value.replaceAll("'", "''")}'`;
  const rows = accounts.map(
    (account, index) => `(${[index + 1, ...names.map((name) => cell(account[name]))].join(', ')})`,
  );
  await session.connection.run(
    `create or replace temp table given_accounts as
     select * from (values ${rows.join(', ')}) as t (account_number, ${names.join(', ')})`,
  );
}

const rowsOf = async (sql: string) => (await session.connection.runAndReadAll(sql)).getRowsJson();

const cardSettings = {
  attributes: { loyalty_card: { type: 'identifier' } },
  comparisons: { loyalty_card: { kind: 'identifier' } },
  blocking: [{ name: 'loyalty card', on: ['loyalty_card'] }],
};

/** Forty people of four names, each in two systems: nothing but the card tells who is who. */
const cardHolders = Array.from({ length: 80 }, (_, index) => ({
  given_name: ['anna', 'bert'][(index >> 1) % 2] ?? '',
  family_name: ['adler', 'brandt'][(index >> 2) % 2] ?? '',
  loyalty_card: `L-${100_000 + Math.floor(index / 2) * 97}${index % 2 === 0 ? '' : ' '}`,
}));

describe('matching as the config says', () => {
  it('is the shipped matching where the config says nothing', () => {
    expect(matching({})).toEqual({ pairwise: defaultPairwiseSettings, rules: [], uniqueWithin: [] });
  });

  it('finds by an attribute of the user what nothing else tells', async () => {
    await write(cardHolders);
    const { clusters, blocking } = await resolve(
      session.connection,
      'given_accounts',
      matching(cardSettings).pairwise,
    );
    expect([...clusters]).toEqual(cardHolders.map((_, index) => index - (index % 2)));
    expect(blocking.length).toBeGreaterThan(0);
  });

  it('puts the rules of the user first, replaces those of the same name and leaves out those without a key', () => {
    const { pairwise } = matching({
      ...cardSettings,
      blocking: [
        { name: 'phone', on: ['phone', 'left(given_name, 1)'], split_by: 'city' },
        { name: 'birth date', on: [] },
      ],
    });
    const [first, ...others] = pairwise.blocking;
    expect(first).toMatchObject({ name: 'phone', uses: ['name', 'phone'] });
    expect(others.map(({ name }) => name)).toEqual(
      defaultPairwiseSettings.blocking
        .map(({ name }) => name)
        .filter((name) => name !== 'phone' && name !== 'birth date'),
    );
  });

  it('leaves out a comparison and what rests on it', () => {
    const { pairwise } = matching({ comparisons: { tax_id: false } });
    expect(pairwise.comparisons.map(({ name }) => name)).not.toContain('tax_id');
    expect(pairwise.contradictions.map(({ comparison }) => comparison)).not.toContain('tax_id');
  });

  it('knows the short forms of names that the user adds', async () => {
    await write([
      { given_name: 'Zebulon', family_name: 'Adler' },
      { given_name: 'Zéb', family_name: 'Adler' },
    ]);
    const levels = async (settings: unknown) => {
      const { pairwise } = matching(settings);
      await resolve(session.connection, 'given_accounts', pairwise);
      const [level] = await rowsOf('select c0 from compared');
      return pairwise.comparisons[0]?.levels[Number(level?.[0]) - 1]?.name;
    };
    expect(await levels({ nicknames: [['Zebulon', 'Zéb']] })).toBe('nickname');
    expect(await levels({})).not.toBe('nickname');
  });

  it('turns probabilities into bits: even odds are 0, 0.8 is two bits', () => {
    const { cutBits, reviewBits } = matching({ thresholds: { accept: 0.8, review: 0.5 } });
    expect(cutBits).toBeCloseTo(2, 12);
    expect(reviewBits).toBe(0);
  });

  it('carries every column that an expression names, and no other', () => {
    const { pairwise } = matching({
      attributes: { loyalty_card: { type: 'identifier' }, unused: {} },
      placeholders: { loyalty_card: ['L000000'] },
      blocking: [{ name: 'trade', on: ['industry', 'city'] }],
      rules: [{ name: 'same_card', on: ['loyalty_card'], when: 'l.region = r.region' }],
    });
    expect(pairwise.attributes).toEqual([
      { name: 'industry', type: 'text', placeholders: [] },
      { name: 'loyalty_card', type: 'identifier', placeholders: ['L000000'] },
      { name: 'region', type: 'text', placeholders: [] },
    ]);
  });
});

describe('the attributes that expressions may name', () => {
  it('are columns of the standardised accounts', async () => {
    await write([{ given_name: 'anna' }]);
    await standardise(session.connection, 'given_accounts', { attributes: [] });
    const columns = await columnsOf(session.connection, 'plain_accounts');
    expect(Object.keys(standardAttributes).filter((name) => !columns.includes(name))).toEqual([]);
  });

  it.each([
    [
      'identifier',
      [' l-100 97', 'L10097', 'n/a', '0000000', 'L0', ''],
      ['L10097', 'L10097', null, null, null, null],
    ],
    ['text', ['  Crème--Brûlée', 'creme brulee', 'N/A', ''], ['creme brulee', 'creme brulee', null, null]],
    ['number', ['12.50', '12.5', '1e2', 'twelve'], ['12.5000', '12.5000', '100.0000', null]],
    ['date', ['2024-02-29', '20240229', '1900-01-01', '2024'], ['20240229', '20240229', null, null]],
  ] as const)('are written evenly by their type: %s', async (type, written, expected) => {
    await write(written.map((own) => ({ own })));
    await standardise(session.connection, 'given_accounts', {
      attributes: [{ name: 'own', type, placeholders: ['L-0'] }],
    });
    expect((await rowsOf('select own from plain_accounts order by node')).flat()).toEqual(expected);
  });
});

describe('a comparison of the user', () => {
  /** The level of each pair (1, 2), (3, 4) … of accounts that agree on nothing else. */
  async function levelsOf(
    settings: object,
    values: readonly (readonly [string, string])[],
  ): Promise<string[]> {
    const { pairwise } = matching(settings);
    await write(values.flat().map((own) => ({ own })));
    await resolve(session.connection, 'given_accounts', pairwise);
    const { comparisons } = pairwise;
    const [comparison] = comparisons.filter(({ name }) => name === 'own');
    const levels = await rowsOf('select c0 from compared where l % 2 = 0 and r = l + 1 order by l');
    return levels
      .flat()
      .map((level) => (level === 0 ? 'missing' : (comparison?.levels[Number(level) - 1]?.name ?? '')));
  }
  const own = (type: string, comparison: object = {}) => ({
    attributes: { own: { type } },
    comparisons: { own: comparison },
  });

  it.each([
    [
      'identifier',
      [
        ['4711-22', '471122'],
        ['471122', '417122'],
        ['471122', '47112'],
        ['471122', '998877'],
        ['471122', 'n/a'],
      ],
      ['equal', 'one step', 'one step', 'different', 'missing'],
    ],
    [
      'text',
      [
        ['Baker', 'baker'],
        ['Baker', 'Bakers'],
        ['Smith', 'Jones'],
      ],
      ['equal', 'different', 'different'],
    ],
    [
      'number',
      [
        ['100', '100.0'],
        ['100', '100.9'],
        ['100', '95'],
        ['-100', '100'],
        ['0', '0.0'],
      ],
      ['equal', 'within 1 %', 'within 10 %', 'different', 'equal'],
    ],
    [
      'date',
      [
        ['2020-02-01', '20200201'],
        ['2020-02-01', '2020-03-01'],
        ['2020-02-01', '2020-11-30'],
        ['2020-02-01', '1999-11-30'],
      ],
      ['equal', 'one character', 'same year', 'different'],
    ],
  ] as const)('has the levels of its type: %s', async (type, pairs, expected) => {
    expect(await levelsOf(own(type), pairs)).toEqual(expected);
  });

  it('of a text is by closeness where the config asks for it', async () => {
    const levels = await levelsOf(own('text', { kind: 'text' }), [
      ['Kestrel Roasters', 'kestrel roasters'],
      ['Kestrel Roasters', 'Kestrel Roaster'],
      ['Martha', 'Marhta'],
      ['Martha', 'Jonas'],
    ]);
    // Jaro-Winkler of martha and marhta is .961 (Winkler 1990).
    expect(levels).toEqual(['equal', 'very close', 'very close', 'different']);
  });

  it('may have levels of its own', async () => {
    const levels = await levelsOf(
      own('identifier', {
        levels: [
          { name: 'equal', when: 'l.own = r.own', m: 0.9, u: 1, rarity: true },
          { name: 'same series', when: 'left(l.own, 2) = left(r.own, 2) -- of one shop', m: 0.05, u: 0.1 },
          { name: 'other', m: 0.05, u: 0.9 },
        ],
      }),
      [
        ['AB1', 'ab-1'],
        ['AB1', 'AB2'],
        ['AB1', 'CD1'],
      ],
    );
    expect(levels).toEqual(['equal', 'same series', 'other']);
  });

  it('begins with the share of agreement that the config says, and the rest in proportion', () => {
    const { pairwise } = matching(own('identifier', { m: 0.5 }));
    const levels = pairwise.comparisons.find(({ name }) => name === 'own')?.levels ?? [];
    // .03 and .02 of the shipped levels share the other half: 3/5 and 2/5 of it.
    expect(levels.map(({ m }) => Number(m.toFixed(6)))).toEqual([0.5, 0.3, 0.2]);
  });
});

describe('a certain rule of the user', () => {
  const limits = { accounts: 5, names: 3, comparedAccounts: 4 };
  async function linksOf(rules: readonly object[], accounts: readonly Account[]) {
    const settings = matching({ attributes: { card: { type: 'identifier' } }, rules });
    await write(accounts);
    await standardise(session.connection, 'given_accounts', settings.pairwise);
    await session.connection.run('create or replace temp table accounts as from plain_accounts');
    const reports = await findCertainLinks(session.connection, settings.rules, limits);
    return { reports, links: await rowsOf('select l, r, rule from certain_links order by rule, l, r') };
  }
  const holders = (count: number, card: string, names = 1) =>
    Array.from({ length: count }, (_, index) => ({
      card,
      family_name: `name${String.fromCharCode(97 + (index % names))}`,
    }));

  it('links a value to its first account, so that no value gives a link for every two', async () => {
    const { links } = await linksOf(
      [{ name: 'same_card', on: ['card'] }],
      [...holders(4, 'A1'), ...holders(1, 'B2')],
    );
    expect(links).toEqual([
      [0, 1, 'same_card'],
      [0, 2, 'same_card'],
      [0, 3, 'same_card'],
    ]);
  });

  it('leaves out values that too many accounts or names share, and says so', async () => {
    const { links, reports } = await linksOf(
      [{ name: 'same_card', on: ['card'] }],
      [...holders(6, 'MANY-1'), ...holders(4, 'NAMES-1', 4)],
    );
    expect(links).toEqual([]);
    expect(reports).toEqual([{ rule: 'same_card', links: 0, groupsLeftOut: 2, accountsLeftOut: 10 }]);
  });

  it('looks at the two accounts both ways round where it has a condition', async () => {
    const accounts = [
      { card: 'A1', given_name: 'Ana', family_name: 'Lopez' },
      { card: 'a-1', given_name: 'Lopez', family_name: 'Ana' },
      { card: 'A1', given_name: 'Bo', family_name: 'Lopez' },
      { card: 'n/a', given_name: 'Ana', family_name: 'Lopez' },
      { card: 'n/a', given_name: 'Lopez', family_name: 'Ana' },
    ];
    const { links } = await linksOf(
      [
        {
          name: 'swapped',
          on: ['card'],
          when: 'l.given_name = r.family_name and l.given_name > r.given_name',
        },
        { name: 'two_keys', on: ['card', 'family_name'] },
      ],
      accounts,
    );
    expect(links).toEqual([
      [0, 1, 'swapped'],
      [1, 2, 'swapped'],
      [0, 2, 'two_keys'],
    ]);
  });
});
