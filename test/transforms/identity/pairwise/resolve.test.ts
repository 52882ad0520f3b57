import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openSession } from '../../../../connectors/engines/duckdb/session.ts';
import { defaultPairwiseSettings } from '../../../../transforms/identity/pairwise/default-settings.ts';
import {
  type Resolution,
  type ResolveOptions,
  resolve,
} from '../../../../transforms/identity/pairwise/resolve.ts';
import type { PairwiseSettings } from '../../../../transforms/identity/pairwise/settings.ts';
import {
  type Account,
  familyNames,
  givenNames,
  people,
  customersOf as resolveAccounts,
} from './made-up-people.ts';

type Session = Awaited<ReturnType<typeof openSession>>;

let session: Session;

beforeAll(async () => {
  session = await openSession({ memoryLimit: '1GB', threads: 2 }, 'pairwise-test');
});

afterAll(() => session.close());

const customersOf = (
  accounts: readonly Account[],
  settings?: PairwiseSettings,
  options?: ResolveOptions,
  order?: readonly number[],
): Promise<Resolution> => resolveAccounts(session.connection, accounts, settings, options, order);

it('two accounts of one person share a customer, and no two people do', async () => {
  const accounts = people(60);
  const { clusters } = await customersOf(accounts);
  expect([...clusters]).toEqual(accounts.map((_, index) => index - (index % 2)));
});

it('the order of the rows changes nothing', async () => {
  const accounts = people(25);
  const { clusters } = await customersOf(accounts);
  const orders = fc.shuffledSubarray(
    accounts.map((_, index) => index),
    { minLength: accounts.length },
  );
  await fc.assert(
    fc.asyncProperty(orders, async (order) => {
      const shuffled = await customersOf(accounts, defaultPairwiseSettings, {}, order);
      expect([...shuffled.clusters]).toEqual([...clusters]);
    }),
    { numRuns: 3, seed: 20240101 },
  );
});

it('couples with one address, mailbox and number stay two customers each', async () => {
  const couples = Array.from({ length: 20 }, (_, index): Account[] => {
    const family = `z${familyNames[index % familyNames.length]}`;
    const household = {
      family_name: family,
      email: `family.${family}${index}@example.org`,
      street: `${7 + index} ${family} walk`,
      city: 'bonn',
      postcode: String(53_111 + index * 17),
      date_of_birth: null,
      phone: `+4922${String(8_000_000 + index * 104_729)}`,
    };
    const [one, other] = [givenNames[index % 10], givenNames[(index + 4) % 10]];
    return [one, one, other].map((given_name = '') => ({ ...household, given_name }));
  });
  const accounts = [...people(100), ...couples.flat()];
  const { clusters } = await customersOf(accounts);
  for (const [index] of couples.entries()) {
    const first = 200 + index * 3;
    expect([...clusters.slice(first, first + 3)]).toEqual([first, first, first + 2]);
  }
});

it('what a person put together or apart stays so', async () => {
  const accounts = people(30);
  const options: ResolveOptions = { mustLink: [[0, 2]], cannotLink: [[4, 5]] };
  const { clusters } = await customersOf(accounts, defaultPairwiseSettings, options);
  expect(clusters[2]).toBe(0);
  expect(clusters[5]).not.toBe(clusters[4]);
});

it('an attribute of the user takes part by settings alone', async () => {
  // Four names for forty people, so that nothing but the loyalty card tells who is who.
  const accounts = people(40).map((_, index) => ({
    given_name: givenNames[(index >> 1) % 2] ?? null,
    family_name: familyNames[(index >> 2) % 2] ?? null,
    loyalty_card: `L${100_000 + Math.floor(index / 2) * 97}`,
  }));
  const settings: PairwiseSettings = {
    ...defaultPairwiseSettings,
    attributes: [{ name: 'loyalty_card' }],
    blocking: [
      { name: 'loyalty card', key: 'loyalty_card', uses: ['loyalty_card'] },
      ...defaultPairwiseSettings.blocking,
    ],
    comparisons: [
      ...defaultPairwiseSettings.comparisons,
      {
        name: 'loyalty_card',
        attributes: ['loyalty_card'],
        missing: 'l.loyalty_card is null or r.loyalty_card is null',
        levels: [
          { name: 'equal', when: 'l.loyalty_card = r.loyalty_card', rarity: ['loyalty_card'], m: 0.95, u: 1 },
          { name: 'different', when: 'true', m: 0.05, u: 0.99 },
        ],
      },
    ],
  };
  const { clusters } = await customersOf(accounts, settings);
  expect([...clusters]).toEqual(accounts.map((_, index) => index - (index % 2)));
});

it('ten thousand accounts that share one e-mail give no block of that size and no giant customer', async () => {
  await session.connection.run(`create or replace temp table crowd as
    select i as account_number, 'given' || chr(97 + (i % 26)::integer) as given_name, 'family' || (i * 7919 % 10007)::varchar as family_name,
      'all@example.org' as email
    from range(1, 10001) as t (i)`);
  const { blocking, clusters } = await resolve(session.connection, 'crowd', defaultPairwiseSettings);
  expect(blocking.find(({ rule }) => rule === 'e-mail')).toMatchObject({
    pairs: 0,
    blocksLeftOut: 1,
    accountsLeftOut: 10_000,
  });
  const sizes = new Map<number, number>();
  for (const cluster of clusters) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
  expect(Math.max(...sizes.values())).toBeLessThan(5);
});
